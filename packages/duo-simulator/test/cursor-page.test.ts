import { expect, test } from '@jest/globals';
import type { Paging } from 'duo-core';
import fc from 'fast-check';
import { noon } from '../src';
import { type CursorQuery, cutPage, readCursorQuery } from '../src/pages/cursor-page';
import type { Page, PageForm } from '../src/pages/page';
import type { Parameters } from '../src/pages/parameters';
import { servePage } from '../src/pages/serve-page';
import { createLog, type RecordKey } from '../src/records/log';
import { door, doorLog } from './door-log';

const first = noon - 3_600_000;
const asked: CursorQuery = { mintime: first, maxtime: noon, limit: 2, descending: false, after: null };

function visible(keys: readonly (readonly [id: string, ms: number])[]) {
  const log = createLog(doorLog, () => noon + 120_000);
  log.addAll(keys.map(([id, ms]) => door(id, ms)));
  return log.visible();
}

const five = visible([
  ['e', first],
  ['a', first + 2],
  ['b', first + 2],
  ['c', first + 2],
  ['d', noon],
]);
const ids = (page: Page) => page.records.map((one) => one.id).join('');

/** Pages through like a client, whatever the cursor's form, and gives every answer. */
function pages(
  records: typeof five,
  query: CursorQuery,
  form: PageForm,
  cursorForm?: 'string' | 'array',
): Page[] {
  const all = [cutPage(records, query, form, cursorForm)];
  for (;;) {
    const last = all.at(-1);
    const cursor = last?.metadata.next_offset;
    if (last === undefined || last.records.length === 0 || cursor === undefined || cursor === null)
      return all;
    const [ms, id = ''] = [cursor].flat().join(',').split(',');
    const after: RecordKey = { ms: Number(ms), id };
    all.push(cutPage(records, { ...query, after }, form, cursorForm));
  }
}

test('by default the last page has a cursor too, and the empty page after it has null', () => {
  const answers = pages(five, asked, {});
  expect(answers.map(ids)).toEqual(['ea', 'bc', 'd', '']);
  expect(answers.map((page) => page.metadata)).toEqual([
    { next_offset: `${first + 2},a`, total_objects: 5 },
    { next_offset: `${first + 2},c`, total_objects: 5 },
    { next_offset: `${noon},d`, total_objects: 5 },
    { next_offset: null, total_objects: 5 },
  ]);
});

test('the ending null says null on the last page, even on a full one', () => {
  const answers = pages(five, { ...asked, limit: 5 }, { ending: 'null' });
  expect(answers.map((page) => page.metadata)).toEqual([{ next_offset: null, total_objects: 5 }]);
});

test('the ending absent says nothing on the last page', () => {
  const answers = pages(five, { ...asked, limit: 3 }, { ending: 'absent' });
  expect(answers.map(ids)).toEqual(['eab', 'cd']);
  expect(answers.at(-1)?.metadata).toEqual({ total_objects: 5 });
});

test('a log whose cursor has the form array gives the time and the id separately', () => {
  const params = { mintime: String(first), maxtime: String(noon), limit: '2', sort: 'ts:asc' };
  const serve = (paging: Paging) => servePage(paging, { params, visible: five, form: {}, now: noon });
  const next_offset = [`${first + 2}`, 'a'];
  expect(serve({ style: 'cursor', limit: 5, cursorForm: 'array' })).toMatchObject({
    metadata: { next_offset },
  });
  expect(serve({ style: 'cursor', limit: 5 })).toMatchObject({
    metadata: { next_offset: next_offset.join(',') },
  });
});

test('an empty window is an empty page without a cursor', () => {
  const empty = { records: [], metadata: { next_offset: null, total_objects: 0 } };
  expect(cutPage([], asked, {})).toEqual(empty);
});

test('descending order is the same order backwards, ties within a millisecond included', () => {
  const answers = pages(five, { ...asked, descending: true }, {});
  expect(answers.map(ids)).toEqual(['dc', 'ba', 'e', '']);
});

test('both ends of the window belong to it', () => {
  expect(ids(cutPage(five, { ...asked, limit: 5 }, {}))).toBe('eabcd');
  expect(ids(cutPage(five, { ...asked, limit: 5, mintime: first + 1, maxtime: noon - 1 }, {}))).toBe('abc');
});

test('a cursor works whether its record is there or not', () => {
  const after = { ms: first + 2, id: 'aa' };
  expect(ids(cutPage(five, { ...asked, after }, {}))).toBe('bc');
});

test('a cursor outside the window neither widens it nor counts from it', () => {
  const inner = { ...asked, limit: 5, mintime: first + 1, maxtime: noon - 1 };
  const [early, late] = [
    { ms: first - 9, id: 'a' },
    { ms: noon + 9, id: 'a' },
  ];
  expect(ids(cutPage(five, { ...inner, after: early }, {}))).toBe('abc');
  expect(ids(cutPage(five, { ...inner, after: late }, {}))).toBe('');
  expect(ids(cutPage(five, { ...inner, after: late, descending: true }, {}))).toBe('cba');
  expect(ids(cutPage(five, { ...inner, after: early, descending: true }, {}))).toBe('');
});

test('records with one and the same key are skipped once a page has ended on the key', () => {
  const twins = visible([
    ['a', first],
    ['a', first],
  ]);
  expect(pages(twins, { ...asked, limit: 2 }, {}).map(ids)).toEqual(['aa', '']);
  expect(pages(twins, { ...asked, limit: 1 }, {}).map(ids)).toEqual(['a', '']);
});

test('whatever the form, paging to the end gives every record once and in order', () => {
  const key = fc.tuple(fc.stringMatching(/^[a-z0-9-]{1,3}$/), fc.integer({ min: first, max: first + 20 }));
  const cursorForm = fc.constantFrom('string' as const, 'array' as const);
  const form = fc.record({ ending: fc.constantFrom('cursor' as const, 'null' as const, 'absent' as const) });
  const limits = fc.integer({ min: 1, max: 7 });
  const keys = fc.uniqueArray(key, { selector: ([id, ms]) => `${ms},${id}` });
  fc.assert(
    fc.property(keys, form, cursorForm, limits, fc.boolean(), (some, form, cursorForm, limit, descending) => {
      const records = visible(some);
      const answers = pages(records, { ...asked, limit, descending }, form, cursorForm);
      expect(answers.flatMap((page) => page.records)).toEqual(descending ? records.toReversed() : records);
    }),
  );
});

const read = (params: Parameters) =>
  readCursorQuery({ mintime: String(first), maxtime: String(noon), ...params }, 1000, noon);

test.each<[Parameters, Partial<CursorQuery>]>([
  [{}, { mintime: first, maxtime: noon, limit: 100, descending: true, after: null }],
  [
    { limit: '1', sort: 'ts:asc' },
    { limit: 1, descending: false },
  ],
  [
    { limit: '1000', sort: 'ts:desc' },
    { limit: 1000, descending: true },
  ],
  [{ next_offset: '1772366400000,a-b' }, { after: { ms: 1772366400000, id: 'a-b' } }],
  [{ next_offset: ['1772366400000', 'a-b'] }, { after: { ms: 1772366400000, id: 'a-b' } }],
  [{ next_token: 'whatever Duo does not know' }, { after: null }],
])('%j is understood', (params, query) => {
  expect(read(params)).toMatchObject(query);
});

test.each<[Parameters, string]>([
  [{ limit: '1001' }, 'limit'],
  [{ sort: 'asc' }, 'sort'],
  [{ sort: 'TS:ASC' }, 'sort'],
  [{ next_offset: '' }, 'next_offset'],
  [{ next_offset: '1772366400000' }, 'next_offset'],
  [{ next_offset: 'a-b' }, 'next_offset'],
  [{ next_offset: '1772366400000,' }, 'next_offset'],
  [{ next_offset: ['1772366400000', 'a', 'b'] }, 'next_offset'],
])('%j is refused', (params, detail) => {
  expect(read(params)).toMatchObject({ code: 40002, message_detail: detail });
});
