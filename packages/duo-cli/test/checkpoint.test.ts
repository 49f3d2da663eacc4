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
      out: 'The scheduled runs of telephony have not saved a checkpoint in s3://logs-of-prod yet.\n',
    });
    expect(await duo('checkpoint show telephony --stage prod --json')).toMatchObject({
      out: '{"logType":"telephony","live":null}\n',
    });
  });

  test('shows the scheduled runs, and the gaps until their days were compared', async () => {
    const { add, collect, clock, duo, runReconcile } = await start();
    add(2000, noon - day, noon + day);
    await collect({});
    clock.advance(9 * hour);
    await duo('checkpoint set telephony --stage prod --watermark 2026-03-01T20:00:00Z --yes');
    await collect({});
    const { exitCode, out } = await duo('checkpoint show telephony --stage prod');
    expect(exitCode).toBe(0);
    expect(out.split('\n')).toEqual([
      'scheduled runs from 2026-02-28T12:00:00Z',
      expect.stringMatching(/^ {4}up to 2026-03-01T20:58:00Z, 2 min behind; remembers \d+ records$/),
      'Gaps not yet compared with Duo:',
      '    2026-03-01T11:58:00Z to 2026-03-01T20:00:00Z',
      '',
    ]);
    const status = async () => (await duo('status telephony --store s3://logs-of-prod')).out;
    expect(await status()).toMatch(
      / 1 {2}caught up\n(?:.*\n)? {4}gap 2026-03-01 11:58 to 2026-03-01 20:00: not compared with Duo yet\n/,
    );
    clock.advance(4 * hour);
    await collect({});
    await runReconcile();
    expect((await duo('checkpoint show telephony --stage prod')).out).not.toContain('Gaps');
    expect(await status()).not.toContain('gap ');
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
    expect(await json('--raw')).toEqual({ logType: 'telephony', live: checkpoint });
    expect(await json('--json')).toEqual({
      logType: 'telephony',
      live: { ...checkpoint, seen: Object.keys(checkpoint.seen).length, outbox: { key, bytes: 3 } },
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
    ).toBe(`The scheduled runs skip telephony of 2026-03-01T11:58:00Z to 2026-03-01T20:00:00Z, which becomes a gap. Its days bring what was logged in that span, as soon as they are closed.
Saved: the next run goes on at 2026-03-01T20:00:00Z. The old checkpoint is kept as s3://logs-of-prod/state/telephony/checkpoint-${clock.now()}.json.
`);
    expect(state(`state/telephony/checkpoint-${clock.now()}.json`)).toEqual(before);
    expect(state(live)).toMatchObject({ gaps: [[noon - 2 * minute, noon + 8 * hour]], window: null });
    const stored = delivered().length;
    const { records } = await collect({});
    expect(delivered().length - stored).toBe(records);
    const times = delivered()
      .slice(stored)
      .map((text) => Date.parse(JSON.parse(text).ts));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(noon + 8 * hour);
    expect([...aws.objects.keys()].filter((key) => key.includes('/checkpoint-'))).toHaveLength(1);
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
    clock.advance(hour);
    const before = state(live);
    expect(await duo(set('2026-03-01T12:30:00Z', ''))).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('Add --yes'),
    });
    expect(await duo(set('2026-03-01T12:30:00Z', ''), { ask: answers({}) })).toMatchObject({
      exitCode: 1,
      err: 'Nothing was changed.\n',
    });
    expect(state(live)).toEqual(before);
    const confirm = async () => (await collect({})).outcome === 'caught-up';
    const raced = await duo(set('2026-03-01T12:30:00Z', ''), { ask: { ...answers({}), confirm } });
    expect(raced).toMatchObject({
      exitCode: 1,
      err: 'A run of telephony has saved meanwhile: nothing was changed. Run this again.\n',
    });
    expect(state(live)).toMatchObject({ watermark: noon + hour - 2 * minute });
  });

  test.each([
    ['2026-02-30', "'2026-02-30' is invalid."],
    ['2026-03-01T11:58:00Z', 'The log is already collected up to 2026-03-01T11:58:00Z.'],
    ['2026-03-01T11:59:00Z', '--watermark 2026-03-01T11:58:00Z or earlier.'],
    [
      '2026-02-27',
      'a watermark only goes forward: records read again that way would be stored twice. To fetch something again, when its days are closed: npx pnpm duo backfill telephony --stage prod --again --from 2026-02-27 --to 2026-03-01',
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
    clock.advance(hour);
    const { out, err } = await duo(set('2026-03-01T12:30:00Z', ' --yes --json'));
    expect(JSON.parse(out)).toEqual({
      logType: 'telephony',
      from: '2026-03-01T11:58:00Z',
      to: '2026-03-01T12:30:00Z',
      backup: `s3://logs-of-prod/state/telephony/checkpoint-${clock.now()}.json`,
    });
    expect(err).toContain('skip telephony of');
  });
});

describe('a gap by checkpoint set', () => {
  test('is brought by its days, also what Duo publishes late of its last moments, each record once', async () => {
    const { add, log, logType, clock, collect, duo, runReconcile, delivered, reconciled } = await start();
    add(1500, noon - day, noon + day);
    await collect({});
    clock.advance(9 * hour);
    await duo(set('2026-03-01T20:00:00Z'));
    await collect({});
    const [text = ''] = delivered();
    for (const [n, ago] of [1, 500, 999, 1000, 1001, minute].entries()) {
      const late = { ...JSON.parse(text), telephony_id: `late-${n}`, ts: iso(noon + 8 * hour - ago) };
      log.add(late, { publishedAt: clock.now() + (n % 2 === 0 ? 0 : 2 * hour) });
    }
    expect(logType.name).toBe('telephony');
    for (let hours = 0; hours < 60; hours++) {
      clock.advance(hour);
      await collect({});
      await runReconcile();
    }
    expect(reconciled()).toMatchObject({ lost: 0, doubled: 0 });
  }, 30_000);

  test.each([
    ['a stage that does not reconcile', '--stage prod', '--stage prod --local'],
    ['a store alone', '--store s3://logs-of-prod', '--store s3://logs-of-prod --local'],
  ])('of %s comes with the command that brings it', async (_what, where, local) => {
    const { aws, clock, collect, duo } = await start();
    aws.schedules.clear();
    await collect({});
    clock.advance(9 * hour);
    const { out } = await duo(`checkpoint set telephony ${where} --watermark 2026-03-01T20:00:00Z --yes`);
    expect(out).toContain(
      `to collect it when the days are closed: npx pnpm duo backfill telephony ${local} --from 2026-03-01 --to 2026-03-01\n`,
    );
  });

  test('is made all the same where schedules may not be looked at', async () => {
    const { aws, clock, collect, duo } = await start();
    aws.denied.add('scheduler:GetSchedule');
    await collect({});
    clock.advance(9 * hour);
    const { exitCode, out } = await duo(set('2026-03-01T20:00:00Z'));
    expect(exitCode).toBe(0);
    expect(out).toMatch(
      /It needs scheduler:GetSchedule\. Where the log is not reconciled, to collect it .*--stage prod --local --from 2026-03-01/,
    );
  });

  const set = (to: string) => `checkpoint set telephony --stage prod --watermark ${to} --yes`;
  const iso = (ms: number) => new Date(ms).toISOString();
});

describe('checkpoint reset', () => {
  const reset = 'checkpoint reset telephony --stage prod';

  /** Two days of records, a checkpoint that is damaged then, and what is logged after that. */
  async function damaged(body = '{"version":2,') {
    const opened = await start({ LOOKBACK_HOURS: '72' });
    opened.add(1500, noon - 3 * day, noon + day);
    await opened.collect({});
    opened.aws.objects.set(`logs-of-prod/${live}`, body);
    opened.clock.advance(3 * hour);
    await expect(opened.collect({})).rejects.toThrow('duo checkpoint reset telephony');
    return opened;
  }

  test('lets a log with a damaged checkpoint go on from now; the days bring the rest, and nothing is doubled', async () => {
    const { aws, clock, collect, duo, runReconcile, delivered, reconciled } = await damaged();
    const before = delivered().length;
    const { exitCode, out } = await duo(reset, { ask: answers({ 'Save it?': true }) });
    const kept = `logs-of-prod/state/telephony/checkpoint-${clock.now()}.json`;
    expect({ exitCode, out }).toEqual({
      exitCode: 0,
      out: `s3://logs-of-prod/${live} will be replaced. The log will go on at once, from 2026-03-01T14:58:00Z; its days, once they are closed, bring what Duo has had since 2026-02-26T00:00:00Z and is not stored. Nothing is stored twice.
Saved. The old one is kept as s3://${kept}.
`,
    });
    expect(aws.objects.get(kept)).toBe('{"version":2,');
    clock.advance(5 * minute);
    expect(await collect({})).toMatchObject({ outcome: 'caught-up' });
    expect(delivered().length - before).toBeLessThan(10);
    for (let hours = 0; hours < 48; hours++) {
      clock.advance(hour);
      await collect({});
      await runReconcile();
    }
    expect(reconciled()).toMatchObject({ lost: 0, doubled: 0 });
  }, 30_000);

  test('of a log that was never collected is refused, and says that the first run begins by itself', async () => {
    const { collect, duo, state } = await start();
    expect(await duo(`${reset} --yes`)).toEqual({
      exitCode: 1,
      out: '',
      err: 's3://logs-of-prod has nothing of telephony, so there is nothing to replace: the first run begins by itself. Is it the right store? Nothing was changed.\n',
    });
    expect(state(live)).toBeNull();
    expect(await collect({})).toMatchObject({ outcome: 'caught-up' });
  });

  test('changes nothing without a yes, or when another one was faster', async () => {
    const { aws, clock, duo } = await damaged();
    const before = [...aws.objects];
    expect(await duo(reset)).toMatchObject({ exitCode: 2, err: expect.stringContaining('Add --yes') });
    expect(await duo(reset, { ask: answers({}) })).toMatchObject({
      exitCode: 1,
      err: 'Nothing was changed.\n',
    });
    expect([...aws.objects]).toEqual(before);
    const confirm = async () => {
      const { exitCode } = await duo(`${reset} --yes`);
      clock.advance(1);
      return exitCode === 0;
    };
    expect(await duo(reset, { ask: { ...answers({}), confirm } })).toMatchObject({
      exitCode: 1,
      err: 'A run of telephony has saved meanwhile: nothing was changed. Run this again.\n',
    });
  });

  test('prints JSON', async () => {
    const { clock, duo } = await damaged('{}');
    const { out, err } = await duo(`${reset} --yes --json`);
    expect(JSON.parse(out)).toEqual({
      logType: 'telephony',
      watermark: '2026-03-01T14:58:00Z',
      backup: `s3://logs-of-prod/state/telephony/checkpoint-${clock.now()}.json`,
    });
    expect(err).toContain('will be replaced');
  });
});

describe('checkpoint set --source', () => {
  const old = simulatorCredentials.apiHost;
  const host = 'api-moved000.duosecurity.com';
  const command = (flags = '') => `checkpoint set telephony --stage prod --source ${host}${flags}`;
  const moved = { DUO_API_HOST: host };

  test('lets the runs and the days go on with the new host of the account', async () => {
    const { add, clock, collect, duo, state } = await start();
    add(2000, noon - 4 * day, noon + day);
    await collect({});
    const days = '--from 2026-02-26 --to 2026-02-27';
    await duo(`backfill telephony --store s3://logs-of-prod --local ${days}`);
    const before = state(live);
    const { exitCode, out } = await duo(command(' --yes'));
    expect({ exitCode, out }).toEqual({
      exitCode: 0,
      out: `From now on, telephony is collected from ${host} instead of ${old}. It must be the same Duo account: records of another account would be skipped.
Saved, with 2 days: the next run goes on with ${host}. The old checkpoint is kept as s3://logs-of-prod/state/telephony/checkpoint-${clock.now()}.json.
`,
    });
    expect(state(live)).toMatchObject({
      ...Object(before),
      source: host,
      by: expect.stringMatching(/^set-/),
    });
    expect(state(`state/telephony/checkpoint-${clock.now()}.json`)).toEqual(before);
    for (const one of ['2026-02-26', '2026-02-27'])
      expect(state(`state/telephony/days/${one}.json`)).toMatchObject({ source: host, day: one });
    await expect(collect({})).rejects.toThrow(
      `this checkpoint belongs to ${host}, but the credentials belong to ${old}`,
    );
    expect(await duo(`verify telephony --store s3://logs-of-prod ${days}`)).toMatchObject({ exitCode: 1 });
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
    const backup = `s3://logs-of-prod/state/telephony/checkpoint-${clock.now()}.json`;
    expect(JSON.parse(out)).toEqual({ logType: 'telephony', from: old, to: host, days: 0, backup });
  });

  test.each([
    [
      "a host that is none of Duo's",
      '--source duo.example.com --yes',
      'is not a Duo API host: it must look like',
    ],
    ['a watermark beside it', `--source ${host} --watermark 2026-03-01 --yes`, 'cannot be used with'],
    ['neither', '--yes', 'Give either --watermark or --source.'],
    [
      'the host that it has',
      `--source ${old.toUpperCase()} --yes`,
      `The checkpoint already belongs to ${old}.`,
    ],
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
      'There is no s3://logs-of-prod/state/telephony.json: the first run uses the account of its credentials.',
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
      expect(err.replace(/\s+/g, ' ')).toContain(
        `duo checkpoint set telephony --store s3://logs-of-prod --source ${host}`,
      );
    }
  });
});
