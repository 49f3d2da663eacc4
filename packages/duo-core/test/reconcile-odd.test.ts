import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { loadWanted } from '../src/delivery/days/wanted';
import { BadRequestError } from '../src/errors';
import type { Store } from '../src/store/store';
import { disturbed } from './support/memory-store';
import { badges, visit } from './support/test-log';
import { createWorld, hour, minute, noon, second } from './support/world';

/* Orders, answers and states that come at a bad moment: each has lost or doubled a record once, or told an untruth. */

const day = 24 * hour;
const midnight = Date.parse('2026-03-01');
const yesterday = '2026-02-28';

let world: Awaited<ReturnType<typeof createWorld>>;
afterEach(() => world.close());

const logKeys = () => [...world.store.objects.keys()].filter((key) => key.startsWith('logs/'));

/** A store at which something happens once, at the first get of a key that matches. */
function atGet(match: string, event: () => Promise<void>): Store {
  let done = false;
  return {
    ...world.store,
    async get(key) {
      if (!done && key.includes(match)) {
        done = true;
        await event();
      }
      return world.store.get(key);
    },
  };
}

// The order comes after the run has loaded what is wanted, and before the pass of its day begins: an ordinary pass does not fulfil it.
test('an order to store a day again, put down while a run is under way, is not lost', async () => {
  world = await createWorld();
  world.log.add(visit('a', midnight - 5 * hour));
  await world.run();
  await world.liveUntil(noon + 8 * day);
  for (const key of logKeys()) world.store.objects.delete(key);
  await world.want({ '2026-02-28': { at: noon, again: false } });
  const order = { '2026-02-28': { at: world.clock.now(), again: true } };
  const store = atGet('state/visits/days/2026-02-28', async () => {
    await world.want(order);
    world.clock.advance(second);
  });
  await world.due({ store });
  world.clock.advance(minute);
  await world.due();
  // What was asked for has been done, or is still to be done.
  const isWanted = '2026-02-28' in (await loadWanted(world.store, { logType: 'visits' }));
  expect({ stored: world.store.records().length, isWanted }).toEqual({ stored: 1, isWanted: false });
});

// Nobody knows what was deleted before there was a ledger.
test('after an upgrade, an old gap does not have stored again what a lifecycle has removed', async () => {
  // Collectors without a ledger have stored each page by itself.
  world = await createWorld({ mostHeld: 1 });
  for (let n = 0; n < 60; n++)
    world.log.add(visit(`v-${String(n).padStart(3, '0')}`, noon - 60 * day + n * day));
  await world.run({ lookback: 61 * day, deadline: noon + day });
  const { ledger: _, ...rest } = world.checkpoint();
  const gaps = [[noon - 50 * day + hour, noon - 50 * day + 2 * hour]];
  world.store.objects.set('state/visits.json', Buffer.from(JSON.stringify({ ...rest, until: null, gaps })));
  for (const key of logKeys()) if (key < 'logs/visits/2026/01/30') world.store.objects.delete(key);
  const before = world.store.records();
  world.clock.advance(hour);
  await world.runUntilCaughtUp();
  await world.due();
  expect(world.store.records()).toEqual(before);
});

// What such a pass has brought, the ledger counts already.
test('a pass of --again that was cut off does not make later passes say that records were deleted', async () => {
  world = await createWorld();
  for (let n = 0; n < 12; n++)
    world.log.add(visit(`v-${String(n).padStart(2, '0')}`, midnight + hour + n * minute));
  await world.run();
  await world.liveUntil(noon + 8 * day);
  for (const key of logKeys()) world.store.objects.delete(key);
  await world.want({ '2026-03-01': { at: world.clock.now(), again: true } });
  expect((await world.due({ maxPages: 1 })).outcome).toBe('more');
  world.clock.advance(minute);
  await world.want({ '2026-03-01': { at: world.clock.now(), again: false } });
  await world.due();
  const [receipt] = world.receipts();
  // Nine of twelve are there again, and three are deleted.
  expect(world.store.records()).toHaveLength(9);
  expect(receipt).toMatchObject({ day: '2026-03-01', stored: 9, shown: 12, deleted: 3 });
});
test('nor does one of --again that was cut off after it had stored all', async () => {
  world = await createWorld();
  for (let n = 0; n < 12; n++)
    world.log.add(visit(`v-${String(n).padStart(2, '0')}`, midnight + hour + n * minute));
  world.log.add(visit('late', midnight + 2 * hour), { publishedAt: noon + 8 * day + 30 * minute });
  await world.run();
  await world.liveUntil(noon + 7 * day);
  for (const key of logKeys()) world.store.objects.delete(key);
  // `duo backfill --again --local`, ended by Ctrl-C after two of its three pages.
  expect((await world.pass('2026-03-01', { maxPages: 2 }, { again: true })).outcome.kind).toBe('more');
  await world.liveUntil(noon + 9 * day);
  await world.due();
  const receipt = world.receipts().find((one) => one.day === '2026-03-01');
  expect(receipt).toMatchObject({ stored: 13, shown: 13, repaired: 1, deleted: 0 });
  world.expectEachOnce();
});

// It is stored in an object whose window spans both days.
describe('a record that Duo shows on another day than its own, stored by a live window of both days', () => {
  async function filedElsewhere() {
    world = await createWorld();
    world.log.add(visit('x', midnight - 4 * hour), { filedAt: midnight + 4 * hour });
    await world.run();
    world.expectEachOnce();
    await world.liveUntil(noon + day);
  }
  test('is not astray', async () => {
    await filedElsewhere();
    expect((await world.pass('2026-03-01')).receipt).toMatchObject({ astray: 0 });
  });
  test('is not stored twice by --again', async () => {
    await filedElsewhere();
    await world.pass('2026-03-01', {}, { again: true });
    world.expectEachOnce();
  });
});

// Pages are compared one by one, and each of the two is shown on another one.
test('a late record that shares its id with a stored one on another page is stored', async () => {
  world = await createWorld();
  for (let n = 0; n < 12; n++)
    world.log.add(visit(n === 0 ? 'same' : `v-${n}`, midnight - 5 * hour + n * minute));
  await world.run();
  world.log.add(visit('same', midnight - 4 * hour), { publishedAt: noon + 5 * minute });
  world.clock.advance(hour);
  await world.runUntilCaughtUp();
  await world.pass(yesterday);
  world.expectEachOnce();
});

// An account may keep less than 180 days.
test('a day that Duo refuses with 400 does not keep all others from being reconciled', async () => {
  world = await createWorld();
  await world.run();
  world.log.add(visit('late', midnight + hour), { publishedAt: noon + 8 * hour });
  await world.liveUntil(noon + 2 * day);
  await world.want({ '2026-01-10': { at: noon, again: false } });
  const duo = {
    ...world.duo,
    get: async (...request: Parameters<typeof world.duo.get>) => {
      if (Number(request[1].mintime) < noon - 30 * day) throw new BadRequestError('400: mintime is too old');
      return world.duo.get(...request);
    },
  };
  for (let n = 0; n < 5; n++) {
    await world.due({ duo }).catch(() => {});
    world.clock.advance(15 * minute);
  }
  world.expectEachOnce();
});

// As with the live log: such a pass writes no receipt that proves the day.
describe('an end that comes before Duo has shown all that it says there is', () => {
  const early = (total_objects: number) =>
    world.simulator.fail({
      status: 200,
      body: { stat: 'OK', response: { items: [], metadata: { next_offset: null, total_objects } } },
    });
  async function lateOnes() {
    world = await createWorld();
    for (let n = 0; n < 12; n++)
      world.log.add(visit(`v-${n}`, midnight + 5 * hour + n * minute), { publishedAt: noon + 5 * hour });
    await world.run();
    world.log.add(visit('z', midnight + 9 * hour), { publishedAt: noon + 3 * day });
    await world.liveUntil(noon + 8 * day);
  }
  test('twice: the day is not taken for reconciled', async () => {
    await lateOnes();
    early(13);
    early(13);
    await world.due();
    for (let n = 0; n < 5; n++) {
      world.clock.advance(15 * minute);
      await world.due();
    }
    world.expectEachOnce();
  });
  test('once, in a pass that was cut off: it is asked for again', async () => {
    await lateOnes();
    await world.due({ maxPages: 1 });
    early(13);
    for (let n = 0; n < 5; n++) {
      world.clock.advance(15 * minute);
      await world.due();
    }
    world.expectEachOnce();
  });
});

// The clock of whoever has asked is ahead.
test('a day that is wanted from a moment to come is reconciled once, not in every run', async () => {
  world = await createWorld();
  await world.run();
  world.clock.advance(hour);
  await world.runUntilCaughtUp();
  await world.want({ '2026-02-20': { at: world.clock.now() + 30 * day, again: false } });
  const days: string[] = [];
  for (let n = 0; n < 5; n++) {
    days.push(...(await world.due()).days);
    world.clock.advance(15 * minute);
  }
  expect(days.length).toBeLessThanOrEqual(1);
});

describe('a lost checkpoint', () => {
  test('of a log that had nothing to store until then, but receipts, loses no record', async () => {
    world = await createWorld();
    await world.run();
    await world.liveUntil(noon + 4 * day);
    await world.due();
    expect(world.receipts().length).toBeGreaterThan(0);
    world.log.add(visit('of the outage', noon + 4 * day + hour));
    world.clock.advance(3 * day);
    world.store.objects.delete('state/visits.json');
    await world.liveUntil(noon + 20 * day);
    await world.due();
    world.expectEachOnce();
  });
  // Nothing is stored yet, and the next pass puts what this one has decided on.
  test('after a pass that was killed before its first put stores nothing twice', async () => {
    world = await createWorld();
    await world.run();
    world.log.add(visit('late', midnight - 8 * hour), { publishedAt: noon + 5 * minute });
    world.clock.advance(hour);
    await world.runUntilCaughtUp();
    const killed = disturbed(world.store, 1, 'before', async () => {
      throw new Error('killed');
    });
    await expect(world.pass(yesterday, { store: killed })).rejects.toThrow('killed');
    expect(logKeys()).toEqual([]);
    world.store.objects.delete('state/visits.json');
    await world.liveUntil(noon + 20 * day);
    await world.due();
    world.expectEachOnce();
  });
  // Its oldest day is stored in part: what was stored just after midnight is removed a day later.
  test('has nothing stored again that a lifecycle has removed', async () => {
    world = await createWorld({ mostHeld: 1 });
    for (let n = 0; n < 80; n++)
      world.log.add(visit(`v-${String(n).padStart(2, '0')}`, noon - 20 * day + n * 6 * hour));
    await world.run({ lookback: 21 * day, deadline: noon + day });
    const gone = logKeys().slice(0, 3);
    for (const key of gone) world.store.objects.delete(key);
    world.store.objects.delete('state/visits.json');
    const before = world.store.records();
    await world.liveUntil(noon + hour);
    await world.due();
    expect(world.store.records()).toEqual(before);
  });
});

// What it has put, a SIEM may have read and deleted by the next pass.
test('a pass that fails after a put lets go of the object', async () => {
  world = await createWorld();
  for (let n = 0; n < 20; n++)
    world.log.add(visit(`v-${String(n).padStart(2, '0')}`, midnight - 15 * hour + n * second));
  await world.run({ lookback: hour });
  world.clock.advance(14 * hour);
  await world.runUntilCaughtUp();
  let asked = 0;
  const duo = {
    ...world.duo,
    get: async (...request: Parameters<typeof world.duo.get>) => {
      if (++asked > 1) throw new BadRequestError('400');
      return world.duo.get(...request);
    },
  };
  await expect(world.pass(yesterday, { duo })).rejects.toThrow('400');
  expect(world.store.records()).toHaveLength(9);
  for (const key of logKeys()) world.store.objects.delete(key);
  await world.pass(yesterday);
  expect(world.store.records()).toEqual([]);
});

test('an object whose lines are no JSON stops its own day only', async () => {
  world = await createWorld();
  world.log.add(visit('a', midnight + hour));
  await world.run();
  world.log.add(visit('late', midnight + day + hour), { publishedAt: noon + day + hour });
  const [key = ''] = logKeys();
  await world.liveUntil(noon + 3 * day);
  world.store.objects.set(key, gzipSync('{"visit_id": \n'));
  await world.due().catch(() => {});
  expect(world.receipts().map((one) => one.day)).toContain('2026-03-02');
});

// An empty page that leads on shares nothing with the next one.
test('counts once what comes again after an empty page and another run', async () => {
  world = await createWorld();
  for (let n = 0; n < 4; n++) world.log.add(visit(`v-${n}`, midnight - 10 * hour + n * minute));
  await world.run();
  world.clock.advance(hour);
  await world.runUntilCaughtUp();
  const items = world.log.published().map((text): unknown => JSON.parse(text));
  const page = (from: number, to: number, next_offset: string | null) =>
    world.simulator.fail({
      status: 200,
      body: { stat: 'OK', response: { items: items.slice(from, to), metadata: { next_offset } } },
    });
  const cursor = `${midnight - 10 * hour + 2 * minute},v-2`;
  page(0, 3, cursor);
  page(0, 0, `${cursor}~`);
  expect((await world.pass(yesterday, { maxPages: 2 })).outcome.kind).toBe('more');
  page(2, 4, null);
  expect((await world.pass(yesterday)).receipt).toMatchObject({ shown: 4 });
});

describe('of a log without an upper bound, what Duo has filed after the day under a time long past', () => {
  const past = `{"timestamp": ${(noon - 300 * day) / 1000}, "door": "main"}`;
  const punctual = `{"timestamp": ${(midnight - 5 * hour) / 1000}, "door": "main"}`;
  async function filedLater(filedAt: number) {
    world = await createWorld({ logType: badges });
    world.log.add(punctual);
    world.log.add(past, { filedAt });
    await world.run();
    world.clock.advance(hour);
    await world.runUntilCaughtUp();
  }
  test('and the live log has stored in its window is not astray on the day before', async () => {
    await filedLater(noon + 20 * minute);
    world.expectEachOnce();
    expect((await world.pass(yesterday)).receipt).toMatchObject({ shown: 1, stored: 1, astray: 0 });
  });
  test('is not stored twice by --again of the day before', async () => {
    await filedLater(noon + 20 * minute);
    await world.pass(yesterday, {}, { again: true });
    world.expectEachOnce();
  });
  test('and the live log has yet to store is not stored by --again of the day before as well', async () => {
    await filedLater(noon + hour + 4 * minute);
    world.clock.advance(10 * minute);
    await world.pass(yesterday, {}, { again: true });
    await world.runUntilCaughtUp();
    world.expectEachOnce();
  });
});

test('a run whose pass another one has overtaken does not say that it has caught up', async () => {
  world = await createWorld();
  for (let n = 0; n < 30; n++)
    world.log.add(visit(`v-${n}`, midnight + hour + n * minute), { publishedAt: noon + 5 * hour });
  await world.run();
  await world.liveUntil(noon + 8 * day);
  await world.want({ '2026-02-20': { at: noon, again: false } });
  const store = atGet('state/visits/days/2026-02-20', async () => {});
  const other: Store = {
    ...store,
    async put(key, ...rest) {
      // The other run begins the same day, and is killed.
      if (key.includes('days/2026-03-01')) await world.pass('2026-03-01', { maxPages: 1 });
      return store.put(key, ...rest);
    },
  };
  const { outcome, report } = await world.due({ store: other });
  expect({ outcome, left: report.unreconciled }).not.toEqual({ outcome: 'caught-up', left: 1 });
});
