import { expect, test } from '@jest/globals';
import { pagingStyles } from '../src/paging';
import { visits } from './support/test-log';

const { cursor } = pagingStyles;
const read = (metadata: unknown) => cursor.read({ items: [1], metadata }, visits).cursor;

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
  expect(() => read({ next_offset })).toThrow('response.metadata.next_offset is missing or of another type');
});
