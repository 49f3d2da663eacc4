import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { identity, type Seen, sift } from '../src/delivery/records';
import { readRecord } from '../src/duo/record';
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
  const texts = (page: string[], seen: Seen) =>
    sift(
      page.map((text) => record(text)),
      seen,
      window,
      0,
    );

  test('finds n − m records new of one that is n times on the page and m times in what was seen', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c')),
        fc.array(fc.constantFrom('a', 'b', 'c')),
        (earlier, page) => {
          const { seen } = texts(earlier, {});
          const { fresh, seen: after } = texts(page, seen);
          const count = (list: string[], text: string) => list.filter((one) => one === text).length;
          for (const text of ['a', 'b', 'c']) {
            const [n, m] = [count(page, text), count(earlier, text)];
            expect(fresh.filter((one) => one.text === text)).toHaveLength(Math.max(0, n - m));
            expect(after[identity(text)]?.[1] ?? 0).toBe(Math.max(n, m));
          }
        },
      ),
    );
  });

  test('consumes nothing: the same page again brings nothing new', () => {
    const { seen } = texts(['a', 'b', 'a'], {});
    const again = texts(['a', 'b', 'a'], seen);
    expect(again).toEqual({ fresh: [], seen });
  });

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
      const { fresh, seen } = sift([record('before'), record('it', time)], {}, window, 0);
      expect(fresh.map(({ text }) => text)).toEqual(['before', 'it']);
      expect(seen[identity('it')]).toEqual([at, 1]);
    },
  );

  test('remembers a record without a time for as long as it is met again', () => {
    const { seen } = sift([record('a', null)], {}, window, 0);
    const later = sift([record('a', null)], seen, { ...window, latest: 90_000 }, 0);
    expect(later).toEqual({ fresh: [], seen: { [identity('a')]: [90_000, 1] } });
  });
});
