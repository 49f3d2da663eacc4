import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { simulatorCredentials, simulatorEnvironment } from 'duo-simulator';
import { answers, noon } from './support/operator';
import { createStage } from './support/stage';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

type Stage = Awaited<ReturnType<typeof createStage>>;
let stage: Stage;
afterEach(() => stage.close());

async function start(env?: NodeJS.ProcessEnv): Promise<Stage> {
  stage = await createStage('telephony', env);
  return stage;
}

const live = 'state/telephony.json';

describe('checkpoint show', () => {
  test('before the first run says that there is none', async () => {
    const { duo } = await start();
    expect(await duo('checkpoint show telephony --stage prod')).toMatchObject({
      exitCode: 0,
      out: 'The scheduled runs of telephony have saved no checkpoint in s3://logs-of-prod yet.\n',
    });
    expect(await duo('checkpoint show telephony --stage prod --json')).toMatchObject({
      out: '{"logType":"telephony","live":null,"backfills":[]}\n',
    });
  });

  test('shows the scheduled runs and each backfill', async () => {
    const { add, collect, clock, duo } = await start({ MAX_PAGES: '1' });
    add(9000, noon - 2 * day, noon);
    await collect({});
    await collect({ backfill: { from: '2026-02-27T12:00:00Z', to: '2026-02-28T00:00:00Z' } });
    await collect({ backfill: { from: '2026-02-26T00:00:00Z', to: '2026-02-27T00:00:00Z' } });
    clock.advance(minute);
    await duo('checkpoint set telephony --stage prod --watermark 2026-03-01T11:30:00Z --yes');
    const { exitCode, out } = await duo('checkpoint show telephony --stage prod');
    expect(exitCode).toBe(0);
    expect(out.split('\n')).toEqual([
      'scheduled runs from 2026-02-28T12:00:00Z',
      expect.stringMatching(/^ {4}up to 2026-03-01T11:30:00Z, 31 min behind; remembers 1,000 records$/),
      'backfill of 2026-02-26T00:00:00Z to 2026-02-27T00:00:00Z: done',
      'backfill of 2026-02-27T12:00:00Z to 2026-02-28T00:00:00Z',
      expect.stringMatching(/^ {4}up to 2026-02-27T17:.*, 6 h behind; window open, page 1; remembers$/),
      '    1,000 records',
      expect.stringMatching(/^backfill of 2026-02-28T17:\d\d:\d\d.*Z to 2026-02-28T17:\d\d:\d\dZ$/),
      expect.stringMatching(/^ {4}not begun; remembers 1,000 records$/),
      'Gaps, which are not collected:',
      expect.stringMatching(/^ {4}2026-02-28T17:.* to 2026-03-01T11:30:00Z$/),
      '',
    ]);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('no longer has a gap that a backfill has collected, and neither has status', async () => {
    const { add, collect, clock, duo } = await start();
    add(2000, noon - day, noon + day);
    await collect({});
    clock.advance(9 * hour);
    const { out } = await duo('checkpoint set telephony --stage prod --watermark 2026-03-01T20:00:00Z --yes');
    await collect({});
    const gaps = async () => {
      const { out } = await duo('status telephony --store s3://logs-of-prod --json');
      return JSON.parse(out)[0].gaps;
    };
    expect(await gaps()).toEqual([{ from: '2026-03-01T11:58:00.000Z', to: '2026-03-01T20:00:00.000Z' }]);
    expect((await duo('status telephony --store s3://logs-of-prod')).out).toMatch(
      / 1 {2}caught up\n(?:.*\n)? {4}gap 2026-03-01 11:58 to 2026-03-01 20:00: not collected\n/,
    );
    const [, from = '', to = ''] = /--from (\S+) --to (\S+)/.exec(out) ?? [];
    await duo(`backfill telephony --stage prod --from ${from} --to 2026-03-01T15:00:00Z`);
    expect(await gaps()).toEqual([{ from: '2026-03-01T15:00:00.000Z', to: '2026-03-01T20:00:00.000Z' }]);
    await duo(`backfill telephony --stage prod --from ${from} --to ${to}`);
    expect(await gaps()).toEqual([]);
    expect((await duo('status telephony --store s3://logs-of-prod')).out).not.toContain('gap ');
    expect((await duo('checkpoint show telephony --stage prod')).out).not.toContain('Gaps');
  });

  test('names what a backfill is done without, which stays a gap', async () => {
    const { aws, collect, duo, state } = await start();
    await collect({});
    const gap = [noon - 5 * hour, noon - 3 * hour];
    const checkpoint = { ...Object(state(live)), gaps: [gap] };
    aws.objects.set(`logs-of-prod/${live}`, JSON.stringify(checkpoint));
    const [since = 0, until = 0] = gap;
    const backfill = { since, until, watermark: until, gaps: [[since, noon - 4 * hour]] };
    aws.objects.set(
      `logs-of-prod/state/telephony/${since}-${until}.json`,
      JSON.stringify({ ...checkpoint, ...backfill }),
    );
    expect((await duo('checkpoint show telephony --stage prod')).out).toMatch(
      /\nbackfill of .*Z\n {4}done; without 2026-03-01T07:00:00Z to 2026-03-01T08:00:00Z\nGaps, which are not collected:\n {4}2026-03-01T07:00:00Z to 2026-03-01T08:00:00Z\n$/,
    );
  });

  test('counts what is long, unless it is wanted raw', async () => {
    const { aws, add, collect, duo, state } = await start();
    add(1000, noon - 4 * hour, noon);
    await collect({});
    const key = 'logs/telephony/2026/03/01/1-2-000000-00000000000000000000000000000000.ndjson.gz';
    const outbox = { key, body: 'AAAA' };
    const checkpoint = { ...Object(state(live)), outbox };
    aws.objects.set(`logs-of-prod/${live}`, JSON.stringify(checkpoint));
    const json = async (flag: string) =>
      JSON.parse((await duo(`checkpoint show telephony --stage prod ${flag}`)).out);
    expect(await json('--raw')).toEqual({ logType: 'telephony', live: checkpoint, backfills: [] });
    expect(await json('--json')).toEqual({
      logType: 'telephony',
      live: { ...checkpoint, seen: Object.keys(checkpoint.seen).length, outbox: { key, bytes: 3 } },
      backfills: [],
    });
  });

  test('names a checkpoint that is damaged', async () => {
    const { aws, duo } = await start();
    aws.objects.set(`logs-of-prod/${live}`, '{}');
    expect(await duo('checkpoint show telephony --stage prod')).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/state\/telephony\.json: the checkpoint is damaged/),
    });
  });
});

describe('checkpoint set', () => {
  const set = (to: string, rest = ' --yes') =>
    `checkpoint set telephony --stage prod --watermark ${to}${rest}`;

  test('later skips a span, and a backup is kept', async () => {
    const { aws, add, clock, collect, duo, state, delivered } = await start();
    add(2000, noon - day, noon + day);
    await collect({});
    const before = state(live);
    clock.advance(9 * hour);
    const { exitCode, out, err } = await duo(set('2026-03-01T20:00:00.500Z', ''), {
      ask: answers({ 'Save it?': true }),
    });
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(
      out,
    ).toBe(`The scheduled runs skip telephony of 2026-03-01T11:58:00Z to 2026-03-01T20:00:00Z, which becomes a gap, and what Duo publishes late of the time before.
To collect it: npx pnpm duo backfill telephony --stage prod --from 2026-03-01T11:58:00Z --to 2026-03-01T20:00:00Z
Saved: the next run goes on at 2026-03-01T20:00:00Z. The old checkpoint is kept as s3://logs-of-prod/state/telephony.backup-${clock.now()}.json.
`);
    expect(state(`state/telephony.backup-${clock.now()}.json`)).toEqual(before);
    expect(state(live)).toMatchObject({ gaps: [[noon - 2 * minute, noon + 8 * hour]], window: null });
    const stored = delivered().length;
    const { records } = await collect({});
    expect(delivered().length - stored).toBe(records);
    const times = delivered()
      .slice(stored)
      .map((text) => Date.parse(JSON.parse(text).ts));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(noon + 8 * hour);
    expect([...aws.objects.keys()].filter((key) => key.includes('backup'))).toHaveLength(1);
  });

  test('later twice leaves nothing between the gaps', async () => {
    const { collect, clock, duo, state } = await start();
    await collect({});
    clock.advance(9 * hour);
    await duo(set('2026-03-01T18:00:00Z'));
    clock.advance(1);
    await duo(set('2026-03-01T20:00:00Z'));
    expect(state(live)).toMatchObject({
      gaps: [
        [noon - 2 * minute, noon + 6 * hour],
        [noon + 6 * hour, noon + 8 * hour],
      ],
    });
  });

  test('earlier reads a span again, and what was a gap is none any more', async () => {
    const { add, clock, collect, duo, state, reconciled, delivered } = await start();
    add(1000, noon - day, noon + day);
    await collect({});
    clock.advance(9 * hour);
    await duo(set('2026-03-01T20:00:00Z'));
    await collect({});
    const { out } = await duo(set('2026-03-01T11:00:00Z'));
    expect(out).toContain(
      'What is stored of 2026-03-01T11:00:00Z to 2026-03-01T20:53:00Z is stored a second time.\n',
    );
    expect(state(live)).toMatchObject({ gaps: [], reach: noon - hour, watermark: noon - hour });
    await collect({});
    const again = delivered().filter((text) => {
      const time = Date.parse(JSON.parse(text).ts);
      return (
        (time >= noon - hour && time <= noon - 2 * minute) ||
        (time >= noon + 8 * hour && time < noon + 8.883 * hour)
      );
    });
    const { lost, doubled } = reconciled();
    expect(lost).toBe(0);
    expect(doubled).toBeGreaterThan(10);
    expect(doubled).toBeLessThanOrEqual(again.length / 2 + 1);
  });

  test('earlier, within what a log remembers, stores nothing twice', async () => {
    const { add, collect, duo, reconciled } = await start();
    add(3000, noon - day, noon);
    await collect({});
    expect(await duo(set('2026-03-01T11:54:00Z'))).toMatchObject({
      out: expect.stringContaining('They remember what of it is stored: nothing is stored twice.'),
    });
    await collect({});
    expect(reconciled()).toMatchObject({ lost: expect.any(Number), doubled: 0 });
  });

  test('keeps an object that is not put yet', async () => {
    const { aws, collect, clock, duo, state } = await start();
    await collect({});
    const key = 'logs/telephony/2026/03/01/1-2-000000-00000000000000000000000000000000.ndjson.gz';
    const outbox = { key, body: gzipSync('{"decided":"on"}\n').toString('base64') };
    aws.objects.set(`logs-of-prod/${live}`, JSON.stringify({ ...Object(state(live)), outbox }));
    clock.advance(hour);
    await duo(set('2026-03-01T12:30:00Z'));
    expect(state(live)).toMatchObject({ outbox });
    await collect({});
    expect(aws.objects.has(`logs-of-prod/${key}`)).toBe(true);
    expect(state(live)).toMatchObject({ outbox: null });
  });

  test('changes nothing when a run has saved meanwhile, or when it is not wanted', async () => {
    const { add, clock, collect, duo, state } = await start();
    add(500, noon - day, noon + day);
    await collect({});
    const before = state(live);
    expect(await duo(set('2026-03-01T11:30:00Z', ''))).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('add --yes'),
    });
    expect(await duo(set('2026-03-01T11:30:00Z', ''), { ask: answers({}) })).toMatchObject({
      exitCode: 1,
      err: 'Nothing was changed.\n',
    });
    expect(state(live)).toEqual(before);
    clock.advance(hour);
    const confirm = async () => (await collect({})).outcome === 'caught-up';
    const raced = await duo(set('2026-03-01T11:30:00Z', ''), { ask: { ...answers({}), confirm } });
    expect(raced).toMatchObject({
      exitCode: 1,
      err: 'A run of telephony has saved meanwhile: nothing was changed. Run this again.\n',
    });
    expect(state(live)).toMatchObject({ watermark: noon + hour - 2 * minute });
  });

  test.each([
    ['2026-02-30', "'2026-02-30' is invalid."],
    ['2026-03-01T11:58:00Z', 'It is collected up to 2026-03-01T11:58:00Z already.'],
    ['2026-03-01T11:59:00Z', '--watermark 2026-03-01T11:58:00Z or earlier.'],
    ['2025-09-01', '--watermark 2025-09-03T12:10:00Z or later.'],
    [
      '2026-02-27',
      'The scheduled runs began at 2026-02-28T12:00:00Z; what was logged before, a backfill collects.',
    ],
  ])('to %s is refused', async (to, said) => {
    const { collect, duo } = await start();
    await collect({});
    expect(await duo(set(to))).toMatchObject({ exitCode: 2, err: expect.stringContaining(said) });
  });

  test('needs a checkpoint', async () => {
    const { duo } = await start();
    expect(await duo(set('2026-03-01'))).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('have not begun'),
    });
  });

  test('prints JSON', async () => {
    const { collect, clock, duo } = await start();
    await collect({});
    const { out, err } = await duo(set('2026-03-01T11:00:00Z', ' --yes --json'));
    expect(JSON.parse(out)).toEqual({
      logType: 'telephony',
      from: '2026-03-01T11:58:00Z',
      to: '2026-03-01T11:00:00Z',
      backup: `s3://logs-of-prod/state/telephony.backup-${clock.now()}.json`,
    });
    expect(err).toContain('read telephony again');
  });
});

describe('checkpoint set --source', () => {
  const old = simulatorCredentials.apiHost;
  const host = 'api-moved000.duosecurity.com';
  const command = (flags = '') => `checkpoint set telephony --stage prod --source ${host}${flags}`;
  const moved = { DUO_API_HOST: host };

  test('lets the runs and the backfills go on with the new host of the account', async () => {
    const { aws, add, clock, collect, duo, state } = await start();
    add(2000, noon - 2 * day, noon + day);
    await collect({});
    await collect({ backfill: { from: '2026-02-27T12:00:00Z', to: '2026-02-28T00:00:00Z' } });
    const before = state(live);
    const { exitCode, out } = await duo(command(' --yes'));
    expect({ exitCode, out }).toEqual({
      exitCode: 0,
      out: `From now on, telephony is collected from ${host} instead of ${old}, which has to be the same Duo account: another one's records would be skipped.
Saved: the next run goes on with ${host}. The old checkpoint is kept as s3://logs-of-prod/state/telephony.backup-${clock.now()}.json.
`,
    });
    expect(state(live)).toMatchObject({
      ...Object(before),
      source: host,
      by: expect.stringMatching(/^set-/),
    });
    expect(state(`state/telephony.backup-${clock.now()}.json`)).toEqual(before);
    const sources = [...aws.objects].flatMap(([key, body]) =>
      /telephony\/\d+-\d+\.json$/.test(key) ? [JSON.parse(body).source] : [],
    );
    expect(sources).toEqual([host]);
    await expect(collect({})).rejects.toThrow(
      `this checkpoint is of ${host}, and the credentials are of ${old}`,
    );
  });

  test('leaves alone what is prepared for a gap, which no run has had yet', async () => {
    const { aws, add, clock, collect, duo } = await start({ MAX_PAGES: '1' });
    add(9000, noon - 2 * day, noon);
    await collect({});
    clock.advance(minute);
    await duo('checkpoint set telephony --stage prod --watermark 2026-03-01T11:30:00Z --yes');
    const prepared = () => [...aws.objects].filter(([key]) => /telephony\/\d+-\d+\.json$/.test(key));
    const before = prepared();
    expect(before).toHaveLength(1);
    expect(await duo(command(' --yes'))).toMatchObject({ exitCode: 0 });
    expect(prepared()).toEqual(before);
  });

  test('asks first, and changes nothing without a yes', async () => {
    const { collect, duo, state } = await start();
    await collect({});
    const before = state(live);
    expect(await duo(command(), { ask: answers({ 'Save it?': false }) })).toMatchObject({ exitCode: 1 });
    expect(await duo(command())).toMatchObject({ exitCode: 2, err: expect.stringContaining('--yes') });
    expect(state(live)).toEqual(before);
  });

  test('says it as JSON', async () => {
    const { clock, collect, duo } = await start();
    await collect({});
    const { out } = await duo(command(' --yes --json'));
    const backup = `s3://logs-of-prod/state/telephony.backup-${clock.now()}.json`;
    expect(JSON.parse(out)).toEqual({ logType: 'telephony', from: old, to: host, backup });
  });

  test.each([
    [
      "a host that is none of Duo's",
      '--source duo.example.com --yes',
      'is no Duo API host: it must look like',
    ],
    ['a watermark beside it', `--source ${host} --watermark 2026-03-01 --yes`, 'cannot be used with'],
    ['neither', '--yes', 'Give either --watermark or --source.'],
    ['the host that it has', `--source ${old.toUpperCase()} --yes`, `The checkpoint is of ${old} already.`],
  ])('refuses %s', async (_what, flags, message) => {
    const { collect, duo } = await start();
    await collect({});
    const { exitCode, err } = await duo(`checkpoint set telephony --stage prod ${flags}`);
    expect(exitCode).toBe(2);
    expect(err.replace(/\s+/g, ' ')).toContain(message);
  });

  test('has nothing to do before the first run', async () => {
    const { duo } = await start();
    expect((await duo(command(' --yes'))).err.replace(/\s+/g, ' ')).toContain(
      'There is no s3://logs-of-prod/state/telephony.json: the first run takes the account whose credentials it has.',
    );
  });

  test('is what every command says that meets another account', async () => {
    const { aws, collect, duo } = await start();
    await collect({});
    const env = { ...aws.env, ...moved };
    for (const name of ['verify telephony --store s3://logs-of-prod --from 2026-03-01T00:00:00Z']) {
      const { exitCode, err } = await duo(name, {
        env: { ...simulatorEnvironment('http://127.0.0.1:9'), ...env },
      });
      expect(exitCode).toBe(1);
      expect(err.replace(/\s+/g, ' ')).toContain(`duo checkpoint set telephony --source ${host}`);
    }
  });
});
