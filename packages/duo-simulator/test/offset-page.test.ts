import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { noon } from '../src';
import type { Page, PageForm } from '../src/pages/page';
import type { Parameters } from '../src/pages/parameters';
import { servePage } from '../src/pages/serve-page';
import { createLog } from '../src/records/log';
import { door, doorLog } from './door-log';

const first = noon - 3_600_000;
const window = { mintime: String(first), maxtime: String(noon) };

function visible(times: readonly number[]) {
  const log = createLog(doorLog, () => noon + 120_000);
  log.addAll(times.map((ms, n) => door(String.fromCharCode(97 + n), ms)));
  return log.visible();
}

const five = visible([first, first + 1, first + 1, noon - 1, noon]);

const serve = (params: Parameters, form: PageForm = {}, records = five) =>
  servePage(
    { style: 'offset', limit: 200 },
    { params: { ...window, ...params }, visible: records, form, now: noon },
  );

/** A page that is none of Duo's refusals. */
function pageOf(params: Parameters, form?: PageForm, records?: typeof five): Page {
  const page = serve(params, form, records);
  if ('code' in page) throw new Error(JSON.stringify(page));
  return page;
}

const ids = (page: Page) => page.records.map((one) => one.id).join('');

/** Pages through like a client and gives every answer. */
function pages(limit: string, form: PageForm = {}, records = five): Page[] {
  const all = [pageOf({ limit }, form, records)];
  for (;;) {
    const next = all.at(-1)?.metadata.next_offset;
    if (next === undefined || next === null) return all;
    all.push(pageOf({ limit, offset: String(next) }, form, records));
  }
}

test('the cursor is the position of the next record, and where there is none the metadata is empty', () => {
  const answers = pages('2');
  expect(answers.map(ids)).toEqual(['ab', 'cd', 'e']);
  expect(answers.map((page) => page.metadata)).toEqual([{ next_offset: 2 }, { next_offset: 4 }, {}]);
  expect(pages('5').map((page) => page.metadata)).toEqual([{}]);
});

test('the ending cursor gives a position on the last page too, and nothing on the empty page after it', () => {
  const answers = pages('3', { ending: 'cursor' });
  expect(answers.map(ids)).toEqual(['abc', 'de', '']);
  expect(answers.map((page) => page.metadata)).toEqual([{ next_offset: 3 }, { next_offset: 5 }, {}]);
});

test('the ending null says null on the last page', () => {
  const answers = pages('3', { ending: 'null' });
  expect(answers.map((page) => page.metadata)).toEqual([{ next_offset: 3 }, { next_offset: null }]);
});

test('a log may be in descending order instead; there is no parameter for it', () => {
  expect(pages('2', { order: 'descending' }).map(ids)).toEqual(['ed', 'cb', 'a']);
  expect(ids(pageOf({ sort: 'ts:desc' }))).toBe('abcde');
});

test('both ends of the window belong to it', () => {
  expect(ids(pageOf({}))).toBe('abcde');
  expect(ids(pageOf({ mintime: String(first + 1), maxtime: String(noon - 1) }))).toBe('bcd');
});

test('a position behind the end is an empty page', () => {
  expect(pageOf({ offset: '6' })).toEqual({ records: [], metadata: {} });
  expect(pageOf({ offset: '0' }, {}, [])).toEqual({ records: [], metadata: {} });
});

test('a record that appears in front of the position moves those behind it', () => {
  const more = visible([first, first + 1, first + 1, noon - 1, noon, first]);
  expect(ids(pageOf({ limit: '2' }))).toBe('ab');
  expect(ids(pageOf({ limit: '2', offset: '2' }, {}, more))).toBe('bc');
});

test('next_offset is none of its parameters: who sends it gets the first page for ever', () => {
  expect(ids(pageOf({ limit: '2', next_offset: '2' }))).toBe('ab');
});

test.each<[Parameters, string]>([
  [{ offset: '-1' }, 'offset'],
  [{ offset: '' }, 'offset'],
  [{ offset: '1.5' }, 'offset'],
  [{ offset: `${noon},a` }, 'offset'],
  [{ offset: ['1', '2'] }, 'offset'],
  [{ limit: '201' }, 'limit'],
  [{ mintime: '1772362800' }, `'mintime' must be a timestamp in milliseconds`],
])('%j is refused with 40002', (params, detail) => {
  expect(serve(params)).toMatchObject({ code: 40002, message_detail: detail });
});

test('paging to the end gives every record once and in order, whatever the form', () => {
  const form = fc.record({
    ending: fc.constantFrom('cursor' as const, 'null' as const, 'absent' as const),
    order: fc.constantFrom('ascending' as const, 'descending' as const),
  });
  const times = fc.array(fc.integer({ min: first, max: first + 20 }), { maxLength: 26 });
  fc.assert(
    fc.property(times, form, fc.integer({ min: 1, max: 7 }), (some, form, limit) => {
      const records = visible(some);
      const read = pages(String(limit), form, records).flatMap((page) => page.records);
      expect(read).toEqual(form.order === 'descending' ? records.toReversed() : records);
    }),
  );
});
