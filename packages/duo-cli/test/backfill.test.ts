import { afterEach, describe, expect, test } from '@jest/globals';
import { seededRandom } from 'duo-simulator';
import { eventually } from './support/eventually';
import { answers, noon, type Typed } from './support/operator';
import { createStage } from './support/stage';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
type Stage = Awaited<ReturnType<typeof createStage>>;
let stage: Stage;
afterEach(() => stage.close());

/** A stage whose log begins on the last of some days of records. */
async function begun(name = 'telephony', { count = 2000, days = 12, limit = 100 } = {}): Promise<Stage> {
  stage = await createStage(name, {}, limit);
  stage.add(count, noon - days * day, noon + day);
  await stage.collect({});
  return stage;
}

const local = '--store s3://logs-of-prod --local';
const backfill = (flags: string, typed?: Typed) =>
  stage.duo(`backfill ${stage.logType.name} ${flags}`, typed);
const wanted = () => Object(stage.state(`state/${stage.logType.name}/wanted.json`));
const objects = () => [...stage.aws.objects.keys()].filter((key) => key.includes('/logs/'));

/** Of the records of the days from the first to the last, how many are stored other than once. */
function wrong(first: string, last: string): number {
  const isOf = (text: string) => {
    const of = new Date(Date.parse(JSON.parse(text).ts ?? JSON.parse(text).timestamp)).toISOString();
    return of.slice(0, 10) >= first && of.slice(0, 10) <= last;
  };
  const copies = new Map<string, number>();
  for (const text of stage.log.published().filter(isOf)) copies.set(text, (copies.get(text) ?? 0) + 1);
  for (const text of stage.delivered().filter(isOf)) copies.set(text, (copies.get(text) ?? 0) - 1);
  return [...copies.values()].filter((count) => count !== 0).length;
}

/** A clock on which, after so many seconds of waiting, something happens, time after time. */
function clockWith(...story: (() => unknown)[]) {
  let seconds = 0;
  return {
    ...stage.clock,
    async sleep(ms: number) {
      stage.clock.advance(ms);
      seconds += 1;
      if (seconds % 20 === 0) await story.shift()?.();
    },
  };
}

describe('--local', () => {
  test('stores what Duo has of the days, beside what the log has, and says how much', async () => {
    await begun();
    const { exitCode, out } = await backfill(`${local} --from 2026-02-18`);
    expect(exitCode).toBe(0);
    expect(out).toMatch(
      /^Done: 1,\d\d\d new records of 11 days below s3:\/\/logs-of-prod\/logs\/telephony\/\.\n$/,
    );
    expect(wrong('2026-02-18', '2026-03-01')).toBe(0);
    expect(stage.reconciled().doubled).toBe(0);
    expect(await backfill(`${local} --from 2026-02-18`)).toMatchObject({
      exitCode: 0,
      out: 'Left as they are, because they were compared less than a day ago (verify --repair compares them again, --again also stores what was deleted): 2026-02-18 to 2026-02-28.\nDone: 0 new records of 0 days below s3://logs-of-prod/logs/telephony/.\n',
    });
    stage.clock.advance(day + minute);
    expect(await backfill(`${local} --from 2026-02-18 --to 2026-02-28`)).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^Done: 0 new records of 11 days/),
    });
    expect(stage.reconciled().doubled).toBe(0);
  });

  test.each(
    Array.from({ length: 8 }, (_, n) => n).flatMap((n) => [[n, 'before'] as const, [n, 'after'] as const]),
  )('whose put %d is refused %s it took effect is made good by the same command', async (n, moment) => {
    await begun('telephony', { count: 400 });
    let puts = 0;
    stage.aws.chaos.refusePut = () => (puts++ === n ? moment : 'never');
    const command = `${local} --from 2026-02-24 --to 2026-02-25`;
    expect(await backfill(command)).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(
        /AccessDenied.*Nothing is lost or stored twice: give the same command again to go on from here\.\n$/s,
      ),
    });
    stage.aws.chaos.refusePut = () => 'never';
    expect(await backfill(command)).toMatchObject({ exitCode: 0 });
    expect(wrong('2026-02-24', '2026-02-25')).toBe(0);
    expect(stage.reconciled().doubled).toBe(0);
  });

  test('two at once that overlap, and the function beside them, store nothing twice', async () => {
    await begun();
    const [one, other] = await Promise.all([
      backfill(`${local} --from 2026-02-20 --to 2026-02-27`),
      backfill(`${local} --from 2026-02-24T12:00:00Z --to 2026-02-26T12:00:00Z`),
      stage.runReconcile(),
    ]);
    expect([one.exitCode, other.exitCode]).toEqual([0, 0]);
    expect(other.out).toContain('Whole days are read: 2026-02-24 to 2026-02-26.\n');
    expect(wrong('2026-02-20', '2026-02-27')).toBe(0);
    expect(stage.reconciled().doubled).toBe(0);
  });

  test.each(['administrator', 'trust-monitor', 'activity'])(
    'of %s, interrupted at random, ends with each record once',
    async (name) => {
      await begun(name, { count: 600, days: 30 });
      const random = seededRandom(3);
      stage.aws.chaos.refusePut = () => (random() > 0.4 ? 'never' : random() < 0.5 ? 'before' : 'after');
      const flags = `${local} --from 2026-02-01 --to 2026-02-20`;
      await eventually(async () => (await backfill(flags)).exitCode === 0);
      stage.aws.chaos.refusePut = () => 'never';
      expect(stage.reconciled().doubled).toBe(0);
      expect(await backfill(`${flags} --json`)).toMatchObject({ exitCode: 0 });
      const verified = await stage.duo(
        `verify ${name} --store s3://logs-of-prod --from 2026-02-01 --to 2026-02-20`,
      );
      expect(verified).toMatchObject({ exitCode: 0 });
    },
    60_000,
  );

  test('stops at Ctrl-C, and goes on with the same command', async () => {
    await begun();
    let asked = 0;
    let stop = () => {};
    const typed: Typed = {
      clock: {
        ...stage.clock,
        now() {
          asked += 1;
          if (asked === 40) stop();
          return stage.clock.now();
        },
      },
      onInterrupt: (then) => {
        stop = then;
      },
    };
    const command = `${local} --from 2026-02-18 --to 2026-02-27`;
    expect(await backfill(command, typed)).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(
        /\nStopping … .*\n(?: *\d+ % .*\n)?Interrupted\. Nothing is lost or stored twice: give the same command again to go on from here\.\n$/,
      ),
    });
    expect(stage.receipts().length).toBeGreaterThan(0);
    expect(stage.receipts().length).toBeLessThan(10);
    expect(await backfill(command)).toMatchObject({ exitCode: 0 });
    expect(stage.receipts()).toHaveLength(10);
    expect(wrong('2026-02-18', '2026-02-27')).toBe(0);
  });

  test('waits where Duo asks to, and goes on', async () => {
    await begun();
    stage.simulator.fail('throttle', { times: 2 });
    const { exitCode, err } = await backfill(`${local} --from 2026-02-24 --to 2026-02-24`);
    expect({ exitCode, err }).toEqual({
      exitCode: 0,
      err: expect.stringMatching(
        /\nDuo answered 429: waiting \d+ s \(attempt 2\)\n.* 429: .* \(attempt 3\)\n/,
      ),
    });
    expect(stage.clock.slept.some((ms) => ms >= minute)).toBe(true);
    expect(wrong('2026-02-24', '2026-02-24')).toBe(0);
  });

  test('before the first scheduled run, leaves the log to begin beside what it has stored', async () => {
    stage = await createStage('telephony', { LOOKBACK_HOURS: '240' });
    stage.add(1000, noon - 9 * day, noon + day);
    expect(await backfill(`${local} --from 2026-02-22 --to 2026-02-27`)).toMatchObject({ exitCode: 0 });
    await stage.collect({});
    stage.clock.advance(day);
    await eventually(async () => (await stage.collect({})).outcome === 'caught-up');
    await stage.runReconcile();
    expect(stage.reconciled().doubled).toBe(0);
    expect(wrong('2026-02-22', '2026-03-01')).toBe(0);
  });

  test('says where something was deleted, and stores it only when asked to again', async () => {
    await begun();
    await backfill(`${local} --from 2026-02-24 --to 2026-02-25`);
    const [key = ''] = objects().filter((name) => name.includes('/2026/02/24/'));
    stage.aws.objects.delete(key);
    stage.clock.advance(day + minute);
    const { exitCode, err } = await backfill(`${local} --from 2026-02-24 --to 2026-02-25`);
    const again =
      'npx pnpm duo backfill telephony --store s3://logs-of-prod --local --again --from 2026-02-24 --to 2026-02-24';
    expect([exitCode, err]).toEqual([1, expect.stringContaining(`To store it anyway: ${again}\n`)]);
    expect(wrong('2026-02-24', '2026-02-24')).toBeGreaterThan(0);
    const command = `${local} --again --from 2026-02-24 --to 2026-02-24`;
    expect(await backfill(command)).toMatchObject({ exitCode: 2, err: expect.stringContaining('add --yes') });
    expect(await backfill(command, { ask: answers({ 'Go on?': false }) })).toMatchObject({ exitCode: 1 });
    expect(await backfill(command, { ask: answers({ 'Go on?': true }) })).toMatchObject({ exitCode: 0 });
    expect(wrong('2026-02-24', '2026-02-25')).toBe(0);
    expect(stage.reconciled().doubled).toBe(0);
  });

  test('is refused for a day that is not closed, and says when it will be', async () => {
    await begun();
    expect(await backfill(`${local} --from 2026-02-27 --to 2026-03-01`)).toMatchObject({
      exitCode: 2,
      err: '2026-03-01 is not closed: the log still stores records of it, until it is collected up to 2026-03-02T00:05:03Z. It is collected up to 2026-03-01T11:58:00Z. Give an earlier --to.\n',
    });
  });

  test.each([
    ['--from 2026-02-24T12:00:00Z --to 2026-02-24', ['2026-02-24']],
    ['--from 2026-02-24T12:00:00Z --to 2026-02-25T00:00:00Z', ['2026-02-24']],
    ['--from 2026-02-24 --to 2026-02-25T00:00:01Z', ['2026-02-24', '2026-02-25']],
  ])('takes in each day of which a moment was asked for: %s', async (span, days) => {
    await begun('telephony', { count: 100 });
    await backfill(`${local} ${span}`);
    expect(stage.receipts().map((receipt) => receipt.day)).toEqual(days);
  });

  test('prints JSON', async () => {
    await begun();
    const { out } = await backfill(`${local} --from 2026-02-24 --to 2026-02-24 --json`);
    const [receipt] = stage.receipts();
    expect(JSON.parse(out)).toEqual({
      logType: 'telephony',
      store: 's3://logs-of-prod',
      repaired: receipt?.repaired,
      days: [receipt],
      earlier: [],
      waiting: [],
      without: [],
    });
  });
});

describe('by the function', () => {
  test('puts the days down, watches until it has done them, and says what it has stored', async () => {
    await begun();
    stage.clock.advance(minute);
    const typed = { clock: clockWith(() => stage.runReconcile()) };
    const { exitCode, out, err } = await backfill('--stage prod --from 2026-02-18 --to 2026-02-27', typed);
    expect({ exitCode, out }).toEqual({
      exitCode: 0,
      out: expect.stringMatching(
        /^10 days requested from duo-telephony-prod-reconcile \(rate\(15 minutes\)\): 2026-02-18 to 2026-02-27\.\nTo see what its runs say: npx pnpm duo logs telephony --stage prod --since 1h\nThe function goes on without this command: Ctrl-C only stops watching\.\nDone: 1,\d\d\d new records of 10 days below/,
      ),
    });
    expect(err).toMatch(
      /^ {2}0 % {2}0 of 10 days, the function has not started\n(?:.*\n)*100 % {2}10 of 10 days, 1,\d\d\d records\n$/,
    );
    expect(wanted()).toEqual({});
    expect(wrong('2026-02-18', '2026-02-27')).toBe(0);
    expect(stage.reconciled().doubled).toBe(0);
  });

  test('shows how far the function is within a day, how fast, and what is left', async () => {
    stage = await createStage('telephony', { MAX_PAGES: '3' }, 50);
    stage.add(3600, noon - 12 * day, noon);
    await stage.collect({});
    stage.clock.advance(minute);
    const runs = Array.from({ length: 6 }, () => () => stage.runReconcile());
    const { exitCode, err } = await backfill('--stage prod --from 2026-02-18 --to 2026-02-19', {
      clock: clockWith(...runs),
    });
    expect(exitCode).toBe(0);
    expect(err).toMatch(
      /^ {2}0 % {2}0 of 2 days, the function has not started\n *[1-4]\d % {2}0 of 2 days, \d+ records\b.*\n(?: *\d+ % {2}[01] of 2 days, .* records \(\d+\/s\), \d+ s left\n)+100 % {2}2 of 2 days, /,
    );
  });

  test('keeps what others have put down, and leaves it all to the function with --detach', async () => {
    await begun();
    await backfill('--stage prod --from 2026-02-20 --to 2026-02-21 --again --yes --detach');
    const before = wanted();
    stage.clock.advance(minute);
    const { exitCode, out } = await backfill('--stage prod --from 2026-02-21 --to 2026-02-22 --detach');
    expect([exitCode, out]).toEqual([0, expect.not.stringContaining('Ctrl-C')]);
    expect(before).toEqual({
      '2026-02-20': { at: noon, again: true },
      '2026-02-21': { at: noon, again: true },
    });
    expect(wanted()).toEqual({
      '2026-02-20': { at: noon, again: true },
      '2026-02-21': { at: noon + minute, again: true },
      '2026-02-22': { at: noon + minute, again: false },
    });
    await stage.runReconcile();
    expect(wanted()).toEqual({});
    expect(wrong('2026-02-20', '2026-02-22')).toBe(0);
  });

  test('goes on when the watching is interrupted', async () => {
    await begun();
    let stop = () => {};
    const { exitCode, err } = await backfill('--stage prod --from 2026-02-18 --to 2026-02-27', {
      clock: clockWith(() => stop()),
      onInterrupt: (then) => {
        stop = then;
      },
    });
    expect([exitCode, err]).toEqual([
      1,
      expect.stringMatching(/\nThe function goes on with 10 days\. The same command.*\n$/),
    ]);
    await stage.runReconcile();
    expect(wrong('2026-02-18', '2026-02-27')).toBe(0);
  });

  test('leaves a day that is not closed to a later run, which does it', async () => {
    await begun();
    stage.clock.advance(minute);
    const typed = { clock: clockWith(() => stage.runReconcile()) };
    const { exitCode, out } = await backfill('--stage prod --from 2026-02-27 --to 2026-03-01', typed);
    expect([exitCode, out]).toEqual([
      0,
      expect.stringMatching(
        /^2026-03-01 is not closed: .*\. The function does it then\.\n3 days requested from/,
      ),
    ]);
    expect(Object.keys(wanted())).toEqual(['2026-03-01']);
    stage.clock.advance(day);
    await eventually(async () => (await stage.collect({})).outcome === 'caught-up');
    await stage.runReconcile();
    expect(wanted()).toEqual({});
    expect(wrong('2026-02-27', '2026-03-01')).toBe(0);
  });

  test('is refused where the stage does not reconcile, with the command that does it here', async () => {
    await begun();
    stage.aws.schedules.clear();
    const { exitCode, err } = await backfill('--stage prod --from 2026-02-20 --to 2026-02-21');
    expect([exitCode, err]).toEqual([
      1,
      'The stage prod does not reconcile telephony: the setting reconcile is off, or an earlier version is deployed. Without the function: npx pnpm duo backfill telephony --stage prod --local --from 2026-02-20 --to 2026-02-21\n',
    ]);
    expect(wanted()).toEqual({});
  });

  test('names the permission without which it cannot know', async () => {
    await begun();
    stage.aws.denied.add('scheduler:GetSchedule');
    expect(await backfill('--stage prod --from 2026-02-20')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('It needs scheduler:GetSchedule.'),
    });
  });
});

test.each([
  ['--store s3://logs-of-prod --from 2026-02-20', 'A store has no function that could do this: add --local'],
  [`${local} --detach --from 2026-02-20`, 'Give either --local or --detach.'],
  [`${local} --from 2026-02-20 --to 2026-02-10`, '--to is before --from: swap them?'],
  [`${local} --from 2025-08-01`, 'refuses requests for more than 179: give --from 2025-09-04 or later.'],
  [`${local} --from 2026-03-03 --to 2026-03-04`, '2026-03-03 is in the future'],
  ['--stage prod --from 2026-02-20 --to 2026-03-04', '2026-03-02 is in the future'],
  [local, "required option '--from <day>' not specified"],
])('what cannot be done is refused with a remedy: %s', async (flags, said) => {
  await begun();
  expect(await backfill(flags)).toMatchObject({ exitCode: 2, out: '', err: expect.stringContaining(said) });
  expect(wanted()).toEqual({});
});
