import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createSimulator, findLogs, simulatorEnvironment } from 'duo-simulator';
import { eventually } from './support/eventually';
import { answers, noon, type Typed } from './support/operator';
import { createStage } from './support/stage';

const hour = 3_600_000;
const day = 24 * hour;
const at = (text: string) => Date.parse(text);

type Stage = Awaited<ReturnType<typeof createStage>>;
let stage: Stage | undefined;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

async function start(name?: string, env?: NodeJS.ProcessEnv): Promise<Stage> {
  const opened = await createStage(name, env);
  stage = opened;
  return opened;
}

test('thirty days of 100,000 records, interrupted twice while the live log is collected, are all there once', async () => {
  const { aws, clock, add, collect, duo, reconciled, state } = await start('telephony', { MAX_PAGES: '3' });
  add(100_000, at('2026-01-30T00:00:00Z'), noon + 2 * hour);
  expect(await collect({})).toMatchObject({ outcome: 'more' });
  let runs = 0;
  let stop = () => {};
  aws.functions.set('duo-telephony-prod-collect', async (event) => {
    runs += 1;
    // The function goes on when the operator does not.
    if (runs === 8 || runs === 21) stop();
    if (runs % 4 === 0) await collect({});
    return collect(event);
  });
  const command = 'backfill telephony --stage prod --from 2026-01-30 --to 2026-03-01 --parallel 2';
  const typed: Typed = {
    onInterrupt: (then) => {
      stop = then;
    },
  };

  for (const interruption of [1, 2]) {
    const { exitCode, err } = await duo(command, typed);
    expect({ interruption, exitCode, err }).toEqual({
      interruption,
      exitCode: 1,
      err: expect.stringMatching(
        /\nStopping …\nInterrupted\. Nothing is lost or stored twice: the same command goes on from here\.\n$/,
      ),
    });
  }
  const { exitCode, out, err } = await duo(command, typed);
  expect({ exitCode, last: err.trimEnd().split('\n').at(-1) }).toEqual({
    exitCode: 0,
    last: expect.stringMatching(/^100 % {2}(\d+) of \1 parts, [\d,]+ records$/),
  });
  expect(out).toContain('Earlier backfills have stored 2026-01-30T00:00:00Z to 2026-02-');
  expect(out).toContain(
    'Left out, because the scheduled runs store it (--again reads it as well): 2026-02-28T12:00:00Z to 2026-03-01T00:00:00Z.',
  );
  clock.advance(3 * hour);
  await eventually(async () => (await collect({})).outcome === 'caught-up');
  expect(reconciled()).toEqual({ published: 100_000, delivered: 100_000, lost: 0, doubled: 0 });
  expect(state('state/telephony.json')).toMatchObject({ since: noon - day, until: null, gaps: [] });

  const before = runs;
  expect(await duo(command, typed)).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(/^Earlier backfills .*\nLeft out, .*\nNothing is left to do\.\n$/),
  });
  expect(runs).toBe(before);
}, 60_000);

test('what was skipped is read, and the rest of the span is left to the scheduled runs', async () => {
  const { add, clock, collect, duo, reconciled } = await start();
  add(900, noon - day, noon + day);
  await collect({});
  clock.advance(9 * hour);
  const set = await duo('checkpoint set telephony --stage prod --watermark 2026-03-01T20:00:00Z --yes');
  expect(set).toMatchObject({ exitCode: 0, err: '' });
  await collect({});
  expect(reconciled().lost).toBe(151);
  const backfill = await duo('backfill telephony --stage prod --from 2026-03-01 --to 2026-03-01T20:30:00Z');
  expect(backfill).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(
      /^Left out, .*: 2026-03-01T00:00:00Z to 2026-03-01T11:58:00Z, 2026-03-01T20:00:00Z to 2026-03-01T20:30:00Z\.\nReads telephony of 2026-03-01T11:58:00Z to 2026-03-01T20:00:00Z, in 1 part\.\n/,
    ),
  });
  expect(reconciled()).toMatchObject({ lost: 0, doubled: 0 });
});

test('spans that overlap in any way are stored once', async () => {
  const { add, collect, duo, reconciled } = await start();
  add(3000, noon - 6 * day, noon + hour);
  await collect({});
  for (const span of [
    '--from 2026-02-24T06:00:00Z --to 2026-02-25T18:00:00Z',
    '--from 2026-02-25 --to 2026-02-27T03:00:00Z --parallel 2',
    '--from 2026-02-23 --to 2026-03-01',
  ]) {
    expect(await duo(`backfill telephony --stage prod ${span}`)).toMatchObject({
      exitCode: 0,
    });
  }
  expect(reconciled()).toMatchObject({ lost: 0, doubled: 0 });
});

test('what the scheduled runs store is stored again only where that is wanted', async () => {
  const { add, collect, duo, reconciled, delivered } = await start();
  add(200, noon - day, noon + hour);
  await collect({});
  const command = 'backfill telephony --stage prod --from 2026-03-01 --to 2026-03-01T11:00:00Z';
  expect(await duo(command)).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(/\nNothing is left to do\.\n$/),
  });
  const twice =
    'The scheduled runs store 2026-03-01T00:00:00Z to 2026-03-01T11:00:00Z as well: it is then there twice.\n';
  expect(await duo(`${command} --again`)).toMatchObject({
    exitCode: 2,
    err: `${twice}There is no terminal to ask in: add --yes if you want that.\n`,
  });
  expect(await duo(`${command} --again`, { ask: answers({ 'Go on?': false }) })).toMatchObject({
    exitCode: 1,
    err: `${twice}Nothing was read.\n`,
  });
  expect(reconciled().doubled).toBe(0);
  const before = delivered().length;
  expect(await duo(`${command} --again`, { ask: answers({ 'Go on?': true }) })).toMatchObject({
    exitCode: 0,
  });
  expect([reconciled().doubled, delivered().length - before]).toEqual([89, 89]);
});

test('before the first scheduled run, it asks', async () => {
  const { duo } = await start();
  const command = 'backfill telephony --stage prod --from 2026-02-26 --to 2026-02-27';
  expect(await duo(command)).toMatchObject({
    exitCode: 2,
    err: expect.stringMatching(/^The scheduled runs have not begun\./),
  });
  expect(await duo(`${command} --yes --json`)).toMatchObject({
    exitCode: 0,
    out: `${JSON.stringify({
      logType: 'telephony',
      span: ['2026-02-26T00:00:00Z', '2026-02-27T00:00:00Z'],
      records: 0,
      read: [['2026-02-26T00:00:00Z', '2026-02-27T00:00:00Z']],
      done: [],
      left: [],
    })}\n`,
  });
});

test('one that was begun before the first scheduled run asks before it goes on', async () => {
  const { add, collect, duo } = await start('telephony', { MAX_PAGES: '1' });
  add(5000, noon - day, noon);
  await collect({ backfill: { from: '2026-02-28T00:00:00Z', to: '2026-03-01T00:00:00Z' } });
  await collect({});
  expect(await duo('backfill telephony --stage prod --from 2026-02-28 --to 2026-03-01')).toMatchObject({
    exitCode: 2,
    err: expect.stringMatching(/^The scheduled runs store 2026-02-28T1.* to 2026-03-01T00:00:00Z as well/),
  });
});

test('several days at once are no more than --parallel', async () => {
  const { aws, collect, add, duo, reconciled } = await start();
  add(500, noon - 8 * day, noon - day);
  await collect({});
  let under = 0;
  let most = 0;
  aws.functions.set('duo-telephony-prod-collect', async (event) => {
    under += 1;
    most = Math.max(most, under);
    return collect(event).finally(() => {
      under -= 1;
    });
  });
  const command = 'backfill telephony --stage prod --from 2026-02-20 --to 2026-02-28T12:00:00Z --parallel 3';
  expect(await duo(command)).toMatchObject({ exitCode: 0 });
  expect(most).toBe(3);
  expect(reconciled()).toMatchObject({ lost: 0, doubled: 0 });
});

test.each([
  ['trust-monitor', 60],
  ['administrator', 600],
])('the %s log is not cut into days', async (name, count) => {
  const { aws, collect, add, duo, reconciled } = await start(name);
  add(count, noon - 40 * day, noon - day);
  await collect({});
  const events: unknown[] = [];
  aws.functions.set(`duo-${name}-prod-collect`, (event) => {
    events.push(event);
    return collect(event);
  });
  expect(
    await duo(`backfill ${name} --stage prod --from 2026-01-01 --to 2026-03-01 --parallel 2`),
  ).toMatchObject({
    exitCode: 0,
  });
  expect(events).toEqual([
    { backfill: { from: '2026-01-01T00:00:00.000Z', to: '2026-02-28T12:00:00.000Z' } },
  ]);
  expect(reconciled()).toMatchObject({ lost: 0, doubled: 0 });
});

describe('a function that', () => {
  const command = 'backfill telephony --stage prod --from 2026-02-26 --to 2026-02-27 --yes';
  const result = { outcome: 'caught-up', records: 7, pages: 1, behindSeconds: 0 };

  test('is throttled or overtaken is run again after a minute', async () => {
    const { aws, clock, duo } = await start();
    const outcomes = ['throttled', 'superseded', 'more', 'more', 'caught-up'];
    const times: number[] = [];
    aws.functions.set('duo-telephony-prod-collect', async () => {
      times.push((clock.now() - noon) / 60_000);
      const outcome = outcomes.shift();
      return { ...result, outcome, pages: times.length === 4 ? 0 : 1, behindSeconds: 43_200 };
    });
    const { exitCode, out, err } = await duo(command);
    expect({ exitCode, times }).toEqual({ exitCode: 0, times: [0, 1, 2, 2, 3] });
    expect(err).toBe(
      '  0 %  0 of 1 part, 0 records\n' +
        ' 50 %  0 of 1 part, 7 records\n' +
        'Duo asks to wait: going on in a minute.\n' +
        '100 %  1 of 1 part, 35 records\n',
    );
    expect(out).toMatch(/Done: 35 new records below s3:\/\/logs-of-prod\/logs\/telephony\/\.\n$/);
  });

  test('shows a bar on a terminal', async () => {
    const { aws, duo } = await start();
    aws.functions.set('duo-telephony-prod-collect', async () => result);
    const { err } = await duo(command, { columns: 50 });
    expect(err).toBe(
      `\r\u001b[K${'░'.repeat(24)}   0 %  0 of 1 part, 0 re\r\u001b[K${'█'.repeat(24)} 100 %  1 of 1 part, 7 re\r\u001b[K`,
    );
  });

  test.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'fails',
      () => Promise.reject(new TypeError('GET /admin: 403 40301. Grant it.')),
      /duo-telephony-prod-collect failed: TypeError: GET \/admin: 403 40301\. Grant it\. Nothing is lost or stored twice: the same command goes on from here\.\n$/,
    ],
    ['is another version', async () => ({ done: true }), /answered otherwise than this collector does/],
    ['answers nothing', async () => null, /answered otherwise than this collector does/],
  ])('%s is an error', async (_, run, message) => {
    const { aws, duo } = await start();
    aws.functions.set('duo-telephony-prod-collect', run);
    expect(await duo(command)).toMatchObject({ exitCode: 1, err: expect.stringMatching(message) });
  });

  test('is not deployed is an error that says so', async () => {
    const { aws, duo } = await start();
    aws.functions.clear();
    expect(await duo(command)).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(
        /duo-telephony-prod-collect in eu-west-1 cannot be run: 404 ResourceNotFoundException .*It has to be deployed/,
      ),
    });
  });
});

describe('in this process', () => {
  let root: string;
  afterEach(() => rmSync(root, { recursive: true }));
  const local = () => {
    root = mkdtempSync(join(tmpdir(), 'duo-backfill-'));
    return `backfill telephony --store ${pathToFileURL(root).href} --local --yes`;
  };

  test('it goes on where it was interrupted, and waits when Duo asks it to', async () => {
    const { add, clock, simulator, duo } = await start();
    add(13_000, noon - 3 * day, noon);
    const command = `${local()} --from 2026-02-27 --to 2026-03-01`;
    simulator.fail('throttle');
    const interrupted = await duo(command, { onInterrupt: (stop) => clock.sleep(1).then(stop) });
    expect(interrupted).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/Interrupted\. Nothing is lost/),
    });
    const { exitCode, out } = await duo(command);
    expect({ exitCode, out }).toEqual({
      exitCode: 0,
      out: expect.stringMatching(/Done: [\d,]+ new records/),
    });
    const files = readdirSync(join(root, 'state', 'telephony'));
    expect(files).toEqual([`${at('2026-02-27T00:00:00Z')}-${at('2026-03-01T00:00:00Z')}.json`]);
  });
});

test('Ctrl-C ends the process within moments, also while Duo asks to wait', async () => {
  const root = mkdtempSync(join(tmpdir(), 'duo-backfill-'));
  const simulator = createSimulator({ logs: await findLogs(join(__dirname, '../../../services')) });
  const env = simulatorEnvironment(await simulator.listen());
  simulator.fail('throttle');
  const midnight = Math.floor(Date.now() / day) * day;
  const span = [midnight - 3 * day, midnight - day].map((time) => new Date(time).toISOString());
  const args = ['backfill', 'telephony', '--local', '--yes', '--store', pathToFileURL(root).href];
  const main = join(__dirname, '../src/main.ts');
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', main, ...args, '--from', span[0] ?? '', '--to', span[1] ?? ''],
    { cwd: join(__dirname, '../../..'), env: { PATH: process.env.PATH, ...env } },
  );
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += chunk;
    if (err.endsWith('Duo asks to wait: going on in a minute.\n')) child.kill('SIGINT');
  });
  const [exitCode] = await once(child, 'close');
  expect({ exitCode, err }).toEqual({
    exitCode: 1,
    err: expect.stringMatching(/\nStopping …\nInterrupted\./),
  });
  expect(simulator.requests).toHaveLength(1);
  await simulator.close();
  rmSync(root, { recursive: true });
}, 60_000);

describe('a span', () => {
  test.each([
    ['--from yesterday --to 2026-02-27', "'yesterday' is invalid. Write a day (2026-11-01"],
    ['--from 2026-02-30 --to 2026-03-01', "'2026-02-30' is invalid."],
    ['--from 2026-02-26T00:00:00 --to 2026-02-27', 'is invalid. Write a day'],
    ['--from 2026-02-27 --to 2026-02-26', '--to 2026-02-26T00:00:00Z is not after --from: swap them?'],
    ['--from 2026-02-27 --to 2026-02-27', 'is not after --from'],
    [
      '--from 2025-09-03 --to 2026-02-26',
      'refuses to be asked for more than 179: --from 2025-09-03T12:10:00Z or later.',
    ],
    ['--from 2026-02-27 --to 2026-03-01T11:59:00Z', '--to 2026-03-01T11:58:00Z or earlier.'],
    ['--from 2026-02-26 --to 2026-02-27 --parallel 9', 'It is a number from 1 to 4.'],
  ])('%s is wrong usage', async (options, said) => {
    const { duo } = await start();
    expect(await duo(`backfill telephony --stage prod --yes ${options}`)).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining(said),
    });
  });

  test('that was begun in time goes on after Duo would refuse to begin it', async () => {
    const { aws, clock, add, collect, duo, reconciled } = await start('telephony', { MAX_PAGES: '1' });
    add(5000, at('2025-09-04T00:00:00Z'), at('2025-09-05T00:00:00Z') - 1);
    await collect({});
    let runs = 0;
    aws.functions.set('duo-telephony-prod-collect', async (event) => {
      runs += 1;
      if (runs === 3) throw new Error('No.');
      return collect(event);
    });
    const command = 'backfill telephony --stage prod --from 2025-09-04 --to 2025-09-05';
    expect(await duo(command)).toMatchObject({ exitCode: 1 });
    clock.advance(13 * hour);
    expect(await duo(command)).toMatchObject({ exitCode: 0 });
    expect(reconciled()).toMatchObject({ lost: 0, doubled: 0 });
  });

  test('that overlaps one that has begun, and is not all of it, is refused', async () => {
    const { aws, collect, add, duo } = await start('telephony', { MAX_PAGES: '1' });
    add(5000, at('2026-02-20T00:00:00Z'), at('2026-02-21T00:00:00Z'));
    await collect({});
    await collect({ backfill: { from: '2026-02-20T00:00:00Z', to: '2026-02-20T18:00:00Z' } });
    const before = new Map(aws.objects);
    expect(
      await duo('backfill telephony --stage prod --from 2026-02-20T06:00:00Z --to 2026-02-22'),
    ).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('Finish it first: --from 2026-02-20T00:00:00Z --to 2026-02-20T18:00:00Z.'),
    });
    expect(aws.objects).toEqual(before);
  });

  test('of a store alone needs --local', async () => {
    const { duo } = await start();
    const command = 'backfill telephony --store file:///tmp/none --from 2026-02-26 --to 2026-02-27';
    expect(await duo(command)).toMatchObject({ exitCode: 2, err: expect.stringContaining('add --local') });
  });
});

test('what the scheduled runs have found of a gap after all is not stored a second time', async () => {
  const { aws, clock, collect, duo, log, state, reconciled } = await start();
  const text = (id: string, time: number) =>
    JSON.stringify({
      telephony_id: id,
      ts: new Date(time).toISOString(),
      phone: '+15555550101',
      type: 'sms',
    });
  await collect({});
  clock.advance(10 * 60_000);
  // They were told of records that they were not shown, and one of those came late.
  const live = 'state/telephony.json';
  const gap = [noon - hour, clock.now() - 2 * 60_000];
  log.add(text('missed', noon - 30 * 60_000), { publishedAt: clock.now() });
  log.add(text('late', clock.now() - 4 * 60_000), { publishedAt: clock.now() });
  await collect({});
  aws.objects.set(`logs-of-prod/${live}`, JSON.stringify({ ...Object(state(live)), gaps: [gap] }));
  clock.advance(30 * 60_000);
  await collect({});
  const span = `--from ${new Date(noon - hour).toISOString()} --to ${new Date(clock.now() - 5 * 60_000).toISOString()}`;
  const { exitCode, out } = await duo(`backfill telephony --stage prod ${span}`);
  expect({ exitCode, out }).toMatchObject({
    exitCode: 0,
    out: expect.stringContaining('1 new record below'),
  });
  expect(reconciled()).toEqual({ published: 2, delivered: 2, lost: 0, doubled: 0 });
});
