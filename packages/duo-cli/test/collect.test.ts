import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  createSimulator,
  fakeClock,
  findLogs,
  generate,
  type Simulator,
  simulatorEnvironment,
} from 'duo-simulator';
import { duo, noon } from './support/operator';

const hour = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), 'duo-collect-'));
const clock = fakeClock(noon);
let simulator: Simulator;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  const logs = await findLogs(join(__dirname, '../../../services'));
  simulator = createSimulator({ logs, now: clock.now });
  env = simulatorEnvironment(await simulator.listen());
  const span = { count: 1500, from: noon - 20 * hour, to: noon, seed: 1 };
  for (const { logType, samples } of logs) {
    simulator.log(logType.name).addAll(generate({ logType, samples, ...span }));
  }
});
afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true });
});

test('a run from this machine goes into a directory, and the next one goes on', async () => {
  const command = `collect telephony --to ${join(folder, 'new')}`;
  const { exitCode, out, err } = await duo(command, { env, clock });
  expect({ exitCode, err }).toEqual({
    exitCode: 0,
    err: expect.stringMatching(
      /^ {2}0 % {2}no page from Duo yet\n(?: *\d+ % .*\n)*100 % {2}1,\d\d\d records, 3 pages\n$/,
    ),
  });
  const published = simulator.log('telephony').published().length;
  expect(out).toMatch(
    new RegExp(
      `^${published.toLocaleString('en')} new records in 1 object below file:///.*/new/logs/telephony/\\.\n`,
    ),
  );
  expect(out).toMatch(/\nEverything up to 2026-03-01T11:58:00Z is there; the next run goes on from it\.\n$/);
  expect(readdirSync(join(folder, 'new')).toSorted()).toEqual(expect.arrayContaining(['logs', 'state']));
  clock.advance(hour);
  const again = await duo(`${command} --json`, { env, clock });
  expect(JSON.parse(again.out)).toMatchObject({
    logType: 'telephony',
    outcome: 'caught-up',
    behindSeconds: 120,
  });
});

test('no more is claimed than is stored: a watermark between two seconds is said as the earlier one', async () => {
  const halfPast = { ...clock, now: () => clock.now() + 600 };
  const { out } = await duo(`collect activity --to ${join(folder, 'rounded')}`, { env, clock: halfPast });
  expect(out).toMatch(/\nEverything up to 2026-03-01T12:58:00Z is there;/);
});

test('a run that ends early says so', async () => {
  const command = `collect administrator --to ${join(folder, 'early')}`;
  const { exitCode, out } = await duo(command, { env: { ...env, MAX_PAGES: '1' }, clock });
  expect(exitCode).toBe(0);
  expect(out).toMatch(/\nIt is \d+ h behind \(more\): run it again to go on\.\n$/);
});

test.each([
  ['collect telephony --to FOLDER', { DUO_IKEY: '' }, 1, 'DUO_IKEY is not set'],
  [
    'collect telephony --to FOLDER',
    { DUO_SKEY: 'wrong' },
    1,
    'compare DUO_IKEY, DUO_SKEY and DUO_API_HOST with',
  ],
  ['collect telephony --to /', {}, 2, 'cannot be used as a store'],
  ['collect telephony', {}, 2, "required option '--to <directory>' not specified"],
  ['collect gate --to FOLDER', {}, 2, 'There is no log type "gate"'],
])('%s with %o fails with what to do', async (command, changes, exitCode, said) => {
  const filledIn = command.replace('FOLDER', join(folder, 'none'));
  expect(await duo(filledIn, { env: { ...env, ...changes }, clock })).toMatchObject({
    exitCode,
    out: '',
    err: expect.stringContaining(said),
  });
});

test('a directory that cannot be one is said to be the option, not the variable of a function', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, 'not a directory');
  const link = join(folder, 'link');
  symlinkSync(join(folder, 'nowhere'), link);
  for (const [to, said] of [
    [file, 'there is a file where the store needs a directory'],
    [join(link, 'below'), 'there is a file where the store needs a directory'],
  ] as const) {
    const { exitCode, out, err } = await duo(`collect telephony --to ${to}`, { env, clock });
    expect({ exitCode, out, err }).toEqual({
      exitCode: 1,
      out: '',
      err: `${to} cannot be written to: ${said}. Let --to name another directory.\n`,
    });
    expect(err).not.toContain('STORE_URL');
  }
});

test('a terminal has one line of progress, which is gone in the end; not a line of JSON', async () => {
  const command = `collect activity --to ${join(folder, 'seen')}`;
  const { out, err } = await duo(command, { env, clock, columns: 80, screen: true });
  const lines = err.split('\r\u001b[K');
  expect(lines.at(-1)).toBe('');
  expect(lines).toContainEqual(expect.stringMatching(/^█+░+ +\d+ % {2}1,000 records, 1 page$/));
  for (const line of lines) expect(line).toMatch(/^[█░]* *(\d+ % .*)?$/);
  expect(out).not.toContain('{');
});

test('what Duo refuses for now is told where the progress is, with the wait', async () => {
  const waits = fakeClock(clock.now());
  const command = `collect offline-enrollment --to ${join(folder, 'waits')}`;
  simulator.fail('throttle');
  simulator.fail('reset');
  const { exitCode, out, err } = await duo(command, { env, clock: waits });
  expect(exitCode).toBe(0);
  expect(err).toMatch(/^Duo answered 429: waiting 1\d s \(attempt 2\)$/m);
  expect(err).toMatch(
    /^Duo: read ECONNRESET; the simulator closed the connection: waiting \d s \(2 of 5\)$/m,
  );
  expect(out + err).not.toMatch(/[{}]|GET|WARN/);
});

test('a Duo that breaks every connection off is told from one that is not there, with what to do', async () => {
  simulator.fail('reset', { times: 5 });
  const broken = await duo(`collect activity --to ${join(folder, 'broken')}`, {
    env,
    clock: fakeClock(noon),
  });
  expect(broken).toMatchObject({ exitCode: 1, out: '' });
  expect(broken.err).toMatch(/: read ECONNRESET; the simulator closed the connection\. Try again\.\n$/);
  const gone = { ...env, DUO_API_URL: 'http://127.0.0.1:9' };
  const away = await duo(`collect activity --to ${join(folder, 'away')}`, {
    env: gone,
    clock: fakeClock(noon),
  });
  expect(away.err).toMatch(
    /ECONNREFUSED .*; is the simulator running \(npx pnpm simulate\)\? Try again\.\n$/,
  );
});

test('Ctrl-C ends a run at its next page, and what has come is stored', async () => {
  const folderOfRun = join(folder, 'interrupted');
  let stop = () => {};
  let asked = 0;
  const { exitCode, err } = await duo(`collect authentication --to ${folderOfRun}`, {
    env,
    clock: {
      ...clock,
      now() {
        asked += 1;
        if (asked === 15) stop();
        return clock.now();
      },
    },
    onInterrupt: (then) => {
      stop = then;
    },
  });
  expect([exitCode, err]).toEqual([
    1,
    expect.stringMatching(
      /\nStopping … .*\n(?: *\d+ % .*\n)*Interrupted\. Everything so far is stored: give the same command again to go on\.\n$/,
    ),
  ]);
  const again = await duo(`collect authentication --to ${folderOfRun}`, { env, clock });
  expect(again).toMatchObject({ exitCode: 0, out: expect.stringContaining('Everything up to') });
});

test('a run after a reset says which days have a gap, and how to fill it', async () => {
  const to = join(folder, 'gap');
  await duo(`collect activity --to ${to}`, { env, clock });
  clock.advance(50 * hour);
  const reset = await duo(`checkpoint reset activity --store file://${to} --yes`, { env, clock });
  expect(reset).toMatchObject({ exitCode: 0, err: '' });
  const { out } = await duo(`collect activity --to ${to}`, { env, clock });
  expect(out).toMatch(
    /\nEverything up to .* is there; .*\nExcept what was skipped on days from (\S+) to (\S+)\. When these days are over, this stores it:\n.* backfill activity --store file:\/\/\S+ --local --from \1 --to \2\n$/,
  );
});
