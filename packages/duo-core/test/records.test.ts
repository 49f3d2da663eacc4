import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Memory, remember, seenOf, sift } from '../src/delivery/memory';
import { identity } from '../src/delivery/records';
import { type LogRecord, readRecord } from '../src/duo/record';
import { visit, visits } from './support/test-log';

describe('a record', () => {
  const latest = Date.parse('2026-03-01T12:00:30Z');
  const read = (text: string, unit: 'iso' | 's' | 'ms' = 'iso') =>
    readRecord(JSON.parse(text), text, { ...visits, time: { field: 'ts', unit } }, latest);

  test.each([
    ['iso', '"2026-03-01T12:00:00.304999+00:00"', Date.parse('2026-03-01T12:00:00.304Z')],
    ['iso', '"2026-03-01T12:00:00Z"', Date.parse('2026-03-01T12:00:00Z')],
    ['iso', '"2026-03-01T14:00:00.000001+02:00"', Date.parse('2026-03-01T12:00:00Z')],
    ['s', '1772366400', 1_772_366_400_000],
    ['s', '1772366400.3049', 1_772_366_400_304],
    ['ms', '1772366400304', 1_772_366_400_304],
  ] as const)('has a time in milliseconds, rounded down: %s %s', (unit, ts, time) => {
    expect(read(`{"ts":${ts}}`, unit).time).toBe(time);
  });

  test.each([
    ['iso', '"2026-03-01T12:00:00.304999"'],
    ['iso', '"2026-13-01T12:00:00Z"'],
    ['iso', '"yesterday"'],
    ['iso', '1772366400'],
    ['s', '"1772366400"'],
    ['s', '1e400'],
    ['ms', 'null'],
    ['iso', '"2026-03-01T12:00:30.001Z"'],
    ['s', '1772366400304'],
  ] as const)(
    'without a time that can be read, or with one that is still to come, has none, and does not fit: %s %s',
    (unit, ts) => {
      expect(read(`{"visit_id":"a","door":"b","ts":${ts}}`, unit)).toMatchObject({ time: null, fits: false });
    },
  );

  test('fits when it has what the schema asks for, whatever else it has', () => {
    expect(read(visit('a', 0).replace('{', '{"new": {}, ')).fits).toBe(true);
    expect(read(visit('a', 0).replace('"door"', '"gate"')).fits).toBe(false);
  });

  test('has an identity that only its text decides', () => {
    expect(identity('{"a":1}')).toBe(identity('{"a":1}'));
    expect(identity('{"a":1}')).not.toBe(identity('{"a": 1}'));
    expect(identity('')).toMatch(/^[\w-]{22}$/);
  });
});

describe('sifting', () => {
  const record = (text: string, time: number | null = 50_000) => ({ text, time, fits: true, name: null });
  const window = { from: 40_000, to: 60_000, last: 55_000, latest: 65_000 };
  const none = new Set<LogRecord>();
  /** As a run finds it that goes on, and as one does that begins with what was saved. */
  const memories = [(memory: Memory) => memory, (memory: Memory) => remember(seenOf(memory))];
  const empty = remember({});
  const texts = (page: string[], memory: Memory) =>
    sift(
      page.map((text) => record(text)),
      none,
      memory,
      window,
      0,
    );

  test('finds n − m records new of one that is n times on the page and m times in what was seen', () => {
    const page = fc.array(fc.constantFrom('a', 'b', 'c'));
    fc.assert(
      fc.property(page, page, page, fc.constantFrom(...memories), (first, second, third, go) => {
        const { memory } = texts(second, go(texts(first, empty).memory));
        const { fresh, duplicates, memory: after } = texts(third, go(memory));
        const count = (list: string[], text: string) => list.filter((one) => one === text).length;
        for (const text of ['a', 'b', 'c']) {
          const n = count(third, text);
          const m = Math.max(count(first, text), count(second, text));
          expect(fresh.filter((one) => one.text === text)).toHaveLength(Math.max(0, n - m));
          expect(seenOf(after)[identity(text)]?.[1] ?? 0).toBe(Math.max(n, m));
        }
        expect(fresh.length + duplicates).toBe(third.length);
      }),
    );
  });

  test.each(memories)(
    'knows a record again whose time can be read by now: its second is no name to find it by (%#)',
    (go) => {
      const early = { ...record('a', null), name: null };
      const { memory } = sift([early], none, empty, window, 0);
      const now = { ...record('a', 50_000), name: '50' };
      expect(sift([now], none, go(memory), window, 0).fresh).toEqual([]);
      expect(sift([early], none, go(sift([now], none, empty, window, 0).memory), window, 0).fresh).toEqual(
        [],
      );
    },
  );

  test('tells records apart that have one name', () => {
    fc.assert(
      fc.property(fc.constantFrom(...memories), (go) => {
        const named = (text: string) => ({ ...record(text), name: 'one' });
        const first = sift([named('a'), named('b')], none, empty, window, 0);
        const later = sift([named('b'), named('c'), named('a')], none, go(first.memory), window, 0);
        expect(later.fresh.map(({ text }) => text)).toEqual(['c']);
        const again = sift([named('a'), named('c')], none, go(later.memory), window, 0);
        expect(again.fresh).toEqual([]);
        expect(Object.keys(seenOf(again.memory))).toHaveLength(3);
      }),
    );
  });

  test('tells a record apart from one of its name that an earlier page has shown', () => {
    const first = sift([{ ...record('a'), name: 'one' }], none, empty, window, 0);
    const second = sift([record('between')], none, first.memory, window, 0);
    const third = sift([{ ...record('c'), name: 'one' }], none, second.memory, window, 0);
    expect(third.fresh.map(({ text }) => text)).toEqual(['c']);
  });

  test.each(memories)('consumes nothing: the same page again brings nothing new (%#)', (go) => {
    const { memory } = texts(['a', 'b', 'a'], empty);
    const again = texts(['a', 'b', 'a'], go(memory));
    expect(again).toMatchObject({ fresh: [], duplicates: 3 });
    expect(seenOf(again.memory)).toEqual(seenOf(memory));
  });

  test.each(memories)('forgets what is older than it is told to, and nothing else (%#)', (go) => {
    const at = (text: string, time: number) =>
      sift([record(text, time)], none, empty, { ...window, last: time }, 0).memory;
    const before = { saved: new Map(), met: new Map([...at('old', 41_000).met, ...at('young', 45_000).met]) };
    const { memory } = sift([record('now', 50_000)], none, go(before), window, 45_000);
    expect(seenOf(memory)).toEqual({ [identity('young')]: [45_000, 1], [identity('now')]: [55_000, 1] });
  });

  test.each(memories)(
    'keeps what it knows of records that are left to another window, and finds none of them new (%#)',
    (go) => {
      const { memory } = texts(['a'], empty);
      const [known, unknown] = [record('a'), record('b')];
      const left = sift([known, unknown], new Set([known, unknown]), go(memory), window, 60_000);
      expect(left).toMatchObject({ fresh: [], duplicates: 0 });
      expect(seenOf(left.memory)).toEqual({ [identity('a')]: [65_000, 1] });
    },
  );

  test.each([
    ['none that can be read', null, 65_000],
    ['one long before the window', 38_999, 65_000],
    ['one just before it, as far as bounds are coarse', 39_000, 55_000],
    ['one in it', 50_000, 55_000],
    ['one in it, but after where the page ends', 58_000, 58_000],
    ['one just after it', 61_000, 61_000],
    ['one long after it', 61_001, 65_000],
  ])(
    'remembers a record under the latest time at which Duo may have filed it: its own is %s',
    (_what, time, at) => {
      const { fresh, memory } = sift([record('before'), record('it', time)], none, empty, window, 0);
      expect(fresh.map(({ text }) => text)).toEqual(['before', 'it']);
      expect(seenOf(memory)[identity('it')]).toEqual([at, 1]);
    },
  );

  test.each(memories)('remembers a record without a time for as long as it is met again (%#)', (go) => {
    const { memory } = sift([record('a', null)], none, empty, window, 0);
    const later = sift([record('a', null)], none, go(memory), { ...window, latest: 90_000 }, 0);
    expect(later.fresh).toEqual([]);
    expect(seenOf(later.memory)).toEqual({ [identity('a')]: [90_000, 1] });
  });
});
