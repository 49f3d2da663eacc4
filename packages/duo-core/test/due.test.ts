import { afterEach, describe, expect, test } from '@jest/globals';
import { beginning } from '../src/delivery/beginning';
import { loadWanted } from '../src/delivery/days/wanted';
import { midnightOf } from '../src/utc-day';
import { memoryStore } from './support/memory-store';
import { alarms, badges, visit } from './support/test-log';
import { createWorld, hour, minute, noon } from './support/world';

const day = 24 * hour;

let world: Awaited<ReturnType<typeof createWorld>>;
afterEach(() => world.close());

describe('a day is reconciled', () => {
  test('a day after its end, and seven days after it, if the log has begun with it or before', async () => {
    world = await createWorld();
    await world.run();
    // The lookback lies in the day before the tests', of which the log has not all.
    const moments = new Map<string, string[]>();
    for (let at = noon; at < noon + 10 * day; at += 6 * hour) {
      await world.liveUntil(at);
      const { days, outcome, report } = await world.due();
      expect({ outcome, left: report.unreconciled }).toEqual({ outcome: 'caught-up', left: 0 });
      for (const one of days) {
        const after = (Math.floor((world.clock.now() - midnightOf(one)) / hour / 6) * 6) / 24;
        moments.set(one, [...(moments.get(one) ?? []), String(after)]);
      }
    }
    expect([...moments].slice(0, 2)).toEqual([
      ['2026-03-01', ['2', '8']],
      ['2026-03-02', ['2', '8']],
    ]);
    expect(moments.size).toBe(9);
  });

  test('once, where it is closed after a week only', async () => {
    world = await createWorld({ logType: { ...alarms, overlapSeconds: 7 * 86_400 } });
    await world.run();
    const days: string[] = [];
    for (let at = noon; at < noon + 12 * day; at += 6 * hour) {
      world.clock.advance(6 * hour);
      await world.run({ overlap: 7 * day });
      days.push(...(await world.due()).days);
    }
    expect(days).toEqual(['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05']);
  });

  test('as soon as it is closed, where a gap touches it, and then as any other', async () => {
    world = await createWorld();
    await world.run();
    world.log.add(visit('in the gap', noon - 20 * hour), { publishedAt: noon + 2 * minute });
    const checkpoint = { ...world.checkpoint(), gaps: [[noon - 21 * hour, noon - 19 * hour]] };
    world.store.objects.set('state/visits.json', Buffer.from(JSON.stringify(checkpoint)));
    world.clock.advance(hour);
    await world.runUntilCaughtUp();
    expect((await world.due()).days).toEqual(['2026-02-28']);
    expect((await world.due()).days).toEqual([]);
    world.expectEachOnce();
  });

  test('when somebody wants it, once, and not before it is closed', async () => {
    world = await createWorld();
    await world.run();
    world.clock.advance(hour);
    await world.runUntilCaughtUp();
    await world.want({
      '2026-02-20': { at: noon, again: false },
      '2026-02-10': { at: noon, again: true },
      '2026-03-01': { at: noon, again: false },
    });
    expect((await world.due()).days).toEqual(['2026-02-10', '2026-02-20']);
    expect(await loadWanted(world.store, { logType: 'visits' })).toEqual({
      '2026-03-01': { at: noon, again: false },
    });
    await world.liveUntil(noon + day);
    expect((await world.due()).days).toEqual(['2026-03-01']);
    expect(await loadWanted(world.store, { logType: 'visits' })).toEqual({});
  });

  test('again, when it was asked for while a pass was under way', async () => {
    world = await createWorld();
    for (let n = 0; n < 30; n++) world.log.add(visit(`v-${n}`, noon - 9 * day + n * minute));
    await world.run();
    world.clock.advance(hour);
    await world.runUntilCaughtUp();
    await world.want({ '2026-02-20': { at: noon, again: false } });
    expect(await world.due({ maxPages: 1 })).toMatchObject({ outcome: 'more', report: { unreconciled: 1 } });
    const asked = { '2026-02-20': { at: noon + 2 * hour, again: false } };
    const duo = {
      ...world.duo,
      async get(...request: Parameters<typeof world.duo.get>) {
        await world.want(asked);
        return world.duo.get(...request);
      },
    };
    expect((await world.due({ duo })).days).toEqual(['2026-02-20']);
    // The pass that had begun does not count.
    expect(await loadWanted(world.store, { logType: 'visits' })).toEqual(asked);
    world.clock.advance(2 * hour);
    expect((await world.due()).days).toEqual(['2026-02-20']);
    expect(await loadWanted(world.store, { logType: 'visits' })).toEqual({});
    world.expectEachOnce();
  });

  test('not any more when Duo no longer has it, which is said', async () => {
    world = await createWorld();
    await world.run();
    await world.want({ '2025-08-20': { at: noon, again: false } });
    const { days, messages } = await world.due();
    expect(days).toEqual([]);
    expect(messages).toContain('Duo no longer has all of 2025-08-20: these days can no longer be reconciled');
    expect(await loadWanted(world.store, { logType: 'visits' })).toEqual({});
  });

  test('although another one cannot be, whose error is told in the end', async () => {
    world = await createWorld();
    world.log.add(visit('a', noon - 9 * day));
    await world.run();
    world.clock.advance(hour);
    await world.runUntilCaughtUp();
    world.store.objects.set('state/visits/days/2026-02-10.json', Buffer.from('{'));
    await world.want({ '2026-02-10': { at: noon, again: false }, '2026-02-20': { at: noon, again: false } });
    await expect(world.due()).rejects.toThrow("2026-02-10.json: the day's state is not JSON");
    expect(world.receipts()).toMatchObject([{ day: '2026-02-20', repaired: 1 }]);
    expect(Object.keys(await loadWanted(world.store, { logType: 'visits' }))).toEqual(['2026-02-10']);
  });
});

test('a run that finds nothing due costs two gets and a listing, and asks Duo nothing', async () => {
  world = await createWorld();
  await world.run();
  await world.liveUntil(noon + 3 * day);
  await world.due();
  const asked: string[] = [];
  const requests = world.simulator.requests.length;
  const store = {
    ...world.store,
    get(key: string) {
      asked.push(`get ${key}`);
      return world.store.get(key);
    },
    list(prefix: string, startAfter?: string) {
      asked.push(`list ${prefix}`);
      return world.store.list(prefix, startAfter);
    },
  };
  expect(await world.due({ store })).toMatchObject({ outcome: 'caught-up', days: [] });
  expect(asked).toEqual(['get state/visits.json', 'get state/visits/wanted.json', 'list receipts/visits/']);
  expect(world.simulator.requests).toHaveLength(requests);
});

test('what is wanted is never guessed: a list that is damaged is an error', async () => {
  world = await createWorld();
  await world.run();
  world.store.objects.set('state/visits/wanted.json', Buffer.from('{"2026-02-31":{}}'));
  await expect(world.due()).rejects.toThrow(
    'wanted.json: the wanted days cannot be understood. Nothing was changed.',
  );
});

describe('a log without a checkpoint', () => {
  test('of which something is stored begins now, and its days bring what lies between: nothing is doubled or lost', async () => {
    world = await createWorld({ mostHeld: 1 });
    for (let n = 0; n < 60; n++)
      world.log.add(visit(`v-${String(n).padStart(2, '0')}`, noon - 22 * hour + n * hour));
    await world.run();
    world.clock.advance(10 * hour);
    world.store.objects.delete('state/visits.json');
    await world.runUntilCaughtUp();
    expect(world.checkpoint()).toMatchObject({
      since: midnightOf('2026-02-28'),
      gaps: [[midnightOf('2026-03-01'), noon + 10 * hour + 3 * minute]],
    });
    await world.liveUntil(noon + 5 * day);
    expect((await world.due()).outcome).toBe('caught-up');
    world.expectEachOnce();
  });

  test('of which nothing is stored begins at the lookback', async () => {
    world = await createWorld({ logType: badges });
    world.store.objects.set('logs/badges/not-ours.txt', Buffer.from('x'));
    await world.run({ lookback: 3 * hour });
    expect(world.checkpoint()).toMatchObject({ since: noon - 3 * hour, gaps: [] });
  });
});

test('a checkpoint of a collector without a ledger, whose objects a lifecycle has removed, stores none of them again', async () => {
  // It has stored each page by itself.
  world = await createWorld({ mostHeld: 1 });
  for (let n = 0; n < 150; n++)
    world.log.add(visit(`v-${String(n).padStart(3, '0')}`, noon - 150 * day + n * day));
  await world.run({ lookback: 151 * day, deadline: noon + day });
  const { ledger: _, ...rest } = world.checkpoint();
  world.store.objects.set('state/visits.json', Buffer.from(JSON.stringify({ ...rest, until: null })));
  const expired = [...world.store.objects.keys()].filter(
    (key) => key < 'logs/visits/2026/01/30' && key > 'logs/',
  );
  for (const key of expired) world.store.objects.delete(key);
  const before = world.store.records();
  await world.liveUntil(noon + 9 * day);
  const { days } = await world.due();
  expect(days[0]).toBe('2026-03-01');
  expect(world.store.records()).toEqual(before);
});

test('a log without a checkpoint, of which only a receipt is left, begins at the day of that', async () => {
  const store = memoryStore();
  store.objects.set('receipts/visits/2026/02/20/1772366400000.json', Buffer.from('{}'));
  const begun = await beginning(store, { logType: 'visits' }, 24 * hour, noon);
  expect(begun.since).toBe(Date.parse('2026-02-20T00:00:00Z'));
});
