import { mkdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { generate } from 'duo-simulator';
import { seeds } from './seed/seed';
import { startAws } from './support/aws';
import { answers, duo, noon } from './support/operator';
import { createUpgrade, type Leniency } from './support/upgrade';

const hour = 3_600_000;
const minute = 60_000;
type Upgrade = Awaited<ReturnType<typeof createUpgrade>>;
let upgrade: Upgrade;
afterEach(() => upgrade.close());

/** Records of the last hours, some sharing a millisecond. */
function records({ logType, samples }: Upgrade, count: number, hours: number, burst = 1): string[] {
  const [from, to] = [noon - hours * hour, noon + 2 * hour];
  return generate({ logType, samples, count, from, to, seed: 1, burst });
}

describe.each(seeds)('after %s', (_, seed) => {
  const start = async (leniency?: Leniency) => {
    upgrade = await createUpgrade(seed, leniency);
    return upgrade;
  };

  test('that had caught up, the collector goes on without a gap and without a double', async () => {
    const { log, clock, seedRun, importState, collect, reconciled } = await start();
    log.addAll(records(upgrade, 900, 22));
    expect(await seedRun()).toBe(200);
    clock.advance(hour);
    expect(await seedRun()).toBe(200);
    clock.advance(20 * minute);
    const { exitCode, out, err } = await importState();
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatch(
      /^The function stopped at 2026-03-01T12:5.*\/state\/telephony\.json goes on from there\.$/m,
    );
    expect(out).toMatch(/are known by its last object, and not stored again/);
    clock.advance(hour);
    await collect();
    expect(reconciled()).toEqual({ lost: 0, again: 0 });
  });

  test.each([1, 7])(
    'that stopped in the middle of a backlog, %i at a time, it does as well',
    async (burst) => {
      const { log, state, seedRun, importState, collect, reconciled, stored } = await start();
      log.addAll(records(upgrade, 2500, 20, burst));
      expect(await seedRun(1)).toBe(200);
      expect(await seedRun(1)).toBe(500); // Duo wants the bounds with every cursor
      expect(JSON.parse(readFileSync(state, 'utf8'))).toEqual({
        last_offset: expect.stringMatching(/^\d{13},/),
      });
      expect(stored().seed).toHaveLength(1000);
      expect(await importState()).toMatchObject({ exitCode: 0 });
      await collect();
      expect(reconciled()).toEqual({ lost: 0, again: 0 });
    },
  );

  test.each(['ts:asc', 'ts:desc'] as const)(
    'that was given cursors in the order %s, in the middle of a backlog, it does as well',
    async (order) => {
      const { log, clock, seedRun, importState, collect, reconciled, stored } = await start(order);
      log.addAll(records(upgrade, 800, 47));
      expect(await seedRun()).toBe(200); // the first day, to the end
      clock.advance(hour);
      const { logType, samples } = upgrade;
      const span = { from: noon, to: noon + hour, count: 4000, startIndex: 800, burst: 3 };
      log.addAll(generate({ logType, samples, seed: 1, ...span }));
      expect(await seedRun(2)).toBe(200);
      clock.advance(10 * minute);
      expect(await seedRun(1)).toBe(200);
      expect(stored().seed.length).toBeGreaterThan(3000);
      expect(await importState()).toMatchObject({ exitCode: 0 });
      await collect();
      const { lost, again } = reconciled();
      // What Duo had before the function's first day is not there either way; the other order has read some of it.
      expect({ lost: lost - earlier(upgrade), again }).toEqual({ lost: 0, again: 0 });
    },
  );

  test('what Duo published after it had looked is found', async () => {
    const { log, clock, seedRun, importState, collect, reconciled, stored } = await start();
    const all = records(upgrade, 900, 22);
    const late = all.filter((text) => /11:5[5-7]:/.test(text));
    log.addAll(all.filter((text) => !late.includes(text)));
    for (const text of late) log.add(text, { publishedAt: noon + minute });
    expect(late.length).toBeGreaterThan(0);
    expect(await seedRun()).toBe(200);
    clock.advance(2 * minute);
    expect(await importState()).toMatchObject({ exitCode: 0 });
    await collect();
    expect(stored().collector).toEqual(
      expect.arrayContaining(late.map((text) => JSON.stringify(JSON.parse(text)))),
    );
    expect(reconciled()).toEqual({ lost: 0, again: 0 });
  });

  test('what it stored without saving that it had is not stored again', async () => {
    const { log, clock, state, seedRun, importState, collect, reconciled } = await start();
    log.addAll(records(upgrade, 900, 22));
    await seedRun();
    const before = readFileSync(state);
    clock.advance(hour);
    await seedRun();
    writeFileSync(state, before);
    expect(await importState()).toMatchObject({ exitCode: 0 });
    await collect();
    expect(reconciled()).toEqual({ lost: 0, again: 0 });
  });

  test.each([
    ['without spaces', (text: string) => JSON.stringify(JSON.parse(text))],
    [
      'with other letters than ASCII',
      (text: string) => text.replace('"type": "', '"type": "Tür 📱 \\"a: b\\" '),
    ],
  ])('what Duo prints %s is recognised', async (_, print) => {
    const { log, clock, seedRun, importState, collect, reconciled } = await start();
    log.addAll(records(upgrade, 900, 22).map(print));
    expect(await seedRun()).toBe(200);
    expect(await importState()).toMatchObject({ exitCode: 0 });
    clock.advance(hour);
    await collect();
    expect(reconciled()).toEqual({ lost: 0, again: 0 });
  });

  test('without its objects, what it stored in the last five minutes is stored again, and it is asked for', async () => {
    const { log, clock, bucket, seedRun, importState, collect, reconciled, stored } = await start();
    log.addAll(records(upgrade, 900, 22));
    await seedRun();
    const last = Math.max(...stored().seed.map(time));
    const folder = join(bucket, 'duo-telephony');
    const elsewhere = join(bucket, 'elsewhere');
    mkdirSync(elsewhere);
    renameSync(
      join(folder, 'telephony_20260301_120000.json'),
      join(elsewhere, 'telephony_20260301_120000.json'),
    );
    const { exitCode, err } = await importState();
    expect({ exitCode, err }).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining(
        `does not have the object with the function's last record, of ${new Date(last).toISOString()}.`,
      ),
    });
    expect((await importState('--yes --no-objects')).out).toContain('stores again what');
    renameSync(
      join(elsewhere, 'telephony_20260301_120000.json'),
      join(folder, 'telephony_20260301_120000.json'),
    );
    clock.advance(hour);
    await collect();
    const again = stored().seed.filter((record) => time(record) >= last - 5 * minute).length;
    expect(again).toBeGreaterThan(0);
    expect(reconciled()).toEqual({ lost: 0, again });
  });

  test('what Duo no longer has is said, and counted as a gap by the first run', async () => {
    const { log, clock, seedRun, importState, collect, checkpoint } = await start();
    log.addAll(records(upgrade, 300, 22));
    await seedRun();
    clock.advance(200 * 24 * hour);
    const { exitCode, out } = await importState();
    expect({ exitCode, out }).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining(
        'Duo keeps 180 days: what was logged until 2026-03-22T12:00:00.000Z is gone',
      ),
    });
    await collect();
    expect(checkpoint()).toMatchObject({ gaps: [[expect.any(Number), Date.parse('2026-03-22T12:05:00Z')]] });
  });
});

/** How many records are older than the function's first run looked back, and were not stored. */
function earlier({ log, stored }: Upgrade): number {
  const { seed } = stored();
  return log
    .published()
    .filter((text) => time(text) < noon - 24 * hour && !seed.includes(JSON.stringify(JSON.parse(text))))
    .length;
}

function time(text: string): number {
  return Date.parse(/"ts": ?"([^"]+)"/.exec(text)?.[1] ?? '');
}

describe('an import', () => {
  const state = (value: unknown) => {
    mkdirSync(dirname(upgrade.state), { recursive: true });
    writeFileSync(upgrade.state, typeof value === 'string' ? value : JSON.stringify(value));
  };
  const offset = `${noon - hour},11111111-2222-4333-8444-555555555555`;
  beforeEach(async () => {
    upgrade = await createUpgrade(async () => 200);
  });

  test('begins at the last record, looks back five minutes, and has a name of its own', async () => {
    state({ last_offset: offset, last_timestamp_ms: noon - 30 * hour });
    expect(await upgrade.importState('--yes --no-objects')).toMatchObject({ exitCode: 0 });
    const since = noon - hour - 5 * minute;
    expect(upgrade.checkpoint()).toEqual({
      version: 2,
      logType: 'telephony',
      // The first run takes the account that answers.
      source: null,
      by: expect.stringMatching(/^import-[\da-f-]{36}\/1$/),
      since,
      ledger: {},
      watermark: noon - hour,
      reach: since,
      window: null,
      seen: {},
      outbox: null,
      short: 0,
      gaps: [],
    });
  });

  test('knows the last record also where `float` has lost the millisecond that the function adds', async () => {
    state({ last_offset: null, last_timestamp_ms: noon - hour });
    const line = JSON.stringify({ ts: new Date(noon - hour).toISOString() });
    writeFileSync(join(dirname(upgrade.state), 'telephony_20260301_110200.json'), line);
    expect(await upgrade.importState()).toMatchObject({ exitCode: 0, err: '' });
    expect(upgrade.checkpoint()).toMatchObject({ watermark: noon - hour - 1 });
  });

  test.each([
    ['', 'it is empty'],
    ['{', 'it is not JSON, or cut off'],
    ['[]', 'the whole is not what'],
    ['{}', 'never noted how far it got'],
    [{ last_offset: null }, 'never noted how far it got'],
    [{ last_offset: 'next-page' }, 'last_offset is not what'],
    [{ last_offset: [String(noon), 'a'] }, 'last_offset is not what'],
    [{ last_timestamp_ms: noon / 1000 }, 'last_timestamp_ms is not what'],
    [{ last_timestamp_ms: noon + 2 }, 'it says 2026-03-01T12:00:00.001Z, which is in the future'],
  ])('refuses the state %j and says what is wrong', async (value, said) => {
    state(value);
    const { exitCode, err } = await upgrade.importState('--yes --no-objects');
    expect(exitCode).toBe(1);
    expect(err).toContain(`${upgrade.state}: `);
    expect(err).toContain(said);
    expect(upgrade.checkpoint).toThrow('ENOENT');
  });

  test.each([
    ['is empty', '', 'it is empty'],
    ['is cut off', `${JSON.stringify({ ts: new Date(noon - hour).toISOString() })}\n{"ts":`, 'it is cut off'],
  ])(
    "refuses where an object of the function's %s, which would make records appear twice",
    async (_, text, said) => {
      state({ last_offset: offset });
      const object = join(dirname(upgrade.state), 'telephony_20260301_110200.json');
      writeFileSync(object, text);
      const { exitCode, err } = await upgrade.importState();
      expect([exitCode, err]).toEqual([1, expect.stringContaining(`${object}: ${said}`)]);
      expect(upgrade.checkpoint).toThrow('ENOENT');
    },
  );

  test('refuses a state that is larger than anything that is read', async () => {
    state({});
    truncateSync(upgrade.state, 256 * 1024 * 1024 + 1);
    expect(await upgrade.importState()).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining(`${upgrade.state}: it has 268435457 bytes`),
    });
    expect(upgrade.checkpoint).toThrow('ENOENT');
  });

  test('refuses where there is no state', async () => {
    expect(await upgrade.importState()).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/^There is no .*STATE_KEY/),
    });
  });

  test('refuses where there is a checkpoint, and leaves it as it is', async () => {
    state({ last_offset: offset });
    await upgrade.importState('--yes --no-objects');
    const before = upgrade.checkpoint();
    expect(await upgrade.importState('--yes --no-objects')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('/state/telephony.json exists already'),
    });
    expect(upgrade.checkpoint()).toEqual(before);
  });

  test('asks whether the function is switched off, and reads its state only then', async () => {
    const question = 'Is it switched off, and has its last run ended?';
    const no = await upgrade.importState('--no-objects', { ask: answers({}) });
    expect(no).toMatchObject({
      exitCode: 1,
      err: 'Nothing was written. Switch it off, and run this again.\n',
    });
    expect(no.out).toContain('disable its schedule');
    expect(await upgrade.importState('--no-objects')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('--yes'),
    });
    const confirm = async () => {
      state({ last_offset: offset });
      return true;
    };
    const ask = { ...answers({ [question]: true }), confirm };
    expect(await upgrade.importState('--no-objects', { ask })).toMatchObject({ exitCode: 0, err: '' });
  });

  test.each([
    ['trust-monitor --store file:///tmp/x --from s --yes', 'it only reads logs with a next_offset'],
    ['gate --store file:///tmp/x --from s --yes', 'There is no log type "gate"'],
    ['telephony --from s --yes', 'Give either --stage or --store.'],
    ['telephony --stage a --store s3://bucket --from s --yes', 'Give either --stage or --store.'],
    ['telephony --store bucket --from s --yes', '--store must be s3://bucket'],
    ['telephony --stage a', "required option '--from <state.json>' not specified"],
    ['--stage a --from s', "missing required argument 'log-type'"],
  ])('is called the wrong way with %s', async (args, said) => {
    expect(await duo(`checkpoint import ${args}`)).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining(said),
    });
  });

  describe('on S3', () => {
    const line = (ms: number) => JSON.stringify({ ts: new Date(ms).toISOString() });
    const folder = 'duo-telephony-logs/duo-telephony';
    const before = { ...process.env };
    let aws: Awaited<ReturnType<typeof startAws>>;
    beforeEach(async () => {
      aws = await startAws();
      Object.assign(process.env, aws.env);
      aws.exports.set('duo-storage-pro-BucketName', 'wrong').set('duo-storage-prod-BucketName', 'a-bucket');
    });
    afterEach(() => {
      aws.close();
      process.env = before;
    });
    const run = (flags: string) =>
      duo(`checkpoint import telephony --from s3://${folder}/state.json --yes ${flags}`);

    test("finds the stage's bucket by its export, and the function's objects beside its state", async () => {
      aws.objects
        .set(`${folder}/state.json`, JSON.stringify({ last_offset: offset }))
        .set(`${folder}/telephony_20260301_093000.json`, 'not read: it was put too long ago')
        .set(
          `${folder}/telephony_20260301_113000.json`,
          `${line(noon - 2 * hour)}\n${line(noon - hour - minute)}\n${line(noon - hour)}`,
        );
      const { exitCode, out, err } = await run('--stage prod --json');
      expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
      expect(JSON.parse(out)).toEqual({
        logType: 'telephony',
        checkpoint: 's3://a-bucket/state/telephony.json',
        watermark: '2026-03-01T11:00:00.000Z',
        since: '2026-03-01T10:55:00.000Z',
        objects: 1,
      });
      const { seen } = JSON.parse(aws.objects.get('a-bucket/state/telephony.json') ?? '');
      expect(new Set(Object.values(seen).map(String))).toEqual(
        new Set([`${noon - hour - minute},1`, `${noon - hour},1`]),
      );
    });

    test('says what to deploy where the stage has no bucket', async () => {
      expect((await run('--stage dev')).err).toMatch(
        /^There is no export duo-storage-dev-BucketName in eu-west-1\. Deploy the storage first/,
      );
    });

    test('says what to grant, and nothing that was signed', async () => {
      const denied = new Error('denied');
      const cloudFormation = mockClient(CloudFormationClient).rejects(denied);
      expect((await run('--stage prod')).err).toContain('Error denied. It needs cloudformation:ListExports');
      cloudFormation.restore();
      const s3 = mockClient(S3Client).rejects(denied);
      expect((await run('--store s3://a-bucket')).err).toContain(
        'reading s3://a-bucket/state/telephony.json: Error denied',
      );
      s3.on(GetObjectCommand, { Bucket: 'a-bucket' }).rejects(
        new NoSuchKey({ message: 'No.', $metadata: {} }),
      );
      expect((await run('--store s3://a-bucket')).err).toBe(
        's3://duo-telephony-logs/duo-telephony/ cannot be read: Error denied.\n',
      );
      s3.restore();
      expect(aws.objects.size).toBe(0);
    });
  });
});
