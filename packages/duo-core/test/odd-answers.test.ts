import { afterEach, describe, expect, test } from '@jest/globals';
import { simulatorCredentials } from 'duo-simulator';
import type { LogType } from '../src/log-type';
import { list, ok, page, refused } from './support/answers';
import { alarms, badges, visit, visits } from './support/test-log';
import { createWorld, hour, minute, noon, second } from './support/world';

/*
 * Answers that Duo's pages do not describe, and what is right: whatever it shows is stored once, and no odd time moves
 * anything else.
 */

let world: Awaited<ReturnType<typeof createWorld>>;
afterEach(() => world.close());

const open = async (logType: LogType = visits) => {
  world = await createWorld({ logType });
};

/** What Duo answers to the next requests, one after the other. */
function answers(...bodies: string[]): void {
  for (const body of bodies) world.simulator.fail({ status: 200, body });
}

const events = (records: readonly string[]) => ok(`{"events":[${records.join(',')}],"metadata":{}}`);
const at = noon - 10 * minute;
const badge = (time: number, door = 'main') => `{"timestamp": ${time / second}, "door": "${door}"}`;
const alarm = (id: string, time: number) => `{"alarm_id": "${id}", "at": ${time}, "state": "new"}`;

describe('a record that Duo shows belongs to the log, whatever its own time says', () => {
  const fine = visit('fine', at);
  const cases: [string, LogType, (...records: string[]) => string, string, string][] = [
    ['of 1970', visits, (...records) => page(records, null), visit('zero', 0), fine],
    [
      'from before the lookback',
      visits,
      (...records) => page(records, null),
      visit('old', noon - 48 * hour),
      fine,
    ],
    [
      'from after the window',
      visits,
      (...records) => page(records, null),
      visit('ahead', noon - minute),
      fine,
    ],
    ['in the future', visits, (...records) => page(records, null), visit('later', noon + hour), fine],
    [
      'that is none',
      visits,
      (...records) => page(records, null),
      '{"visit_id":"x","ts":"soon","door":"d"}',
      fine,
    ],
    [
      'in seconds instead of ms',
      alarms,
      (...records) => events(records),
      alarm('s', at / second),
      alarm('ms', at),
    ],
    ['of 0 seconds', badges, (...records) => list(records), badge(0), badge(at)],
    ['in ms instead of seconds', badges, (...records) => list(records), badge(at * second), badge(at)],
  ];

  test.each(cases)('a time %s (%#)', async (_what, logType, answer, odd, other) => {
    await open(logType);
    for (let runs = 0; runs < 4; runs++) {
      // It is shown again and again; the other one has its place.
      answers(runs === 0 ? answer(odd, other) : answer(odd));
      const { outcome, report } = await world.run({ lookback: hour, overlap: hour });
      expect({ outcome, leftOut: report.leftOut }).toEqual({ outcome: 'caught-up', leftOut: 0 });
      if (runs === 0) expect(report).toMatchObject({ records: 2, drifted: 1 });
      else expect(report.records).toBe(0);
      world.clock.advance(2 * minute);
    }
    expect(world.store.records().sort()).toEqual([odd, other].sort());
    const days = [...world.store.objects.keys()].filter((key) => key.startsWith('logs/'));
    expect(days).toEqual([expect.stringContaining(`/${logType.name}/2026/03/01/`)]);
  });

  test('an object without any believable time lies in the day of its window', async () => {
    await open();
    answers(page([visit('zero', 0)], null));
    await world.run();
    expect([...world.store.objects.keys()][1]).toContain('logs/visits/2026/03/01/');
  });
});

describe('one odd time moves nothing else', () => {
  const backlog = () =>
    Array.from({ length: 300 }, (_, n) => visit(`id-${n}`, noon - 20 * hour + n * minute));

  test('not the watermark: a cursor that is refused afterwards costs no record', async () => {
    await open();
    const records = backlog();
    for (const record of records) world.log.add(record);
    const odd = visit('odd', noon - 3 * minute);
    answers(page([...records.slice(0, 29), odd], `${noon - 20 * hour + 29 * minute},odd`));
    await world.run({ maxPages: 1 });
    expect(world.checkpoint().watermark).toBe(noon - 20 * hour + 29 * minute);
    world.simulator.fail(refused);
    await world.run();
    expect(world.store.records().sort()).toEqual([...records, odd].sort());
  });

  test('not the cursor of a log that is asked for by the second', async () => {
    await open(badges);
    for (let n = 0; n < 25; n++) world.log.add(badge(noon - 20 * hour + n * minute));
    const first = Array.from({ length: 9 }, (_, n) => badge(noon - 20 * hour + n * minute));
    const odd = badge(noon - 5 * minute, 'odd');
    answers(list([...first.slice(0, 4), odd, ...first.slice(4)]));
    await world.run();
    expect(world.store.records().sort()).toEqual([...world.log.published(), odd].sort());
  });

  test('not the end of a log that is asked for by the second', async () => {
    await open(badges);
    for (let n = 0; n < 25; n++) world.log.add(badge(noon - 20 * hour + n * minute));
    const first = Array.from({ length: 9 }, (_, n) => badge(noon - 20 * hour + n * minute));
    const odd = badge(noon - minute, 'odd');
    answers(list([...first.slice(0, 4), odd, ...first.slice(4)]));
    await world.run();
    expect(world.store.records().sort()).toEqual([...world.log.published(), odd].sort());
  });
});

describe('what Duo shows again is not stored again', () => {
  test.each([
    -2 * minute,
    -35 * second,
    -30 * second,
    -second,
    0,
    30 * second,
    minute,
    2 * minute,
    5 * minute,
  ])('of the time style, dated %d ms after the run that shows it first', async (ahead) => {
    await open(badges);
    const record = badge(noon + ahead);
    world.clock.advance(-minute);
    for (let runs = 0; runs < 60; runs++) {
      answers(list([record]));
      await world.run();
      world.clock.advance(20 * second);
    }
    expect(world.store.records()).toEqual([record]);
  });

  test('of the time style, dated an hour ahead, although no run looked until then', async () => {
    await open(badges);
    const record = badge(noon + hour);
    for (const wait of [0, hour + minute, 4 * minute]) {
      world.clock.advance(wait);
      answers(list([record]));
      await world.run();
    }
    expect(world.store.records()).toEqual([record]);
  });

  test('of the time style, shown by a window that ended long before its place', async () => {
    await open(badges);
    const odd = badge(noon + 365 * 24 * hour);
    for (let n = 0; n < 9; n++) world.log.add(badge(noon - 3 * minute + n * second));
    await world.run({ maxPages: 1, lookback: hour });
    world.clock.advance(40 * minute);
    world.log.add(badge(noon + 14 * minute));
    world.log.add(odd, { filedAt: noon + 14 * minute });
    await world.runUntilCaughtUp();
    await world.runUntilCaughtUp();
    world.expectEachOnce();
  });

  test('dated early inside the window, and filed late', async () => {
    await open();
    const early = visit('early', noon - 20 * hour);
    const last = visit('last', noon - 3 * minute);
    for (const next of [`${noon - 3 * minute},last`, null]) {
      answers(page([early, last], next), ...(next === null ? [] : [page([], null)]));
      await world.run();
      world.clock.advance(5 * minute);
    }
    expect(world.store.records()).toEqual([early, last]);
  });
});

describe('an empty page', () => {
  const after = visit('after', at);

  test('that leads on is followed', async () => {
    await open();
    answers(page([], `${at},gap`, 1), page([after], null, 1));
    expect((await world.run()).outcome).toBe('caught-up');
    expect(world.store.records()).toEqual([after]);
  });

  test('that leads on again and again ends the run, and the next one goes on from there', async () => {
    await open();
    answers(...Array.from({ length: 14 }, (_, n) => page([], `${at + n},gap`)), page([after], null));
    const first = await world.run();
    expect(first).toMatchObject({ outcome: 'more', report: { pages: 10 } });
    // One more had been asked for already.
    expect((await world.run()).report).toMatchObject({ records: 1, pages: 4 });
  });

  test('that leads back is the end', async () => {
    await open();
    answers(page([after], `${at},a`), page([], `${at + 1},b`), page([], `${at},a`));
    expect(await world.run()).toMatchObject({ outcome: 'caught-up', report: { records: 1, pages: 3 } });
  });

  test('in the middle of a backlog is asked for once more', async () => {
    await open();
    const records = Array.from({ length: 90 }, (_, n) => visit(`id-${n}`, noon - 20 * hour + n * minute));
    for (const record of records) world.log.add(record);
    world.simulator.fail({ status: 200, body: page([], null, 90) }, { after: 3 });
    expect(await world.run()).toMatchObject({ outcome: 'caught-up', report: { records: 90 } });
    world.expectEachOnce();
  });

  test('that stays so ends the window at its last record, and the next run goes on from there', async () => {
    await open();
    const records = Array.from({ length: 90 }, (_, n) => visit(`id-${n}`, noon - 20 * hour + n * minute));
    for (const record of records) world.log.add(record);
    world.simulator.fail({ status: 200, body: page([], null, 90) }, { after: 3, times: 2 });
    const { outcome, report, messages } = await world.run();
    expect({ outcome, records: report.records, gaps: report.gaps }).toEqual({
      outcome: 'more',
      records: 30,
      gaps: 0,
    });
    expect(messages).toContain(
      'Duo says that there are 90 records from 2026-02-28T12:00:00.000Z to 2026-03-01T11:58:00.000Z, but has shown 30: going on after the last one',
    );
    expect(world.checkpoint()).toMatchObject({
      short: 1,
      window: null,
      watermark: noon - 20 * hour + 29 * minute,
    });
    expect((await world.run()).outcome).toBe('caught-up');
    expect(world.checkpoint().short).toBe(0);
    world.expectEachOnce();
  });

  test('is counted in a window that an earlier run has opened', async () => {
    await open();
    const records = Array.from({ length: 30 }, (_, n) => visit(`id-${n}`, noon - 20 * hour + n * minute));
    for (const record of records) world.log.add(record);
    await world.run({ maxPages: 2 });
    expect(world.checkpoint().window).toMatchObject({ pages: 2, read: 20 });
    await world.run();
    expect(world.checkpoint()).toMatchObject({ short: 0, window: null });
  });
});

describe('a number of records that counts something else for ever', () => {
  test.each([
    ["an empty window, the account's total", () => page([], null, 1_000_000)],
    [
      "a record that was met, the account's total",
      () => page([visit('only', noon - 20 * hour)], null, 1_000_000),
    ],
  ])('does not keep the log behind: %s', async (_what, answer) => {
    await open();
    const behind: number[] = [];
    const gaps: number[] = [];
    for (let runs = 0; runs < 20; runs++) {
      world.simulator.fail({ status: 200, body: answer() }, { times: 2 });
      const { report } = await world.run();
      behind.push(world.clock.now() - (report.watermark ?? 0));
      gaps.push(report.gaps);
      world.clock.advance(5 * minute);
    }
    expect(behind[1]).toBeGreaterThan(20 * hour);
    expect(behind.slice(2)).toEqual(Array(18).fill(2 * minute));
    // It is said once: what follows goes on with the same gap.
    expect(gaps).toEqual([0, 0, 1, ...Array(17).fill(0)]);
    expect(world.checkpoint().gaps).toEqual([[expect.any(Number), noon + 93 * minute]]);
  });

  test.each(['"12"', '1.5', '-1', 'null', '{}'])('and one that is none (%s) says nothing', async (total) => {
    await open();
    answers(ok(`{"items":[],"metadata":{"next_offset":null,"total_objects":${total}}}`));
    expect(await world.run()).toMatchObject({ outcome: 'caught-up', report: { pages: 1 } });
  });
});

describe('the account', () => {
  const other = { ...simulatorCredentials, apiHost: 'api-other000.duosecurity.com' };

  test('of a checkpoint is the one that answered first; another one moves nothing, and is told what to do', async () => {
    await open();
    world.addRecords(12);
    await world.run();
    const before = world.store.objects;
    const run = world.run({ duo: { ...world.duo, source: async () => other.apiHost } });
    await expect(run).rejects.toThrow(
      `s3://test/state/visits.json: this checkpoint belongs to ${simulatorCredentials.apiHost}, but the credentials belong to ${other.apiHost}. Nothing was changed. Another account needs another stage or another bucket. If it is a new host of the same account, say so: npx pnpm duo checkpoint set visits --store s3://test --source ${other.apiHost}`,
    );
    expect(world.store.objects).toEqual(before);
  });

  test('is taken from an answer, not from credentials that get none', async () => {
    await open();
    world.simulator.fail('throttle', { times: 2 });
    await world.run({ deadline: noon + minute });
    expect(world.checkpoint()).toMatchObject({ source: null });
    await world.run();
    expect(world.checkpoint()).toMatchObject({ source: simulatorCredentials.apiHost });
  });

  test('may not change in the middle of a run, when credentials are fetched anew', async () => {
    await open();
    world.addRecords(25);
    await world.run({ maxPages: 1 });
    const duo = {
      ...world.duo,
      get: async (...request: Parameters<typeof world.duo.get>) => ({
        ...(await world.duo.get(...request)),
        source: other.apiHost,
      }),
    };
    await expect(world.run({ duo })).rejects.toThrow(`the credentials belong to ${other.apiHost}`);
    expect(world.store.records()).toHaveLength(10);
  });
});

test('an equal late record has a name of its own, although the window was refused and the run then throttled', async () => {
  await open(badges);
  const record = badge(noon - 5 * minute);
  world.log.add(record);
  world.log.add(record, { publishedAt: noon + 30 * second });
  await world.run({ lookback: 8 * minute, maxPages: 1 });
  const first = world.checkpoint();
  expect(first.window).toMatchObject({ pages: 1 });
  world.clock.advance(400);
  world.simulator.fail(refused);
  world.simulator.fail('throttle');
  expect((await world.run({ deadline: world.clock.now() + minute })).outcome).toBe('throttled');
  // Duo shows the second one with the very window that was refused.
  world.clock.advance(30 * second);
  const clock = { ...world.clock, now: () => world.clock.now() - 30 * second };
  await world.run({ clock });
  world.clock.advance(5 * minute);
  await world.run();
  expect(world.store.records()).toEqual([record, record]);
});

test('an equal late record has a name of its own, although no window was due in the place of the refused one', async () => {
  await open(badges);
  const record = badge(noon - 153 * second);
  world.log.add(record);
  world.log.add(record, { publishedAt: noon + 10 * second });
  // This clock is 28 s ahead in the first run, and right from then on.
  const ahead = { ...world.clock, now: () => world.clock.now() + 28 * second };
  await world.run({ clock: ahead, lookback: 4 * minute, maxPages: 1 });
  expect(world.checkpoint().window).toMatchObject({ pages: 1 });
  world.simulator.fail(refused);
  expect((await world.run({})).outcome).toBe('caught-up');
  expect(world.checkpoint().window).toBeNull();
  // A window with the bounds of the refused one.
  world.clock.advance(28 * second);
  await world.run();
  world.clock.advance(5 * minute);
  await world.run();
  expect(world.store.records()).toEqual([record, record]);
});

test('says how late the latest record was published that it found behind the watermark', async () => {
  await open();
  world.addRecords(12);
  expect((await world.run()).report.late).toBe(0);
  world.log.add(visit('late', noon - 6 * minute), { publishedAt: noon + second });
  world.log.add(visit('later', noon - 5 * minute), { publishedAt: noon + second });
  world.log.add(visit('punctual', noon));
  world.clock.advance(5 * minute);
  // Of this one, its own time says nothing.
  const odd = visit('odd', 0);
  const shown = [odd, ...world.log.published().slice(-3)];
  answers(page(shown, null));
  const { report } = await world.run();
  expect(report).toMatchObject({ records: 4, late: 11 * minute });
  expect((await world.run()).report.late).toBe(0);
});

describe('bytes', () => {
  test('a byte order mark before the answer is skipped', async () => {
    await open();
    answers(`\ufeff${page([visit('marked', at)], null)}`);
    await world.run();
    expect(world.store.records()).toEqual([visit('marked', at)]);
  });
});
