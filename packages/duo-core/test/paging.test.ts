import { describe, expect, test } from '@jest/globals';
import { pagingStyles } from '../src/duo/paging';
import { alarms, badges, visits } from './support/test-log';

const { cursor, offset, time } = pagingStyles;
const request = { from: 1_772_366_400_000, to: 1_772_366_500_000, cursor: null, limit: 10 };
/** A page with records of these times. */
const page = (response: unknown, times: readonly (number | null)[] = [request.from]) => ({
  times,
  response,
});
const read = (metadata: unknown) => cursor.next(page({ items: [], metadata }), request, visits);

test('a cursor page is asked for with both bounds, the limit and the order, every time', () => {
  const window = { from: 1_772_366_400_000, to: 1_772_366_500_000, limit: 10 };
  expect(cursor.params({ ...window, cursor: null })).toEqual({
    mintime: '1772366400000',
    maxtime: '1772366500000',
    limit: '10',
    sort: 'ts:asc',
  });
  expect(cursor.params({ ...window, cursor: '1,a' })).toMatchObject({
    mintime: '1772366400000',
    next_offset: '1,a',
  });
});

test.each([
  ['a string', '1666714065304,5bf1a860', '1666714065304,5bf1a860'],
  ['an array of two strings', ['1547486297000', '5bea1c1e'], '1547486297000,5bea1c1e'],
  ['an array with a number', [1547486297000, '5bea1c1e'], '1547486297000,5bea1c1e'],
  ['a number', 2, '2'],
  ['zero', 0, '0'],
])('a cursor is sent back as Duo gave it: %s', (_form, next_offset, text) => {
  expect(read({ next_offset, total_objects: 3 })).toBe(text);
});

test.each([
  ['null', { next_offset: null }],
  ['absent', {}],
  ['an empty string', { next_offset: '' }],
  ['an empty array', { next_offset: [] }],
])('there is no next page where the cursor is %s', (_form, metadata) => {
  expect(read(metadata)).toBeNull();
});

test.each([['a number, an object or missing', [3, { relation: 'eq', value: 3 }, undefined]]])(
  'total_objects may be %s',
  (_forms, totals) => {
    for (const total_objects of totals) expect(read({ next_offset: '1,a', total_objects })).toBe('1,a');
  },
);

test.each([
  ['an object', { ts: 1 }],
  ['true', true],
  ['a number that JavaScript cannot hold', 2 ** 60],
  ['an array of arrays', [['1', 'a']]],
  ['a text that cannot be sent back', '1,\ud800'],
])('a cursor that is %s is an error, not the end', (_form, next_offset) => {
  expect(() => read({ next_offset })).toThrow('response.metadata.next_offset is missing or has another type');
});

test('an offset page is asked for with both bounds and the limit, and with the position as `offset`', () => {
  expect(offset.params(request)).toEqual({
    mintime: '1772366400000',
    maxtime: '1772366500000',
    limit: '10',
  });
  expect(offset.params({ ...request, cursor: '200' })).toMatchObject({ offset: '200' });
});

test.each([
  ['a number', { next_offset: 2 }, '2'],
  ['a string', { next_offset: '2' }, '2'],
  ['absent at the end', {}, null],
])('the next position is %s', (_form, metadata, expected) => {
  expect(offset.next(page({ events: [], metadata }), request, alarms)).toBe(expected);
});

describe('a log in seconds', () => {
  const first = { ...request, from: 1_772_366_400_900, to: 1_772_366_499_999 };
  const at = (...seconds: readonly number[]) => seconds.map((second) => second * 1_000);
  const read = (times: readonly (number | null)[], cursor: string | null = null, response: unknown = []) =>
    time.next(page(response, times), { ...first, cursor }, badges);

  test('is asked for from a second on, and for nothing else', () => {
    expect(time.params(first)).toEqual({ mintime: '1772366400' });
    expect(time.params({ ...first, cursor: '1772366450' })).toEqual({ mintime: '1772366450' });
  });

  test('goes on with the last second of the page, which may have been cut off', () => {
    expect(read(at(1772366400, 1772366410))).toBe('1772366410');
    expect(read(at(1772366410, 1772366420), '1772366410')).toBe('1772366420');
  });

  test('goes on with the latest second, should a page be out of order', () => {
    expect(read(at(1772366420, 1772366410))).toBe('1772366420');
  });

  test('has ended when the second that was asked for is the last one', () => {
    expect(read(at(1772366410, 1772366410), '1772366410')).toBeNull();
    expect(read([], '1772366410')).toBeNull();
    expect(read([])).toBeNull();
  });

  test('has ended for this window when a record lies after it', () => {
    expect(read(at(1772366410, 1772366499))).toBe('1772366499');
    expect(read(at(1772366410, 1772366500))).toBeNull();
  });

  test('goes on past a record whose time cannot be read', () => {
    expect(read([...at(1772366410), null])).toBe('1772366410');
    expect(read([null])).toBeNull();
  });

  test('cannot be read past a second that fills a whole page: an error, never a skip', () => {
    const full = at(...Array.from({ length: 10 }, () => 1772366410));
    expect(() => read(full, '1772366410')).toThrow(
      '/admin/v1/logs/badges: 10 records have the same second, 2026-03-01T12:00:10.000Z, and Duo shows no more than that of it',
    );
    expect(() => read([...full, ...full], '1772366410')).toThrow('20 records have the same second');
    expect(read(full)).toBe('1772366410');
    expect(read(full.slice(1), '1772366410')).toBeNull();
  });

  test('cannot be read past a page without a readable time either, and says that it is this', () => {
    const unreadable = Array.from({ length: 10 }, (_, n) => (n < 2 ? 1_772_366_410_000 : null));
    expect(() => read(unreadable, '1772366410')).toThrow(
      '10 records from 2026-03-01T12:00:10.000Z on have no readable time after that second',
    );
  });

  test('that comes as anything but an array is an error', () => {
    expect(() => read([], null, { items: [] })).toThrow(
      '/admin/v1/logs/badges: the answer is not as documented: response is missing or has another type',
    );
  });
});
