import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { simulatorCredentials } from 'duo-simulator';
import type { DuoClient } from '../src/duo/duo-client';
import { CheckpointError, UnavailableError, UnexpectedResponseError } from '../src/errors';
import { mostHeld } from '../src/limits';
import { recordsIn } from '../src/store/object';
import type { Store } from '../src/store/store';
import { disturbed } from './support/memory-store';
import { visit } from './support/test-log';
import { createWorld, hour, minute, noon, second } from './support/world';

let world: Awaited<ReturnType<typeof createWorld>>;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

/** How many records each stored object has, in the order of their names. */
function objects(): number[] {
  const keys = [...world.store.objects.keys()].filter((key) => key.startsWith('logs/')).sort();
  return keys.map((key) => recordsIn(world.store.objects.get(key) ?? new Uint8Array()).length);
}

/** What the run does, in its order: asks Duo, saves, puts, waits. */
function watched(): { readonly events: string[]; readonly changes: Parameters<typeof world.run>[0] } {
  const events: string[] = [];
  const { duo, store, clock } = world;
  return {
    events,
    changes: {
      duo: {
        source: duo.source,
        get(...request) {
          events.push('ask');
          return duo.get(...request);
        },
      },
      store: {
        ...store,
        put(key, ...rest) {
          events.push(key.startsWith('state/') ? 'save' : 'put');
          return store.put(key, ...rest);
        },
      },
      clock: {
        now: clock.now,
        sleep(ms, signal) {
          if (signal === undefined) events.push('wait');
          return clock.sleep(ms, signal);
        },
      },
    },
  };
}

/** Duo, but something happens before its n-th request (from 1). */
function beforeRequest(n: number, event: () => Promise<void>): DuoClient {
  const { duo } = world;
  let asked = 0;
  return {
    source: duo.source,
    async get(...request) {
      asked += 1;
      if (asked === n) await event();
      return duo.get(...request);
    },
  };
}

describe('pages that come without a pause', () => {
  test('are stored together: one save and one put, and a save at the end', async () => {
    world.addRecords(35);
    const { events, changes } = watched();
    expect(await world.run(changes)).toMatchObject({ report: { records: 35, pages: 5, objects: 1 } });
    expect(events.filter((event) => event !== 'ask')).toEqual(['save', 'put', 'save']);
    expect(world.store.records()).toEqual(world.log.published());
  });

  test('are stored when enough is held: an object has at least that and less than a page more', async () => {
    world.addRecords(35);
    const page = world.log.published().slice(0, 10).join('\n').length + 1;
    await world.run({ mostHeld: page + 1 });
    expect(objects()).toEqual([20, 15]);
    world.expectEachOnce();
  });

  test('make objects of four megabytes and less than a page more', async () => {
    const text = 'x'.repeat(300_000);
    for (let n = 0; n < 35; n++)
      world.log.add(visit(`id-${String(n).padStart(2, '0')}`, noon - hour + n * minute, text));
    const { report } = await world.run();
    const sizes = [...world.store.objects]
      .filter(([key]) => key.startsWith('logs/'))
      .map(([, body]) => recordsIn(body).join('\n').length);
    expect(report).toMatchObject({ records: 35, pages: 5 });
    expect(sizes.slice(0, -1).every((size) => size >= mostHeld && size < mostHeld + 3_100_000)).toBe(true);
    expect(sizes).toHaveLength(2);
  });

  test('are stored ten seconds after the first of them came, whatever the next one takes', async () => {
    world.addRecords(35);
    let late: string[] = [];
    const duo = beforeRequest(3, async () => {
      // The page before is taken in.
      await setImmediate();
      world.clock.advance(9 * second);
      await setImmediate();
      expect(world.store.records()).toEqual([]);
      world.clock.advance(2 * second);
      while (world.store.records().length === 0) await setImmediate();
      late = world.store.records();
    });
    await world.run({ duo });
    expect(late).toEqual(world.log.published().slice(0, late.length));
    expect(objects()).toHaveLength(2);
    world.expectEachOnce();
  });

  test('are stored before a 429 is waited for', async () => {
    world.addRecords(35);
    world.simulator.fail('throttle', { after: 2 });
    const { events, changes } = watched();
    expect(await world.run(changes)).toMatchObject({ outcome: 'caught-up', report: { records: 35 } });
    expect(events.slice(0, events.indexOf('wait')).slice(-2)).toEqual(['save', 'put']);
    expect(objects()).toEqual([20, 15]);
  });

  test('are stored before anything is asked for again', async () => {
    world.addRecords(35);
    world.simulator.fail('bad-gateway', { after: 3 });
    const { events, changes } = watched();
    await world.run(changes);
    expect(events.slice(0, events.indexOf('wait')).slice(-2)).toEqual(['save', 'put']);
    expect(objects()).toEqual([30, 5]);
  });

  test('are stored if the next one always fails: of six, five are there', async () => {
    world.addRecords(60);
    world.simulator.fail('bad-gateway', { times: 5, after: 5 });
    await expect(world.run()).rejects.toThrow(UnavailableError);
    expect(objects()).toEqual([50]);
    expect(world.checkpoint()).toMatchObject({ outbox: null, window: { pages: 5, read: 50 } });
    await world.run();
    world.expectEachOnce();
  });

  test('are stored if the next one is none that Duo documents', async () => {
    world.addRecords(35);
    world.simulator.fail({ status: 200, body: '{"stat":"OK","response":{"items":7}}' }, { after: 2 });
    await expect(world.run()).rejects.toThrow(UnexpectedResponseError);
    expect(objects()).toEqual([20]);
    await world.run();
    world.expectEachOnce();
  });

  test('are stored if the next one is of another account', async () => {
    world.addRecords(35);
    let asked = 0;
    const duo: DuoClient = {
      source: world.duo.source,
      async get(...request) {
        asked += 1;
        const answer = await world.duo.get(...request);
        return asked > 2 ? { ...answer, source: 'api-other.duosecurity.com' } : answer;
      },
    };
    await expect(world.run({ duo })).rejects.toThrow(CheckpointError);
    expect(objects()).toEqual([20]);
    expect(world.checkpoint()).toMatchObject({ source: simulatorCredentials.apiHost.toLowerCase() });
    await world.run();
    world.expectEachOnce();
  });

  test('are stored before a refused cursor of an earlier run has a new window opened', async () => {
    world.addRecords(45);
    await world.run({ maxPages: 1 });
    world.simulator.fail(
      { status: 400, body: { stat: 'FAIL', code: 40002, message: 'Invalid request parameters' } },
      { after: 2 },
    );
    expect(await world.run()).toMatchObject({ outcome: 'caught-up', report: { records: 35 } });
    expect(objects()).toEqual([10, 20, 15]);
    world.expectEachOnce();
  });

  test('are stored when no more pages may be read, or time is up', async () => {
    world.addRecords(65);
    expect(await world.run({ maxPages: 3 })).toMatchObject({ outcome: 'more', report: { objects: 1 } });
    expect(objects()).toEqual([30]);
    const { duo, clock } = world;
    const slow: DuoClient = {
      source: duo.source,
      get(...request) {
        clock.advance(4 * second);
        return duo.get(...request);
      },
    };
    expect(await world.run({ duo: slow, deadline: clock.now() + 7 * second })).toMatchObject({
      outcome: 'more',
      report: { records: 20, objects: 1 },
    });
    await world.run();
    world.expectEachOnce();
  });

  test('are not stored by a run that finds another one ahead, and not counted', async () => {
    world.addRecords(35);
    const store = disturbed(world.store, 0, 'before', async () => {
      await world.run();
      return undefined;
    });
    expect(await world.run({ store })).toMatchObject({
      outcome: 'superseded',
      report: { records: 0, objects: 0 },
    });
    expect(objects()).toEqual([35]);
  });

  test.each([0, 1])(
    'are not believed when storing them fails (write %d): the next run reads them again',
    async (n) => {
      world.addRecords(35);
      const store = disturbed(world.store, n, 'before', async () => {
        throw new Error('the store is down');
      });
      world.simulator.fail('bad-gateway', { times: 5, after: 2 });
      await expect(world.run({ store })).rejects.toThrow('the store is down');
      expect(objects()).toEqual([]);
      expect(store.puts).toBe(n + 1);
      await world.runUntilCaughtUp();
      world.expectEachOnce();
    },
  );

  test('are told of when storing them fails meanwhile', async () => {
    world.addRecords(35);
    const store = disturbed(world.store, 0, 'before', async () => {
      throw new Error('the store is down');
    });
    const duo = beforeRequest(3, async () => {
      await setImmediate();
      world.clock.advance(11 * second);
      while (store.puts === 0) await setImmediate();
    });
    await expect(world.run({ duo, store })).rejects.toThrow('the store is down');
    expect(store.puts).toBe(1);
    await world.run();
    world.expectEachOnce();
  });
});

describe('pages of a pass', () => {
  const yesterday = '2026-02-28';
  const evening = noon - 16 * hour;

  /** A day of which so many records were published when the live log had passed. */
  async function late(count: number): Promise<void> {
    await world.run();
    for (let n = 0; n < count; n++)
      world.log.add(visit(`late-${String(n).padStart(2, '0')}`, evening + n * second), {
        publishedAt: noon + 5 * minute,
      });
    world.clock.advance(hour);
    await world.runUntilCaughtUp();
    expect(objects()).toEqual([]);
  }

  test('are stored together, and then the receipt', async () => {
    await late(35);
    const { events, changes } = watched();
    const { receipt } = await world.pass(yesterday, { store: changes?.store ?? world.store });
    expect(receipt).toMatchObject({ shown: 35, stored: 35, repaired: 35 });
    expect(objects()).toEqual([35]);
    expect(events.filter((event) => event !== 'ask')).toEqual(['save', 'put', 'save', 'put']);
    world.expectEachOnce();
  });

  test('are stored when enough is held', async () => {
    await late(35);
    const page = world.log.published().slice(0, 9).join('\n').length + 1;
    await world.pass(yesterday, { mostHeld: page + 1 });
    expect(objects()).toEqual([18, 17]);
    world.expectEachOnce();
  });

  test('are stored if the next one always fails, and the next pass goes on behind them', async () => {
    await late(35);
    world.simulator.fail('bad-gateway', { times: 5, after: 3 });
    await expect(world.pass(yesterday)).rejects.toThrow(UnavailableError);
    expect(objects()).toEqual([27]);
    expect((await world.pass(yesterday)).receipt).toMatchObject({ shown: 35, stored: 35, repaired: 35 });
    world.expectEachOnce();
  });

  test('are stored before the pass ends because Duo throttles', async () => {
    await late(35);
    world.simulator.fail('throttle', { after: 2 });
    expect((await world.pass(yesterday)).outcome).toEqual({ kind: 'throttled' });
    expect(objects()).toEqual([18]);
    await world.pass(yesterday);
    world.expectEachOnce();
  });

  test('are stored if the pass fails where it looks for a record of another day, and nothing is under way then', async () => {
    await late(15);
    const key = `logs/visits/2026/02/27/${noon - 48 * hour}-${noon - 16 * hour}-000000-${'0'.repeat(32)}.ndjson.gz`;
    world.store.objects.set(key, gzipSync(`${visit('other', noon - 47 * hour)}\n`));
    const astray = { filedAt: evening + 10 * second, publishedAt: noon + 5 * minute };
    world.log.add(visit('astray', noon - 40 * hour), astray);
    let read = 0;
    let puts = 0;
    const store: Store = {
      ...world.store,
      async get(...what) {
        if (what[0] === key && ++read > 1) throw new Error('the store is down');
        return world.store.get(...what);
      },
      async put(...what) {
        puts += 1;
        return world.store.put(...what);
      },
    };
    await expect(world.pass(yesterday, { store })).rejects.toThrow('the store is down');
    const stored = world.store.records().length - 1;
    expect(stored).toBeGreaterThan(0);
    const before = puts;
    world.clock.advance(minute);
    await setImmediate();
    expect(puts).toBe(before);
    expect((await world.pass(yesterday)).receipt).toMatchObject({ shown: 15, stored: 15, astray: 1 });
  });

  test('are not stored by a pass that finds another one ahead', async () => {
    await late(35);
    const store = disturbed(world.store, 0, 'before', async () => {
      await world.pass(yesterday);
      return undefined;
    });
    expect((await world.pass(yesterday, { store })).outcome).toEqual({ kind: 'superseded' });
    expect(objects()).toEqual([35]);
  });
});
