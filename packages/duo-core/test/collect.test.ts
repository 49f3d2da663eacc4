import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fakeClock, recordsIn } from 'duo-simulator';
import type { DuoClient } from '../src/duo-client';
import {
  BadRequestError,
  CheckpointError,
  ClockError,
  ResponseTooLargeError,
  UnavailableError,
  UnexpectedResponseError,
} from '../src/errors';
import type { Store } from '../src/store';
import { disturbed, memoryStore } from './support/memory-store';
import { visit, visits } from './support/test-log';
import { createWorld, hour, minute, noon, second } from './support/world';

let world: Awaited<ReturnType<typeof createWorld>>;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

/** Some records of the last day, several of them in the same millisecond, the last some minutes old. */
function addRecords(count: number, { log } = world): void {
  for (let i = 0; i < count; i++) {
    const time = noon - 10 * minute - Math.floor((count - 1 - i) / 4) * 20 * second;
    log.add(visit(`id-${String(i).padStart(4, '0')}`, time));
  }
}

/** Every published record is in the store, each once. */
function expectEachOnce({ store, log } = world): void {
  expect(store.records().sort()).toEqual(log.published().sort());
}

function checkpointOf(store = world.store) {
  return JSON.parse(Buffer.from(store.objects.get('state/visits.json') ?? '').toString());
}

describe('a run', () => {
  test('stores every record once, in order, as Duo sent it', async () => {
    addRecords(35);
    const { outcome, report } = await world.run();
    expect(outcome).toBe('caught-up');
    expect(report).toMatchObject({ records: 35, duplicates: 0, pages: 5, objects: 4, drifted: 0 });
    expect(world.store.records()).toEqual(world.log.published());
  });

  test('names an object by its log type, day, window, page and content', async () => {
    addRecords(12);
    await world.run();
    const keys = [...world.store.objects.keys()].filter((key) => key.startsWith('logs/'));
    const window = `${noon - 24 * hour}-${noon - 2 * minute}`;
    expect(keys).toEqual([
      expect.stringMatching(
        new RegExp(`^logs/visits/2026/03/01/${window}-000000-[0-9a-f]{32}\\.ndjson\\.gz$`),
      ),
      expect.stringMatching(
        new RegExp(`^logs/visits/2026/03/01/${window}-000001-[0-9a-f]{32}\\.ndjson\\.gz$`),
      ),
    ]);
  });

  test('leaves a checkpoint between windows: nothing in the outbox, the overlap in seen', async () => {
    addRecords(12);
    world.log.add(visit('recent', noon - 3 * minute));
    await world.run();
    expect(checkpointOf()).toMatchObject({
      version: 1,
      logType: 'visits',
      since: noon - 24 * hour,
      until: null,
      watermark: noon - 2 * minute,
      reach: noon - 7 * minute,
      window: null,
      outbox: null,
      gaps: [],
    });
    expect(Object.values(checkpointOf().seen)).toEqual([[noon - 3 * minute, 1]]);
  });

  test('stores nothing but the checkpoint when there is nothing', async () => {
    expect((await world.run()).outcome).toBe('caught-up');
    expect([...world.store.objects.keys()]).toEqual(['state/visits.json']);
  });

  test('asks for nothing within a minute of the last window', async () => {
    await world.run();
    world.clock.advance(59 * second);
    const { outcome, report } = await world.run();
    expect({ outcome, pages: report.pages }).toEqual({ outcome: 'caught-up', pages: 0 });
  });

  test('finds what came in since, and a record that Duo published late', async () => {
    addRecords(12);
    await world.run();
    world.log.add(visit('late', noon - 6 * minute), { publishedAt: noon + second });
    world.log.add(visit('new', noon + minute));
    world.clock.advance(5 * minute);
    const { report } = await world.run();
    expect(report).toMatchObject({ records: 2, duplicates: 0 });
    expectEachOnce();
  });

  test.each([
    { ending: 'cursor', cursorForm: 'string' },
    { ending: 'cursor', cursorForm: 'array' },
    { ending: 'null', cursorForm: 'string' },
    { ending: 'null', cursorForm: 'array' },
    { ending: 'absent', cursorForm: 'string' },
    { ending: 'absent', cursorForm: 'array' },
  ] as const)('reads to the end where the last page has the cursor form %o', async (form) => {
    const other = await createWorld(form);
    try {
      addRecords(40, other);
      await other.run();
      expectEachOnce(other);
    } finally {
      await other.close();
    }
  });

  test('reads no more pages than it may, and the next one goes on from there', async () => {
    addRecords(35);
    const first = await world.run({ maxPages: 2 });
    expect(first).toMatchObject({ outcome: 'more', report: { pages: 2, records: 20 } });
    expect(checkpointOf()).toMatchObject({ outbox: null, window: { pages: 2 } });
    expect((await world.run()).report).toMatchObject({ records: 15, duplicates: 0 });
    expectEachOnce();
  });

  test('makes progress one page at a time, even where every page only repeats what was met before', async () => {
    for (let i = 0; i < 50; i++) world.log.add(visit(`burst-${i}`, noon - 4 * minute));
    await world.run();
    world.clock.advance(2 * minute);
    world.log.add(visit('after the burst', noon - minute));
    for (let runs = 0; runs < 8; runs++) await world.run({ maxPages: 1 });
    expectEachOnce();
  });

  test('asks for the next page while one is stored, and for none that it may not read', async () => {
    addRecords(35);
    const events: string[] = [];
    const duo: DuoClient = {
      get(...request) {
        events.push('ask');
        return world.duo.get(...request);
      },
    };
    const store: Store = {
      ...world.store,
      put(key, ...rest) {
        events.push(key.startsWith('state/') ? 'save' : 'put');
        return world.store.put(key, ...rest);
      },
    };
    await world.run({ duo, store, maxPages: 2 });
    expect(events).toEqual(['ask', 'ask', 'save', 'put', 'save', 'put', 'save']);
  });

  test('has nothing under way when it ends', async () => {
    addRecords(35);
    let underWay = 0;
    const duo: DuoClient = {
      async get(...request) {
        underWay += 1;
        const answer = await world.duo.get(...request);
        underWay -= 1;
        return answer;
      },
    };
    const store = disturbed(world.store, 0, 'before', async () => {
      throw new Error('no');
    });
    await expect(world.run({ duo, store })).rejects.toThrow('no');
    expect(underWay).toBe(0);
  });

  test('starts nothing new after the deadline', async () => {
    addRecords(5);
    const { outcome, report } = await world.run({ deadline: noon });
    expect({ outcome, pages: report.pages, requests: world.simulator.requests.length }).toEqual({
      outcome: 'more',
      pages: 0,
      requests: 0,
    });
  });

  test('that gets nowhere keeps where the log begins, however long it takes to get somewhere', async () => {
    world.log.add(visit('an hour before the first run', noon - hour));
    for (let hours = 0; hours < 30; hours++) {
      world.simulator.fail('throttle');
      expect((await world.run({ deadline: world.clock.now() + minute })).outcome).toBe('throttled');
      world.clock.advance(hour);
    }
    await world.run();
    expect(checkpointOf()).toMatchObject({ since: noon - 24 * hour, gaps: [] });
    expectEachOnce();
  });

  test('may begin as far back as Duo keeps records, without a gap', async () => {
    const now = () => {
      world.clock.advance(150);
      return world.clock.now();
    };
    const tick = { now, sleep: world.clock.sleep };
    const { report } = await world.run({ clock: tick, lookback: 179 * 24 * hour });
    expect(report.gaps).toBe(0);
    expect(world.simulator.requests[0]?.status).toBe(200);
  });

  test('goes on with a backfill that began when Duo still had all of it', async () => {
    const backfill = { since: noon - 179 * 24 * hour, until: noon - 5 * minute };
    addRecords(25);
    expect((await world.run({ backfill, maxPages: 1 })).outcome).toBe('more');
    world.clock.advance(5 * minute);
    expect((await world.run({ backfill })).outcome).toBe('caught-up');
    expectEachOnce();
    const older = { ...backfill, until: noon - 6 * minute };
    await expect(world.run({ backfill: older })).rejects.toThrow(
      'Duo keeps 180 days: the earliest to begin with is 2025-09-03',
    );
  });

  test('reads a span of its own for a backfill and leaves the live checkpoint alone', async () => {
    addRecords(30);
    const live = await world.run({ lookback: 11 * minute });
    expect(live.report.records).toBe(16);
    const before = checkpointOf();
    const backfill = { since: noon - 24 * hour, until: noon - 11 * minute };
    expect((await world.run({ backfill })).report.records).toBe(14);
    expect(checkpointOf()).toEqual(before);
    expect(world.store.objects.has(`state/visits/${backfill.since}-${backfill.until}.json`)).toBe(true);
    expect((await world.run({ backfill })).report).toMatchObject({ records: 0, pages: 0 });
    expectEachOnce();
  });
});

describe('records that are odd', () => {
  test('are stored byte for byte', async () => {
    const ts = '"ts":"2026-03-01T11:30:00.000000+00:00"';
    const odd = [
      `{"visit_id":"a",${ts},"door":"main","n":12345678901234567890,"f":1.0,"e":1e400,"s":"\\ud800","n":1}`,
      `{"visit_id":"b",${ts},"door":"}]{[\\"\\\\","u":"\u2028é😀","nested":{"visit_id":"x"}}`,
      `{ "visit_id" :  "c" ,${ts},\t"door":"main" }`,
    ];
    for (const record of odd) world.log.add(record);
    await world.run();
    expect(world.store.records()).toEqual(odd);
  });

  test('are stored and counted where they do not fit the schema or have no readable time', async () => {
    const answer = (records: string, next: string) => ({
      status: 200,
      body: `{"stat":"OK","response":{"items":[${records}],"metadata":{"next_offset":${next}}}}`,
    });
    world.simulator.fail(
      answer(`{"visit_id":"a","ts":"yesterday"}, "not even an object", ${visit('b', noon - hour)}`, 'null'),
    );
    const { report } = await world.run();
    expect(report).toMatchObject({ records: 3, drifted: 2 });
    expect(world.store.records()).toEqual([
      `{"visit_id":"a","ts":"yesterday"}`,
      '"not even an object"',
      visit('b', noon - hour),
    ]);
    expect(Object.keys(checkpointOf().seen)).toHaveLength(2);
  });
});

describe('records whose time is not the one that Duo files them under', () => {
  const page = (...records: string[]) => ({
    status: 200,
    body: `{"stat":"OK","response":{"items":[${records.join(',')}],"metadata":{"next_offset":null}}}`,
  });
  const nowhere = '{"visit_id":"a","ts":"yesterday","door":"main"}';

  test.each([
    ['cannot be read', nowhere],
    ['lies long before the window', visit('a', noon - 20 * hour)],
    ['is still to come', visit('a', noon + 365 * 24 * hour)],
  ])('are stored once although Duo shows them again and again: it %s', async (_what, record) => {
    await world.run();
    world.clock.advance(5 * minute);
    for (let runs = 0; runs < 6; runs++) {
      world.simulator.fail(page(record));
      await world.run();
      world.clock.advance(5 * minute);
    }
    expect(world.store.records()).toEqual([record]);
  });

  test('do not let the watermark jump over the others', async () => {
    addRecords(20);
    const far = {
      status: 200,
      body: `{"stat":"OK","response":{"items":[${visit('far', noon - minute)}],"metadata":{"next_offset":"1,a"}}}`,
    };
    world.simulator.fail(far);
    const { messages } = await world.run({ maxPages: 1 });
    expect(messages).toContain('1 records lie outside the span that was asked for');
    expect(checkpointOf().watermark).toBe(noon - 24 * hour);
  });
});

describe('whatever write fails', () => {
  const outcomes = {
    fails: async () => {
      throw new Error('the store is down');
    },
    'is answered by a conflict': async () => ({ kind: 'conflict' as const }),
  };

  test.each(['before', 'after'] as const)('%s it took effect, nothing is lost or doubled', async (moment) => {
    for (const [what, event] of Object.entries(outcomes)) {
      for (let n = 0; ; n++) {
        const trial = await createWorld();
        try {
          addRecords(35, trial);
          const store = disturbed(trial.store, n, moment, event);
          await trial.run({ store }).catch((error: Error) => expect(error.message).toBe('the store is down'));
          if (store.puts <= n) {
            expect(n).toBeGreaterThanOrEqual(9);
            break;
          }
          trial.log.add(visit('later', noon + minute));
          await trial.runUntilCaughtUp();
          expect({ what, n, records: trial.store.records().sort() }).toEqual({
            what,
            n,
            records: trial.log.published().sort(),
          });
        } finally {
          await trial.close();
        }
      }
    }
  });

  test('a save whose answer was lost is recognised as its own', async () => {
    addRecords(35);
    // The SDK repeats a put that got no answer, and the repeated one then finds the object changed.
    const store = disturbed(world.store, 2, 'after', async () => ({ kind: 'changed' }));
    expect(await world.run({ store })).toMatchObject({ outcome: 'caught-up', report: { records: 35 } });
    expectEachOnce();
  });

  test('a checkpoint that vanishes during a run is an error', async () => {
    addRecords(35);
    const store = disturbed(world.store, 2, 'before', async () => {
      world.store.objects.delete('state/visits.json');
      return undefined;
    });
    await expect(world.run({ store })).rejects.toThrow(CheckpointError);
  });

  test('so it is when the save met another one before', async () => {
    addRecords(35);
    const store = disturbed(world.store, 2, 'before', async () => {
      world.store.objects.delete('state/visits.json');
      return { kind: 'conflict' };
    });
    await expect(world.run({ store })).rejects.toThrow('the checkpoint vanished during the run');
  });

  test('an object that was stored and then deleted by its reader is not stored again', async () => {
    addRecords(5);
    await world.run();
    for (const key of world.store.objects.keys())
      if (key.startsWith('logs/')) world.store.objects.delete(key);
    await world.runUntilCaughtUp();
    expect(world.store.records()).toEqual([]);
  });
});

test('a run that fails lets go of what it has stored, so that it is not stored again after its reader deleted it', async () => {
  addRecords(15);
  world.simulator.fail('bad-gateway', { times: 5, after: 1 });
  await expect(world.run()).rejects.toThrow(UnavailableError);
  expect(checkpointOf()).toMatchObject({ outbox: null, window: { pages: 1 } });
});

test('a run that fails and then cannot save either fails with the first reason', async () => {
  addRecords(15);
  world.simulator.fail('bad-gateway', { times: 5, after: 1 });
  const store = disturbed(world.store, 2, 'before', async () => {
    throw new Error('the store is down');
  });
  await expect(world.run({ store })).rejects.toThrow(UnavailableError);
  await world.runUntilCaughtUp();
  expectEachOnce();
});

describe('two runs at once', () => {
  test.each(['before', 'after'] as const)(
    'wherever the second starts (%s a write of the first), with a record published late in between',
    async (moment) => {
      for (let n = 0; ; n++) {
        const trial = await createWorld();
        try {
          addRecords(35, trial);
          let second: string | undefined;
          const store = disturbed(trial.store, n, moment, async () => {
            trial.log.add(visit('late', noon - 6 * minute), { publishedAt: noon });
            second = (await trial.run()).outcome;
            return undefined;
          });
          const first = await trial.run({ store });
          if (store.puts <= n) {
            expect(n).toBeGreaterThanOrEqual(9);
            break;
          }
          expect(second).toBe('caught-up');
          expect(['superseded', 'caught-up']).toContain(first.outcome);
          await trial.runUntilCaughtUp();
          expect({ n, records: trial.store.records().sort() }).toEqual({
            n,
            records: trial.log.published().sort(),
          });
        } finally {
          await trial.close();
        }
      }
    },
  );

  test('the one that is behind ends as superseded and stores nothing of its page', async () => {
    addRecords(35);
    const store = disturbed(world.store, 0, 'before', async () => {
      await world.run();
      return undefined;
    });
    expect(await world.run({ store })).toMatchObject({
      outcome: 'superseded',
      report: { records: 0, objects: 0 },
    });
    expectEachOnce();
  });
});

describe('when Duo', () => {
  const odd = (response: string) => ({ status: 200, body: `{"stat":"OK","response":${response}}` });

  test.each(['error', 'bad-gateway', 'reset', 'truncate', 'not-json'] as const)(
    'fails once (%s), the page is asked for again',
    async (fault) => {
      addRecords(12);
      world.simulator.fail(fault, { after: 1 });
      expect((await world.run()).outcome).toBe('caught-up');
      expect(world.clock.slept).toHaveLength(1);
      expectEachOnce();
    },
  );

  test('keeps failing, the run fails with nothing moved', async () => {
    addRecords(12);
    world.simulator.fail('bad-gateway', { times: 5, after: 1 });
    await expect(world.run()).rejects.toThrow(UnavailableError);
    expect(world.store.records()).toHaveLength(10);
    await world.run();
    expectEachOnce();
  });

  test('throttles, the run waits at least a minute and goes on', async () => {
    addRecords(12);
    world.simulator.fail('throttle', { after: 1 });
    expect(await world.run()).toMatchObject({ outcome: 'caught-up', report: { throttles: 1 } });
    expect(world.clock.slept).toEqual([75 * second]);
    expectEachOnce();
  });

  test('throttles for more than a minute, the run goes on to what came in meanwhile', async () => {
    addRecords(12);
    world.log.add(visit('meanwhile', noon - minute));
    world.simulator.fail('throttle', { after: 2 });
    expect(await world.run()).toMatchObject({ outcome: 'caught-up', report: { records: 13 } });
    expectEachOnce();
  });

  test('throttles for longer than there is time, the run ends without an error and the next one goes on', async () => {
    addRecords(25);
    world.simulator.fail('throttle', { times: 3, after: 2 });
    expect(await world.run({ deadline: noon + 3 * minute })).toMatchObject({
      outcome: 'throttled',
      report: { records: 20 },
    });
    expect(checkpointOf()).toMatchObject({ outbox: null, window: { pages: 2 } });
    await world.run();
    expectEachOnce();
  });

  test('no longer accepts the cursor of an earlier run, a new window is opened and nothing is read twice', async () => {
    addRecords(35);
    await world.run({ maxPages: 2 });
    world.clock.advance(5 * minute);
    world.simulator.fail({
      status: 400,
      body: {
        stat: 'FAIL',
        code: 40002,
        message: 'Invalid request parameters',
        message_detail: 'next_offset',
      },
    });
    expect(await world.run()).toMatchObject({ outcome: 'caught-up', report: { records: 15 } });
    expectEachOnce();
  });

  test("refuses a window that this run opened, the run fails with Duo's own reason", async () => {
    world.simulator.fail({
      status: 400,
      body: { stat: 'FAIL', code: 40002, message: 'Invalid request parameters', message_detail: 'limit' },
    });
    const failed = world.run();
    await expect(failed).rejects.toThrow(BadRequestError);
    await expect(failed).rejects.toThrow('400 40002 Invalid request parameters (limit)');
    expect(world.store.objects.size).toBe(0);
  });

  test('hands back the cursor that it was asked with, the run fails', async () => {
    addRecords(25);
    const page = odd(`{"items":[${visit('x', noon - hour)}],"metadata":{"next_offset":"1,x"}}`);
    world.simulator.fail(page, { times: 2 });
    await expect(world.run()).rejects.toThrow(UnexpectedResponseError);
  });

  test.each([
    ['a list', '[]'],
    ['no list of records', '{"metadata":{}}'],
    ['a list under another name', '{"events":[],"metadata":{}}'],
    ['no metadata', '{"items":[]}'],
    ['a cursor of another type', '{"items":[],"metadata":{"next_offset":{"ts":1}}}'],
  ])('answers with %s, the run fails with nothing written', async (_what, response) => {
    world.simulator.fail(odd(response));
    await expect(world.run()).rejects.toThrow(UnexpectedResponseError);
    expect(world.store.objects.size).toBe(0);
  });

  test('sends a record on two pages, it is stored once', async () => {
    const twice = visit('twice', noon - hour);
    world.simulator.fail(odd(`{"items":[${twice}],"metadata":{"next_offset":"1,a"}}`));
    world.simulator.fail(
      odd(`{"items":[${twice},${visit('b', noon - hour + 1)}],"metadata":{"next_offset":null}}`),
    );
    expect((await world.run()).report).toMatchObject({ records: 2, duplicates: 1 });
    expect(world.store.records()).toEqual([twice, visit('b', noon - hour + 1)]);
  });

  test('ignores the order, the watermark waits for the end of the window', async () => {
    const page = odd(
      `{"items":[${visit('b', noon - 3 * minute)},${visit('a', noon - hour)}],"metadata":{"next_offset":"1,a"}}`,
    );
    world.simulator.fail(page);
    await world.run({ maxPages: 1 });
    expect(checkpointOf()).toMatchObject({ watermark: noon - 24 * hour, window: { cursor: '1,a' } });
  });

  test('sends a page that is too large, it is asked for in halves', async () => {
    addRecords(35);
    const duo = await tooLargeAbove(4);
    expect(await world.run({ duo })).toMatchObject({ outcome: 'caught-up', report: { records: 35 } });
    expectEachOnce();
    const limits = world.simulator.requests.map(({ params }) => Number(params.limit));
    expect(limits[0]).toBe(3);
    await expect(world.run({ duo: await tooLargeAbove(0), store: memoryStore() })).rejects.toThrow(
      ResponseTooLargeError,
    );
  });

  async function tooLargeAbove(most: number) {
    const { createDuoClient } = await import('../src/duo-client');
    const { simulatorCredentials } = await import('duo-simulator');
    const client = createDuoClient({
      credentials: { source: '', get: async () => simulatorCredentials, renew() {} },
      clock: world.clock,
      apiUrl: world.apiUrl,
    });
    return {
      get: async (path: string, params: Readonly<Record<string, string>>, giveUpAt: number) => {
        if (Number(params.limit) > most) throw new ResponseTooLargeError('too large');
        return client.get(path, params, giveUpAt);
      },
    };
  }
});

describe('a backlog', () => {
  test('of many runs is worked off steadily under throttling and short deadlines, and never starts over', async () => {
    for (let i = 0; i < 200; i++) world.log.add(visit(`id-${i}`, noon - 20 * hour + i * minute));
    let runs = 0;
    for (let outcome = ''; outcome !== 'caught-up'; runs++) {
      world.simulator.fail('throttle', { after: 2 });
      ({ outcome } = await world.run({ deadline: world.clock.now() + 30 * second }));
      world.clock.advance(5 * minute);
    }
    // Twenty pages with records, two a run, and the fault after each pair.
    expect(runs).toBeLessThanOrEqual(12);
    expect(world.simulator.requests.filter(({ records }) => records > 0)).toHaveLength(20);
    expectEachOnce();
  });
});

describe('the clock', () => {
  test("being ahead of Duo's stops the run before a record is missed", async () => {
    addRecords(5);
    const ahead = { now: () => world.clock.now() + 3 * minute, sleep: world.clock.sleep };
    await expect(world.run({ clock: ahead })).rejects.toThrow(ClockError);
    expect(world.store.objects.size).toBe(0);
  });

  test("being ahead of Duo's stops a backfill before it gives up what Duo still has", async () => {
    const day = 24 * hour;
    const backfill = { since: noon - 178 * day, until: noon - 170 * day };
    world.log.add(visit('old', noon - 178 * day + hour));
    await world.run({ backfill, deadline: noon });
    const clock = fakeClock(noon + 5 * day);
    const times = { deadline: clock.now() + 4 * minute, cutoff: clock.now() + 5 * minute };
    await expect(world.run({ backfill, clock, ...times })).rejects.toThrow(ClockError);
    await world.run({ backfill });
    expectEachOnce();
  });

  test('having jumped back stops the run', async () => {
    await world.run();
    world.clock.advance(-10 * minute);
    await expect(world.run()).rejects.toThrow(ClockError);
  });
});

describe('after an outage', () => {
  test('longer than Duo keeps records, the gap is stated once and collecting goes on', async () => {
    addRecords(5);
    await world.run();
    world.clock.advance(200 * 24 * hour);
    const now = world.clock.now();
    world.log.add(visit('after', now - hour));
    const first = await world.run();
    expect(first.report).toMatchObject({ records: 1, gaps: 1 });
    expect(first.messages.filter((message) => message.startsWith('Duo no longer has'))).toEqual([
      `Duo no longer has what was logged from 2026-03-01T11:58:00.000Z to ${new Date(now - 179 * 24 * hour).toISOString()}`,
    ]);
    expect(checkpointOf().gaps).toEqual([[noon - 2 * minute, now - 179 * 24 * hour]]);
    world.clock.advance(5 * minute);
    expect((await world.run()).report.gaps).toBe(0);
    expectEachOnce();
  });
});

test('an object holds the lines that its name promises', async () => {
  addRecords(3);
  await world.run();
  const [key, body] = [...world.store.objects].find(([name]) => name.startsWith('logs/')) ?? [
    '',
    new Uint8Array(),
  ];
  expect(recordsIn(body)).toEqual(world.log.published());
  expect(key).toContain(visits.name);
});
