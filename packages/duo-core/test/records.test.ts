import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { identity, readRecords, type Seen, sift, sliceArray } from '../src/records';
import { visit, visits } from './support/test-log';

describe('slicing', () => {
  /** JSON with any white space between its tokens, which `JSON.stringify` alone would never make. */
  const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
  const loose = fc
    .tuple(
      fc.array(fc.jsonValue({ maxDepth: 4 }), { maxLength: 8 }),
      fc.array(space, { minLength: 16, maxLength: 16 }),
      fc.jsonValue(),
    )
    .map(([items, gaps, other]) => {
      let n = 0;
      const gap = () => gaps[n++ % gaps.length] ?? '';
      const list = items.map((item) => gap() + JSON.stringify(item, null, gap()) + gap()).join(',');
      const otherText = JSON.stringify(other);
      return `${gap()}{"a":${otherText},${gap()}"response"${gap()}:${gap()}{"items":${gap()}[${gap()}${list}]${gap()},"b":${otherText}},"c":${otherText}}${gap()}`;
    });

  test('finds the elements that a JSON parser finds', () => {
    fc.assert(
      fc.property(loose, (json) => {
        const sliced = sliceArray(json, ['response', 'items']);
        expect(sliced.map((text) => JSON.parse(text))).toEqual(JSON.parse(json).response.items);
      }),
      { numRuns: 2000 },
    );
  });

  test('gives the text of each element and nothing around it', () => {
    fc.assert(
      fc.property(fc.array(fc.json(), { maxLength: 8 }), space, (texts, gap) => {
        const json = `{"items":[${texts.map((text) => gap + text + gap).join(',')}]}`;
        expect(sliceArray(json, ['items'])).toEqual(texts.map((text) => text.replace(/[\r\n]/g, ' ')));
      }),
      { numRuns: 1000 },
    );
  });

  test('takes the last of several members of a name, however the name is written, as a JSON parser does', () => {
    const json = '{"items":[1],"\\u0069tems":[2],"x":{"items":[3]}}';
    expect(sliceArray(json, ['items'])).toEqual(['2']);
    expect(JSON.parse(json).items).toEqual([2]);
  });

  test('turns a line break between tokens into a space, so that a record is one line', () => {
    expect(sliceArray('[{\r\n "a": "b\\n"\n}]', [])).toEqual(['{   "a": "b\\n" }']);
  });

  test.each([
    ['no such member', '{"x":[]}'],
    ['no array there', '{"items":{}}'],
    ['no object around it', '[]'],
  ])('says so when there is %s', (_what, json) => {
    expect(() => sliceArray(json, ['items'])).toThrow(/no (member|array|object)/);
  });
});

describe('a record', () => {
  const latest = Date.parse('2026-03-01T12:00:30Z');
  const read = (text: string, unit: 'iso' | 's' | 'ms' = 'iso') =>
    readRecords(
      `[${text}]`,
      [],
      JSON.parse(`[${text}]`),
      { ...visits, time: { field: 'ts', unit } },
      latest,
    )[0];

  test.each([
    ['iso', '"2026-03-01T12:00:00.304999+00:00"', Date.parse('2026-03-01T12:00:00.304Z')],
    ['iso', '"2026-03-01T12:00:00Z"', Date.parse('2026-03-01T12:00:00Z')],
    ['iso', '"2026-03-01T14:00:00.000001+02:00"', Date.parse('2026-03-01T12:00:00Z')],
    ['s', '1772366400', 1_772_366_400_000],
    ['s', '1772366400.3049', 1_772_366_400_304],
    ['ms', '1772366400304', 1_772_366_400_304],
  ] as const)('has a time in milliseconds, rounded down: %s %s', (unit, ts, time) => {
    expect(read(`{"ts":${ts}}`, unit)?.time).toBe(time);
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
    expect(read(visit('a', 0).replace('{', '{"new": {}, '))?.fits).toBe(true);
    expect(read(visit('a', 0).replace('"door"', '"gate"'))?.fits).toBe(false);
  });

  test('has an identity that only its text decides', () => {
    expect(identity('{"a":1}')).toBe(identity('{"a":1}'));
    expect(identity('{"a":1}')).not.toBe(identity('{"a": 1}'));
    expect(identity('')).toMatch(/^[\w-]{22}$/);
  });
});

describe('sifting', () => {
  const record = (text: string, time: number | null = 50_000) => ({ text, time, fits: true });
  const window = { from: 40_000, to: 60_000 };
  const texts = (page: string[], seen: Seen) =>
    sift(
      page.map((text) => record(text)),
      seen,
      window,
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

  test('keeps the order, and counts a record whose time is missing or outside the window as its end', () => {
    const page = [
      record('b'),
      record('a', null),
      record('old', 38_999),
      record('coarse', 39_000),
      record('ahead', 60_001),
    ];
    const { fresh, seen } = sift(page, {}, window);
    expect(fresh.map(({ text }) => text)).toEqual(['b', 'a', 'old', 'coarse', 'ahead']);
    expect(Object.values(seen)).toEqual([
      [50_000, 1],
      [60_000, 1],
      [60_000, 1],
      [39_000, 1],
      [60_000, 1],
    ]);
  });

  test('remembers such a record for as long as it is met again', () => {
    const { seen } = sift([record('a', null)], {}, window);
    const later = sift([record('a', null)], seen, { from: 50_000, to: 90_000 });
    expect(later).toEqual({ fresh: [], seen: { [identity('a')]: [90_000, 1] } });
  });
});
