import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { simulatorCredentials } from 'duo-simulator';
import type { DuoClient } from '../src/duo/duo-client';
import { recordsIn } from '../src/store/object';
import type { Store } from '../src/store/store';
import { disturbed } from './support/memory-store';
import { visit, visits } from './support/test-log';
import { createWorld, hour, minute, noon, second } from './support/world';

let world: Awaited<ReturnType<typeof createWorld>>;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

describe('a run', () => {
  test('stores every record once, in order, as Duo sent it', async () => {
    world.addRecords(35);
    const { outcome, report } = await world.run();
    expect(outcome).toBe('caught-up');
    expect(report).toMatchObject({ records: 35, duplicates: 0, pages: 5, objects: 1, drifted: 0 });
    expect(world.store.records()).toEqual(world.log.published());
  });

  test('names an object by its log type, day, window, page and content', async () => {
    world.addRecords(12);
    await world.run({ mostHeld: 1 });
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
    world.addRecords(12);
    world.log.add(visit('recent', noon - 3 * minute));
    await world.run();
    expect(world.checkpoint()).toMatchObject({
      version: 2,
      logType: 'visits',
      source: simulatorCredentials.apiHost,
      since: noon - 24 * hour,
      watermark: noon - 2 * minute,
      reach: noon - 7 * minute,
      window: null,
      outbox: null,
      short: 0,
      gaps: [],
    });
    // Of the last page, each record under the time of the last one: Duo may have filed it as late as that.
    const page = [noon - 3 * minute, 1];
    expect(Object.values(world.checkpoint().seen)).toEqual([page, page, page]);
  });

  test('stores nothing but the checkpoint when there is nothing', async () => {
    expect((await world.run()).outcome).toBe('caught-up');
    expect([...world.store.objects.keys()]).toEqual(['state/visits.json']);
  });

  test('remembers what lies half a second before the next window: Duo may show it again', async () => {
    const nextFrom = noon - 7 * minute;
    world.log.add(visit('before', nextFrom - 500));
    await world.run();
    expect(world.checkpoint().reach).toBe(nextFrom);
    expect(Object.keys(world.checkpoint().seen)).toHaveLength(1);
  });

  test('asks for nothing within a minute of the last window', async () => {
    await world.run();
    world.clock.advance(59 * second);
    const { outcome, report } = await world.run();
    expect({ outcome, pages: report.pages }).toEqual({ outcome: 'caught-up', pages: 0 });
  });

  test('finds what came in since, and a record that Duo published late', async () => {
    world.addRecords(12);
    await world.run();
    world.log.add(visit('late', noon - 6 * minute), { publishedAt: noon + second });
    world.log.add(visit('new', noon + minute));
    world.clock.advance(5 * minute);
    const { report } = await world.run();
    expect(report).toMatchObject({ records: 2, duplicates: 0 });
    world.expectEachOnce();
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
      other.addRecords(40);
      await other.run();
      other.expectEachOnce();
    } finally {
      await other.close();
    }
  });

  test('reads no more pages than it may, and the next one goes on from there', async () => {
    world.addRecords(35);
    const first = await world.run({ maxPages: 2 });
    expect(first).toMatchObject({ outcome: 'more', report: { pages: 2, records: 20 } });
    expect(world.checkpoint()).toMatchObject({ outbox: null, window: { pages: 2 } });
    expect((await world.run()).report).toMatchObject({ records: 15, duplicates: 0 });
    world.expectEachOnce();
  });

  test('makes progress one page at a time, even where every page only repeats what was met before', async () => {
    for (let i = 0; i < 50; i++) world.log.add(visit(`burst-${i}`, noon - 4 * minute));
    await world.run();
    world.clock.advance(2 * minute);
    world.log.add(visit('after the burst', noon - minute));
    for (let runs = 0; runs < 8; runs++) await world.run({ maxPages: 1 });
    world.expectEachOnce();
  });

  test('asks for the next page while one is stored, and for none that it may not read', async () => {
    world.addRecords(35);
    const events: string[] = [];
    const duo: DuoClient = {
      source: world.duo.source,
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
    await world.run({ duo, store, maxPages: 2, mostHeld: 1 });
    expect(events).toEqual(['ask', 'ask', 'save', 'put', 'save', 'put', 'save']);
  });

  test('has nothing under way when it ends', async () => {
    world.addRecords(35);
    let underWay = 0;
    const duo: DuoClient = {
      source: world.duo.source,
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
    world.addRecords(5);
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
      world.simulator.fail('throttle', { times: 2 });
      expect((await world.run({ deadline: world.clock.now() + minute })).outcome).toBe('throttled');
      world.clock.advance(hour);
    }
    await world.run();
    expect(world.checkpoint()).toMatchObject({ since: noon - 24 * hour, gaps: [] });
    world.expectEachOnce();
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
    world.addRecords(20);
    const far = {
      status: 200,
      body: `{"stat":"OK","response":{"items":[${visit('far', noon - minute)}],"metadata":{"next_offset":"1,a"}}}`,
    };
    world.simulator.fail(far);
    await world.run({ maxPages: 1 });
    expect(world.store.records()).toEqual([visit('far', noon - minute)]);
    expect(world.checkpoint().watermark).toBe(noon - 24 * hour);
  });
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
    world.expectEachOnce();
  });
});

describe('after an outage', () => {
  test('longer than Duo keeps records, the gap is stated once and collecting goes on', async () => {
    world.addRecords(5);
    await world.run();
    world.clock.advance(200 * 24 * hour);
    const now = world.clock.now();
    world.log.add(visit('after', now - hour));
    const first = await world.run();
    expect(first.report).toMatchObject({ records: 1, gaps: 1 });
    expect(first.messages.filter((message) => message.startsWith('Duo no longer has'))).toEqual([
      `Duo no longer has what was logged from 2026-03-01T11:58:00.000Z to ${new Date(now - 179 * 24 * hour).toISOString()}`,
    ]);
    expect(world.checkpoint().gaps).toEqual([[noon - 2 * minute, now - 179 * 24 * hour]]);
    world.clock.advance(5 * minute);
    expect((await world.run()).report.gaps).toBe(0);
    world.expectEachOnce();
  });
});

test('an object holds the lines that its name promises', async () => {
  world.addRecords(3);
  await world.run();
  const [key, body] = [...world.store.objects].find(([name]) => name.startsWith('logs/')) ?? [
    '',
    new Uint8Array(),
  ];
  expect(recordsIn(body)).toEqual(world.log.published());
  expect(key).toContain(visits.name);
});
