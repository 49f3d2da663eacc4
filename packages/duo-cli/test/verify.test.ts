import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { identity } from 'duo-core';
import { findLogs, generate, seededRandom, withOddTime } from 'duo-simulator';
import { eventually } from './support/eventually';
import { noon, type Typed } from './support/operator';
import { createStage } from './support/stage';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
type Stage = Awaited<ReturnType<typeof createStage>>;
let stage: Stage;
afterEach(() => stage.close());

/** A stage whose log was collected for as long as it takes that some of it is settled. */
async function collected(name: string, { count = 2500, days = 20, burst = 1 } = {}): Promise<Stage> {
  stage = await createStage(name, { LOOKBACK_HOURS: String(24 * (days + 1)) });
  stage.add(count, noon - days * day, noon, { burst });
  await catchUp();
  return stage;
}

/** As above, and then twelve hours of runs, some two at once, that are cut off at their writes and meet faults of Duo. */
async function collectedInChaos(name: string, count: number): Promise<void> {
  stage = await createStage(name, { LOOKBACK_HOURS: String(24 * 21) });
  const { aws, clock, simulator, collect } = stage;
  stage.add(count, noon - 20 * day, noon, { burst: 3 });
  stage.add(count, noon + 1, noon + 12 * hour, { burst: 3, startIndex: 2 * count });
  const random = seededRandom(1);
  aws.chaos.refusePut = () => (random() > 0.3 ? 'never' : random() < 0.5 ? 'before' : 'after');
  let failed = 0;
  for (let run = 0; run < 72; run++) {
    const fault = faults[Math.floor(random() * 2 * faults.length)];
    if (fault !== undefined) simulator.fail(fault);
    const runs = random() < 0.3 ? [collect({}), collect({})] : [collect({})];
    failed += (await Promise.allSettled(runs)).filter(({ status }) => status === 'rejected').length;
    clock.advance(10 * minute);
  }
  expect(failed).toBeGreaterThan(20);
  aws.chaos.refusePut = () => 'never';
  clock.advance(10 * minute);
  await catchUp();
}

const faults = ['throttle', 'error', 'bad-gateway', 'not-json', 'reset', 'truncate'] as const;

async function catchUp(): Promise<void> {
  await eventually(async () => (await stage.collect({})).outcome === 'caught-up');
}

const from = new Date(noon - 20 * day).toISOString();

async function verify(flags = '', typed: Typed = {}) {
  const command = `verify ${stage.logType.name} --store s3://logs-of-prod --from ${from} --json --examples 9999 ${flags}`;
  const { exitCode, out, err } = await stage.duo(command.trim(), typed);
  return { exitCode, err, ...JSON.parse(out || '{}') };
}

function objectKeys(): string[] {
  return [...stage.aws.objects.keys()].filter((key) => key.includes('/logs/')).sort();
}

function linesAt(key: string | undefined): string[] {
  const body = stage.aws.objects.get(key ?? '') ?? '';
  return gunzipSync(Buffer.from(body, 'latin1')).toString().split('\n').slice(0, -1);
}

function put(key: string, lines: readonly string[]): void {
  const body = gzipSync(lines.map((line) => `${line}\n`).join(''));
  stage.aws.objects.set(key, body.toString('latin1'));
}

/** The name of an object of a window of the first two of the twenty days. */
function keyOf(hash: string): string {
  const since = noon - 20 * day;
  return `logs-of-prod/logs/${stage.logType.name}/2026/02/10/${since}-${since + 2 * day}-000000-${hash.repeat(32)}.ndjson.gz`;
}

const nothing = { missing: 0, doubled: 0, foreign: 0, changed: 0, pending: 0 };

/** A log of each paging style, and a few pages of it. */
const styles: readonly [name: string, count: number][] = [
  ['telephony', 2500],
  ['trust-monitor', 700],
  ['administrator', 2500],
];

describe.each(styles)('%s', (name, count) => {
  test('after chaos nothing is found; an object that is gone is named record by record and brought back once', async () => {
    await collectedInChaos(name, count);
    expect(await verify()).toMatchObject({ exitCode: 0, ...nothing, shown: 2 * count, stored: 2 * count });
    const everything = stage.delivered().toSorted();
    const gone = objectKeys()[1] ?? '';
    const lost = linesAt(gone);
    stage.aws.objects.delete(gone);

    const found = await verify();
    expect(found).toMatchObject({ exitCode: 1, ...nothing, missing: lost.length, repaired: null });
    expect(lost.length).toBeGreaterThan(1);
    const named = found.examples.missing.map((example: { identity: string }) => example.identity);
    expect(named.toSorted()).toEqual(lost.map(identity).toSorted());
    expect(found.err).toMatch(
      /missing: --repair stores them, unless objects are deleted once they are read\.\n$/,
    );
    expect(objectKeys()).not.toContain(gone);

    const repaired = await verify('--repair');
    expect(repaired).toMatchObject({ exitCode: 0, missing: lost.length });
    expect(repaired.repaired.length).toBeGreaterThan(0);
    expect(stage.delivered().toSorted()).toEqual(everything);
    const after = objectKeys();
    expect(await verify('--repair')).toMatchObject({ exitCode: 0, ...nothing, repaired: [] });
    expect(objectKeys()).toEqual(after);

    // The scheduled runs go on beside what was repaired.
    stage.clock.advance(hour);
    await catchUp();
    expect(stage.reconciled()).toMatchObject({ lost: 0, doubled: 0 });
  }, 30_000);
});

test.each(styles)(
  'of %s, records that are not where their time says are found, missed and brought back as the others are',
  async (name, count) => {
    stage = await createStage(name, { LOOKBACK_HOURS: String(24 * 21) });
    const { log, logType } = stage;
    const samples = (await findLogs(join(__dirname, '../../../services'))).find(
      (one) => one.logType.name === name,
    )?.samples;
    const texts = generate({
      logType,
      samples: samples ?? [],
      count,
      from: noon - 20 * day,
      to: noon,
      seed: 1,
    });
    for (const [n, text] of texts.entries()) {
      const filedAt = noon - 20 * day + Math.floor((n * 20 * day) / count);
      log.add(
        n % 50 === 0 ? withOddTime(text, logType, filedAt, n / 50) : text,
        n % 50 === 0 ? { filedAt } : {},
      );
    }
    await catchUp();
    expect(await verify()).toMatchObject({ exitCode: 0, ...nothing, shown: count, stored: count });
    const everything = stage.delivered().toSorted();
    const gone = objectKeys()[0] ?? '';
    const lost = linesAt(gone);
    stage.aws.objects.delete(gone);
    expect(await verify('--repair')).toMatchObject({ exitCode: 0, missing: lost.length });
    expect(await verify('--repair')).toMatchObject({ exitCode: 0, ...nothing, repaired: [] });
    expect(stage.delivered().toSorted()).toEqual(everything);
  },
  30_000,
);

test('what runs store during a verification is neither missing nor doubled', async () => {
  await collected('telephony');
  stage.add(2000, noon + 1, noon + 2 * day, { startIndex: 5000 });
  const running: Promise<unknown>[] = [];
  let requests = 0;
  stage.simulator.fail('throttle');
  const clock = {
    ...stage.clock,
    async sleep(ms: number, signal?: AbortSignal) {
      if (signal === undefined) {
        requests += 1;
        stage.clock.advance(hour);
        running.push(stage.collect({}));
        await running[0];
      }
      return stage.clock.sleep(ms, signal);
    },
  };
  const to = new Date(noon + day).toISOString();
  const { err, ...found } = await verify(`--to ${to} --repair`, { clock });
  expect(found).toMatchObject({ exitCode: 0, ...nothing, cut: true, repaired: [] });
  expect(err).toContain('429');
  expect(requests).toBe(1);
  await Promise.all(running);
  stage.clock.advance(2 * day);
  await catchUp();
  expect(stage.reconciled()).toMatchObject({ lost: 0, doubled: 0 });
});

test('an object that the checkpoint has decided on and nobody has put yet counts as stored', async () => {
  await collected('telephony');
  const key = objectKeys()[1] ?? '';
  const body = Buffer.from(stage.aws.objects.get(key) ?? '', 'latin1').toString('base64');
  const state = JSON.parse(stage.aws.objects.get('logs-of-prod/state/telephony.json') ?? '');
  const outbox = { key: key.replace('logs-of-prod/', ''), body };
  stage.aws.objects.set('logs-of-prod/state/telephony.json', JSON.stringify({ ...state, outbox }));
  expect(await verify()).toMatchObject({ exitCode: 0, ...nothing });
  stage.aws.objects.delete(key);
  expect(await verify()).toMatchObject({ exitCode: 0, ...nothing });
});

test('what is stored twice and what Duo does not show is named with its objects, and stays', async () => {
  await collected('telephony');
  const [first = ''] = objectKeys();
  const [twice = '', other = ''] = linesAt(first);
  const stranger = other.replace(/"telephony_id": ?"[^"]+"/, '"telephony_id":"not-at-duo"');
  put(keyOf('0'), [twice, stranger]);
  const { examples, err, ...found } = await verify('--repair');
  expect(found).toMatchObject({ exitCode: 1, ...nothing, doubled: 1, foreign: 1, repaired: [] });
  const inside = (key: string) => key.replace('logs-of-prod/', '');
  const doubled = { identity: identity(twice), objects: [inside(first), inside(keyOf('0'))].toSorted() };
  expect(
    examples.doubled.map((one: { objects: string[] }) => ({ ...one, objects: one.objects.toSorted() })),
  ).toMatchObject([doubled]);
  expect(examples.foreign).toMatchObject([{ id: 'not-at-duo', objects: [inside(keyOf('0'))] }]);
  expect(err).toContain(
    '1 doubled, which no repair takes away: whoever reads them has to drop the repeats. 1 foreign:',
  );
});

test('equal records count, where records have no ids', async () => {
  await collected('administrator', { count: 30 });
  const [key = ''] = objectKeys();
  const [one = '', ...rest] = linesAt(key);
  stage.log.add(one, { publishedAt: stage.clock.now() });
  stage.log.add(one, { publishedAt: stage.clock.now() });
  expect(await verify()).toMatchObject({ exitCode: 1, ...nothing, missing: 2, shown: 32, stored: 30 });
  put(key, [one, one, one, one, ...rest]);
  expect(await verify()).toMatchObject({ exitCode: 1, ...nothing, doubled: 1 });
  put(key, [one, one, one, ...rest]);
  expect(await verify()).toMatchObject({ exitCode: 0, ...nothing });
});

test('where Duo changes records, an earlier state is not foreign, and a later one is stored by a repair', async () => {
  await collected('trust-monitor', { count: 300 });
  const [old = ''] = linesAt(objectKeys()[0]);
  const triaged = old.replace(/"state_updated_timestamp": ?[^,]+/, `"state_updated_timestamp": ${noon}`);
  expect(triaged).not.toBe(old);
  stage.log.replace(old, triaged);
  const found = await verify();
  expect(found).toMatchObject({ exitCode: 1, ...nothing, missing: 1, changed: 1, mutable: true });
  expect(found.examples.changed).toMatchObject([{ identity: identity(old) }]);
  expect(await verify('--repair')).toMatchObject({ exitCode: 0, missing: 1 });
  expect(stage.delivered()).toEqual(expect.arrayContaining([old, triaged]));
  expect(await verify()).toMatchObject({ exitCode: 0, ...nothing, changed: 1 });
});

test('where records do not change, one with another text is a finding, and is not stored again', async () => {
  await collected('telephony', { count: 300 });
  const [old = ''] = linesAt(objectKeys()[0]);
  stage.log.replace(old, old.replace(/"credits": ?\d+/, '"credits": 1, "new": null'));
  expect(await verify('--repair')).toMatchObject({ exitCode: 1, ...nothing, changed: 1, repaired: [] });
});

test.each(styles)(
  '%s: where late records are still looked for, what was seen is missing, and the rest is for the next run',
  async (name, count) => {
    await collected(name, { count, days: 2 });
    const key = objectKeys().at(-1) ?? '';
    const lost = linesAt(key);
    const [copied = ''] = lost.slice(-1);
    stage.aws.objects.delete(key);
    // One more of a record that was seen once, and one that Duo has just published.
    const late = copied
      .replace(/"([a-z_]*id|sekey)": ?"[^"]+"/, '"$1":"late"')
      .replace(/\}$/, ', "late": true}');
    expect(late).not.toBe(copied);
    stage.log.add(late, { publishedAt: stage.clock.now() });
    if (name === 'administrator') stage.log.add(copied, { publishedAt: stage.clock.now() });
    const pending = name === 'administrator' ? 2 : 1;
    const flags = `--from ${new Date(noon - 2 * day).toISOString()} --repair`;
    expect(await verify(flags)).toMatchObject({ exitCode: 0, ...nothing, missing: lost.length, pending });
    expect(await verify(flags)).toMatchObject({ exitCode: 0, ...nothing, pending, repaired: [] });
    stage.clock.advance(5 * minute);
    await catchUp();
    expect(await verify(flags)).toMatchObject({ exitCode: 0, ...nothing, repaired: [] });
    expect(stage.reconciled()).toMatchObject({ lost: 0, doubled: 0 });
  },
  30_000,
);

test('a record that was published later than the collector looks for is missing, and a repair finds it', async () => {
  await collected('telephony', { count: 300 });
  const late = (linesAt(objectKeys()[0])[0] ?? '').replace(
    /"telephony_id": ?"[^"]+"/,
    '"telephony_id":"late"',
  );
  stage.log.add(late, { publishedAt: stage.clock.now() });
  stage.clock.advance(hour);
  await catchUp();
  expect(stage.reconciled()).toMatchObject({ lost: 1 });
  expect(await verify('--repair')).toMatchObject({
    exitCode: 0,
    missing: 1,
    examples: { missing: [{ id: 'late' }] },
  });
  expect(stage.reconciled()).toMatchObject({ lost: 0, doubled: 0 });
});

test('a person reads what is missing without what is in it', async () => {
  await collected('telephony');
  stage.aws.objects.delete(objectKeys()[1] ?? '');
  stage.aws.objects.set('logs-of-prod/logs/telephony/notes.txt', 'by hand');
  const { exitCode, out, err } = await stage.duo(
    `verify telephony --store s3://logs-of-prod --from ${from} --examples 1`,
  );
  expect(exitCode).toBe(1);
  expect(out).toMatch(/^telephony, 2026-02-09T12:00:00Z to 2026-03-01T11:58:00Z, in s3:\/\/logs-of-prod\n/);
  expect(out).toMatch(
    /\nmissing {2}1,000\n {2}2026-02-\S+Z {2}[\da-f-]{36}\n {2}…\ndoubled {2}0\nforeign {2}0\nchanged {2}0\n/,
  );
  expect(out).toContain('not the collector');
  expect(err).toContain('1,000 missing: --repair stores them');
  expect(out + err).not.toMatch(/\+\d{7}/);
});

test('an object that is cut off is an error that names it', async () => {
  await collected('telephony', { count: 100 });
  const [key = ''] = objectKeys();
  stage.aws.objects.set(key, (stage.aws.objects.get(key) ?? '').slice(0, 100));
  expect(await verify()).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining(`s3://${key}: it is cut off: its gzip has no end. Put its earlier version`),
  });
});

test.each([
  ['--from 2026-02-20 --to 2026-02-10', 'is not after --from'],
  ['--from yesterday', 'Write a day (2026-11-01'],
  ['--from 2025-08-01', 'refuses to be asked for more than 179: --from 2025-09-03T12:10:00Z or later.'],
  [
    '--from 2026-01-01',
    '2026-01-01T00:00:00Z to 2026-02-08T12:00:00Z was never collected. Verify the rest, or all of it after this:\nnpx pnpm duo backfill telephony --store s3://logs-of-prod --local --from 2026-01-01T00:00:00Z --to 2026-02-08T12:00:00Z\n',
  ],
  [
    '--from 2026-03-01T11:59:00Z',
    'This log is collected up to 2026-03-01T11:58:00Z: give an earlier --from.',
  ],
  ['--from 2026-02-20 --examples some', 'Write a whole number.'],
  ['', "required option '--from <time>' not specified"],
])('a span that cannot be verified is refused with a remedy: %s', async (flags, said) => {
  await collected('telephony', { count: 10 });
  expect(await stage.duo(`verify telephony --store s3://logs-of-prod ${flags}`.trim())).toMatchObject({
    exitCode: 2,
    out: '',
    err: expect.stringContaining(said),
  });
});

test('a span with a backfill that is not finished is refused, and taken when it is', async () => {
  await collected('telephony', { days: 2 });
  stage.add(500, noon - 10 * day, noon - 9 * day, { startIndex: 5000 });
  const [since, until] = [noon - 10 * day, noon - 3 * day];
  const backfill = { backfill: { from: new Date(since).toISOString(), to: new Date(until).toISOString() } };
  await stage.collect(backfill);
  const key = `logs-of-prod/state/telephony/${since}-${until}.json`;
  const done = stage.aws.objects.get(key) ?? '';
  const flags = `--store s3://logs-of-prod --from ${backfill.backfill.from} --json`;
  expect(await stage.duo(`verify telephony ${flags}`)).toMatchObject({ exitCode: 0 });
  stage.aws.objects.set(key, JSON.stringify({ ...JSON.parse(done), watermark: since + hour }));
  expect(await stage.duo(`verify telephony ${flags} --repair`)).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining(
      'is not finished. Finish it, or verify a span without it:\nnpx pnpm duo backfill telephony --store s3://logs-of-prod --local --from 2026-02-19T12:00:00Z --to 2026-02-26T12:00:00Z\n',
    ),
  });
});

test('a store into which nothing was collected has nothing to verify', async () => {
  stage = await createStage();
  expect(await verify()).toMatchObject({
    exitCode: 2,
    err: 'Nothing of this log was collected into this store yet. Is it the right one (status shows what it has)?\n',
  });
});
