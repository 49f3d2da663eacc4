import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { identity } from 'duo-core';
import { seededRandom } from 'duo-simulator';
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
async function collected(name: string, { count = 2500, days = 20, burst = 1 } = {}): Promise<void> {
  stage = await createStage(name, { LOOKBACK_HOURS: String(24 * (days + 1)) });
  stage.add(count, noon - days * day, noon, { burst });
  await catchUp();
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

const from = '2026-02-09';

/** What `verify --json` says, and the sums over the days. */
async function verify(flags = '', typed: Typed = {}) {
  const span = flags.includes('--from') ? '' : `--from ${from} `;
  const command = `verify ${stage.logType.name} --store s3://logs-of-prod ${span}--json --examples 9999 ${flags}`;
  const { exitCode, out, err } = await stage.duo(command.trim(), typed);
  const { days = [], examples = [] }: Said = JSON.parse(out || '{}');
  const sum = (name: string) => days.reduce((all, one) => all + Number(one[name]), 0);
  return {
    exitCode,
    err,
    days,
    examples,
    shown: sum('shown'),
    stored: sum('stored'),
    missing: sum('missing'),
    repaired: sum('repaired'),
    changed: sum('changed'),
    doubled: sum('doubled'),
    astray: sum('astray'),
    deleted: sum('deleted'),
  };
}

interface Said {
  readonly days?: Readonly<Record<string, number | string | null>>[];
  readonly examples?: { readonly is: string; readonly identity: string; readonly id: string }[];
}

const objectKeys = () => [...stage.aws.objects.keys()].filter((key) => key.includes('/logs/')).sort();

function linesAt(key: string | undefined): string[] {
  const body = stage.aws.objects.get(key ?? '') ?? '';
  return gunzipSync(Buffer.from(body, 'latin1')).toString().split('\n').slice(0, -1);
}

function put(key: string, lines: readonly string[]): void {
  const body = gzipSync(lines.map((line) => `${line}\n`).join(''));
  stage.aws.objects.set(key, body.toString('latin1'));
}

/** A record like the first one stored, that Duo publishes only now; `id` is its own. */
function publishLate(id: string): string {
  const [text = ''] = linesAt(objectKeys()[0]);
  const late = text
    .replace(/"([a-z_]*id|sekey)": ?"[^"]+"/, `"$1":"${id}"`)
    .replace(/\}$/, `, "late": "${id}"}`);
  stage.log.add(late, { publishedAt: stage.clock.now() });
  stage.clock.advance(minute);
  return late;
}

const nothing = { missing: 0, repaired: 0, changed: 0, doubled: 0, astray: 0, deleted: 0 };

/** A log of each paging style, and a few pages of it. */
const styles: readonly [name: string, count: number][] = [
  ['telephony', 2500],
  ['trust-monitor', 700],
  ['administrator', 2500],
];

describe.each(styles)('%s', (name, count) => {
  test('after chaos nothing is found; an object that is gone is told, not stored again, and comes back when asked for', async () => {
    await collectedInChaos(name, count);
    const whole = await verify();
    expect(whole).toMatchObject({ exitCode: 0, ...nothing });
    expect(whole.shown).toBe(whole.stored);
    expect(whole.shown).toBeGreaterThan(count / 3);
    const everything = stage.delivered().toSorted();
    const gone = objectKeys()[0] ?? '';
    const lost = linesAt(gone);
    stage.aws.objects.delete(gone);

    const found = await verify();
    expect(found).toMatchObject({ exitCode: 1, repaired: 0, doubled: 0 });
    expect(found.deleted).toBe(found.missing);
    expect(found.missing).toBeGreaterThan(lost.length / 2);
    const named = found.examples.map((example) => example.identity);
    const known = new Set(lost.map(identity));
    expect(named.filter((one) => !known.has(one))).toEqual([]);
    const days = found.days.filter(({ deleted }) => deleted !== 0).map((one) => String(one.day));
    const [first, last] = [days[0], days.at(-1)];
    expect(found.err).toContain(
      `npx pnpm duo backfill ${name} --store s3://logs-of-prod --local --again --from ${first} --to ${last}`,
    );

    const span = `--from ${first} --to ${last}`;
    expect(await verify(`--repair ${span}`)).toMatchObject({ exitCode: 1, repaired: 0 });
    expect(stage.reconciled().lost).toBe(lost.length);
    const again = `backfill ${name} --store s3://logs-of-prod --local --again --yes ${span}`;
    expect(await stage.duo(again)).toMatchObject({ exitCode: 0 });
    expect(await verify(span)).toMatchObject({ exitCode: 0, ...nothing });
    const delivered = new Set(stage.delivered());
    const rest = everything.filter((text) => !delivered.has(text));
    expect(rest.length).toBe(lost.length - found.missing);
    expect(stage.reconciled().doubled).toBe(0);
  }, 60_000);

  test('what was published too late for the log is named, and a repair stores it once', async () => {
    await collected(name, { count });
    const late = publishLate('late');
    const dry = await verify();
    expect(dry).toMatchObject({ exitCode: 1, ...nothing, missing: 1 });
    expect(dry.examples).toMatchObject([{ is: 'missing', identity: identity(late) }]);
    expect(stage.reconciled().lost).toBe(1);
    const to = String(dry.days.find(({ missing }) => missing === 1)?.day);
    expect(await verify(`--repair --to ${to}`)).toMatchObject({ exitCode: 0, ...nothing, repaired: 1 });
    expect(await verify(`--repair --to ${to}`)).toMatchObject({ exitCode: 0, ...nothing });
    expect(stage.reconciled()).toMatchObject({ lost: 0, doubled: 0 });
    expect(stage.receipts().filter(({ repaired }) => repaired === 1)).toHaveLength(1);
  }, 30_000);

  test('two repairs at once, with other beginnings, store nothing twice', async () => {
    await collected(name, { count });
    for (let n = 0; n < 5; n++) publishLate(`late-${n}`);
    const repairs = ['2026-02-08', '2026-02-09', '2026-02-09T18:00:00Z'].map((first) =>
      verify(`--repair --from ${first} --to 2026-02-11`),
    );
    for (const one of await Promise.all(repairs))
      expect(one).toMatchObject({ exitCode: 0, missing: 0, doubled: 0 });
    expect(stage.reconciled()).toMatchObject({ lost: 0, doubled: 0 });
  }, 30_000);
});

test('a copy is doubled, which no repair takes away', async () => {
  await collected('telephony', { count: 300 });
  const [key = ''] = objectKeys();
  const [one = ''] = linesAt(key);
  put(key.replace(/[\da-f]{32}/, 'a'.repeat(32)), [one]);
  const day = JSON.parse(one).ts.slice(0, 10);
  for (const flags of ['', `--repair --to ${day}`])
    expect(await verify(flags)).toMatchObject({
      exitCode: 1,
      ...nothing,
      doubled: 1,
      err: expect.stringContaining('1 record doubled. A repair does not remove them'),
    });
});

test('where Duo changes records, each state is a record of its own', async () => {
  await collected('trust-monitor', { count: 300 });
  const [old = ''] = linesAt(objectKeys()[0]);
  const triaged = old.replace(/"state_updated_timestamp": ?[^,]+/, `"state_updated_timestamp": ${noon}`);
  expect(triaged).not.toBe(old);
  stage.log.replace(old, triaged);
  expect(await verify()).toMatchObject({ exitCode: 1, ...nothing, missing: 1 });
  expect(await verify('--repair --to 2026-02-12')).toMatchObject({ exitCode: 0, ...nothing, repaired: 1 });
  expect(stage.delivered()).toEqual(expect.arrayContaining([old, triaged]));
  expect(await verify()).toMatchObject({ exitCode: 0, ...nothing });
});

test('where records do not change, one with another text is a finding, and is not stored again', async () => {
  await collected('telephony', { count: 300 });
  const [old = ''] = linesAt(objectKeys()[0]);
  stage.log.replace(old, old.replace(/"credits": ?\d+/, '"credits": 1, "new": null'));
  expect(await verify('--repair --to 2026-02-12')).toMatchObject({ exitCode: 1, ...nothing, changed: 1 });
  expect(stage.delivered()).toHaveLength(300);
});

test('the newest day is looked at up to where the log stores nothing more', async () => {
  await collected('telephony', { days: 2 });
  const { exitCode, out } = await stage.duo('verify telephony --store s3://logs-of-prod --from 2026-02-28');
  expect(exitCode).toBe(0);
  expect(out).toContain(
    '\n2026-03-01 was compared up to 2026-03-01T11:52:57Z: the log may still store later records.\nEverything that Duo shows of 2 days is stored, each record once.\n',
  );
});

test('a person reads what was found, day by day, without what is in it', async () => {
  await collected('telephony');
  publishLate('+15555550100');
  const command =
    'verify telephony --store s3://logs-of-prod --from 2026-02-08T18:00:00Z --to 2026-02-10T06:00:00Z';
  const { exitCode, out, err } = await stage.duo(command);
  expect({ exitCode, out }).toEqual({
    exitCode: 1,
    out: expect.stringMatching(
      /^telephony in s3:\/\/logs-of-prod\n2026-02-08 to 2026-02-10\nWhole days are compared\.\n\nDAY +SHOWN +STORED +MISSING +CHANGED +DOUBLED +ASTRAY +DELETED\n/,
    ),
  });
  expect(out).toMatch(/\n {2}missing {2}2026-02-\d\dT\S+Z {2}\+\*+00\n/);
  expect(err).toMatch(
    /1 record missing: --repair stores what is missing of closed days \(today is open\)\.\n$/,
  );
  expect(out + err).not.toMatch(/\+\d{7}/);
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('of a log that has just begun, the days before are left out, and what is missing of them is explained', async () => {
  stage = await createStage('telephony', { LOOKBACK_HOURS: '30' });
  stage.add(400, noon - 5 * day, noon);
  await catchUp();
  const { days } = JSON.parse((await stage.duo('verify telephony --store s3://logs-of-prod --json')).out);
  expect(days.map((one: Record<string, unknown>) => [one.day, one.missing])).toEqual([['2026-03-01', 0]]);
  const all = await stage.duo('verify telephony --store s3://logs-of-prod --from 2026-02-27');
  expect(all.err).toMatch(
    /\nNothing is missing since 2026-02-28T06:00:00Z, where this log begins\. \d+ records from before are not stored: the collector does not fetch them by itself, --repair does\.\n$/,
  );
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

test('a receipt that is damaged is an error that names it, and nothing is changed', async () => {
  await collected('telephony', { count: 100 });
  const key = 'logs-of-prod/receipts/telephony/2026/02/20/5.json';
  stage.aws.objects.set(key, '{}');
  const before = [...stage.aws.objects];
  expect(await verify('--from 2026-02-20 --to 2026-02-20 --repair')).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining(`s3://${key}: the receipt is damaged. Nothing was changed. Remove it`),
  });
  expect([...stage.aws.objects]).toEqual(before);
});

test.each([
  ['--from 2026-02-20 --to 2026-02-10', '--to is before --from: swap them?'],
  ['--from 2026-02-20T12:00:00Z --to 2026-02-20T11:00:00Z', '--to is before --from: swap them?'],
  [
    '--from 2026-03-05',
    '--from is after 2026-03-01, which is the last day that this can be done for: give an earlier one.',
  ],
  ['--from someday', 'Write a day (2026-11-01'],
  ['--from 2d5h', 'Write a day (2026-11-01'],
  ['--from -2d', 'Write a day (2026-11-01'],
  ['--from 2025-08-01', 'refuses requests for more than 179: give --from 2025-09-04 or later.'],
  ['--from 2026-03-01 --to 2026-03-04', '2026-03-02 is in the future: it is 2026-03-01T12:00:00Z now.'],
  [
    '--from 2026-02-27 --to 2026-03-01 --repair',
    '2026-03-01 is not closed: the log still stores records of it, until it is collected up to 2026-03-02T00:05:03Z. It is collected up to 2026-03-01T11:58:00Z. Leave out --repair, or give an earlier --to.',
  ],
  ['--from 2026-02-20 --examples some', 'Write a whole number.'],
])('days that cannot be verified are refused with a remedy: %s', async (flags, said) => {
  await collected('telephony', { count: 10 });
  const before = stage.simulator.requests.length;
  expect(await stage.duo(`verify telephony --store s3://logs-of-prod ${flags}`)).toMatchObject({
    exitCode: 2,
    out: '',
    err: expect.stringContaining(said),
  });
  expect(stage.simulator.requests.length).toBe(before);
});

test('what Duo refuses at once stands alone, without the head of a table that is not there', async () => {
  await collected('telephony', { count: 10 });
  stage.simulator.fail({ status: 403, body: { stat: 'FAIL', code: 40301, message: 'Access forbidden' } });
  expect(await stage.duo('verify telephony --store s3://logs-of-prod')).toMatchObject({
    exitCode: 1,
    out: '',
    err: expect.stringContaining('403 40301'),
  });
});

test('a store into which nothing was collected has nothing to verify', async () => {
  stage = await createStage();
  expect(await verify()).toMatchObject({
    exitCode: 2,
    err: 'This log was not collected into this store yet. Is it the right store? status shows what it has.\n',
  });
});
