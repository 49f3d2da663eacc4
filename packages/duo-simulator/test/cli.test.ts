import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { readCliOptions } from '../src/cli/options';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts the command as `tsx` would; `said` grows with what it prints. */
function simulate(...args: string[]) {
  const cli = join(__dirname, '../src/cli/main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', cli, ...args], {
    cwd: join(__dirname, '../../..'),
  });
  children.push(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.err += chunk;
  });
  return { child, said, exit: once(child, 'close') };
}

test('the command serves every log, says so, and stops with 0 when it is told to', async () => {
  const { child, said, exit } = simulate(
    '--port',
    '0',
    '--records',
    '40',
    '--hours',
    '1',
    '--fault-rate',
    '0',
  );
  while (!said.out.includes('DUO_API_URL=')) await once(child.stdout, 'data');
  const url = /DUO_API_URL=(\S+)/.exec(said.out)?.[1] ?? '';
  expect(said.out).toMatch(/^telephony: 40 records, \d+ of them published so far$/m);
  expect(said.out).toContain(`${url}/simulator/telephony.ndjson`);

  const records = await (await fetch(`${url}/simulator/telephony.ndjson`)).text();
  expect(records.trimEnd().split('\n').length).toBeGreaterThan(10);
  await fetch(`${url}/admin/v2/logs/telephony?limit=5&next_offset=1,a`);
  while (!said.out.includes('->')) await once(child.stdout, 'data');
  expect(said.out).toMatch(
    /^\d\d:\d\d:\d\d GET \/admin\/v2\/logs\/telephony limit=5 next_offset -> 401, 40101$/m,
  );

  await fetch(`${url}/admin/v2/logs/telephony?limit=%1b]0;x%07%c2%9b2J%e2%80%ae`);
  while (!said.out.includes('2J')) await once(child.stdout, 'data');
  expect(said.out).toContain('limit=\\u001b]0;x\\u0007\\u009b2J\\u202e');
  expect(said.out).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);

  child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
  expect(said.err).toBe('');
}, 60_000);

test('the command has more accounts where they are asked for, and says how a collector knows them', async () => {
  const { child, said } = simulate('--port', '0', '--records', '4', '--accounts', '2');
  while (!said.out.includes('DUO_ACCOUNTS=')) await once(child.stdout, 'data');
  const url = /DUO_API_URL=(\S+)/.exec(said.out)?.[1] ?? '';
  expect(JSON.parse(/DUO_ACCOUNTS='(.*)'/.exec(said.out)?.[1] ?? '')).toEqual({
    'account-1': {
      apiHost: 'api-account-1.duosecurity.com',
      ikey: expect.any(String),
      skey: expect.any(String),
    },
    'account-2': { apiHost: 'api-account-2.duosecurity.com', accountId: 'DA000000000000000001' },
  });
  const other = await (await fetch(`${url}/simulator/account-2/telephony.ndjson`)).text();
  expect(other).not.toBe(await (await fetch(`${url}/simulator/telephony.ndjson`)).text());
}, 60_000);

test('the command lets a 429 among its faults ask for a time, and says so', async () => {
  const { child, said } = simulate(
    '--port',
    '0',
    '--records',
    '1',
    '--fault-rate',
    '1',
    '--retry-after',
    '5',
  );
  while (!said.out.includes('DUO_API_URL=')) await once(child.stdout, 'data');
  const url = /DUO_API_URL=(\S+)/.exec(said.out)?.[1] ?? '';
  let throttled: Response | undefined;
  while (throttled === undefined) {
    const answer = await fetch(`${url}/admin/v2/logs/telephony`).catch(() => undefined);
    if (answer?.status === 429) throttled = answer;
    else await answer?.text().catch(() => '');
  }
  expect(throttled.headers.get('retry-after')).toBe('5');
  while (!said.out.includes('429')) await once(child.stdout, 'data');
  expect(said.out).toMatch(/ -> 429, 42901, fault: throttle, Retry-After: 5$/m);
}, 60_000);

test('a bad option is one sentence and exit code 2', async () => {
  const { said, exit } = simulate('--fault-rate', '2');
  expect(await exit).toEqual([2, null]);
  expect(said).toEqual({ out: '', err: '--fault-rate must not be "2"; see --help.\n' });
}, 60_000);

test('a taken port is one sentence and exit code 1', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { said, exit } = simulate('--port', String(port), '--records', '1');
  expect(await exit).toEqual([1, null]);
  expect(said.err).toMatch(
    /^Port \d+ is taken; choose another with --port, or --port 0 for any free one\.\n$/,
  );
  other.close();
}, 60_000);

test('options have defaults', () => {
  expect(readCliOptions([])).toEqual({
    accounts: 0,
    help: false,
    port: 8765,
    records: 5000,
    hours: 24,
    seed: 1,
    'fault-rate': 0,
  });
});

test.each([
  [['--port', '65536'], '--port must not be "65536"; see --help.'],
  [['--records', 'many'], '--records must not be "many"; see --help.'],
  [['--hours', '0'], '--hours must not be "0"; see --help.'],
  [['--seed', '1.5'], '--seed must not be "1.5"; see --help.'],
  [['--ending', 'happy'], '--ending must not be "happy"; see --help.'],
  [['--retry-after', 'a\nb'], '--retry-after must not be "a\nb"; see --help.'],
  [['--colour', 'red'], `Unknown option '--colour'; see --help.`],
  [['--port'], `Option '--port <value>' argument missing; see --help.`],
  [['--port', '-1'], `Option '--port' argument is ambiguous; see --help.`],
])('%j is refused with one sentence', (args, sentence) => {
  expect(readCliOptions(args)).toBe(sentence);
});
