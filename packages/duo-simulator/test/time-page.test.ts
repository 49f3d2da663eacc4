import { expect, test } from '@jest/globals';
import { noon } from '../src';
import type { Parameters } from '../src/pages/parameters';
import { servePage } from '../src/pages/serve-page';
import { createLog } from '../src/records/log';
import { gate, gateLog } from './gate-log';

const start = noon / 1000 - 3600;
const day = 86_400;

function serve(params: Parameters, records: readonly string[]) {
  const log = createLog(gateLog, () => noon);
  log.addAll(records);
  const page = servePage(gateLog.paging, { params, visible: log.visible(), form: {}, now: noon });
  return 'code' in page ? page : page.records.map((one) => one.text);
}

const four = [gate('a', start), gate('b', start + 1), gate('c', start + 1), gate('d', start + 2)];

test('a page has the earliest records from a second on, that second included, and no more than the limit', () => {
  expect(serve({ mintime: String(start) }, four)).toEqual(four.slice(0, 3));
  expect(serve({ mintime: String(start + 1) }, four)).toEqual(four.slice(1));
  expect(serve({ mintime: String(start + 3) }, four)).toEqual([]);
});

test('records of one second are in the order in which they were added', () => {
  const records = ['c', 'a', 'b'].map((who) => gate(who, start));
  expect(serve({}, records)).toEqual(records);
});

test('of more records in a second than fit on a page the rest cannot be reached', () => {
  const records = ['a', 'b', 'c', 'd'].map((who) => gate(who, start));
  expect(serve({ mintime: String(start) }, records)).toEqual(records.slice(0, 3));
  expect(serve({ mintime: String(start + 1) }, records)).toEqual([]);
});

test.each<Parameters>([{}, { mintime: '0' }, { mintime: String(noon / 1000 - 200 * day) }])(
  'with %j a page begins with what Duo keeps, 180 days',
  (params) => {
    const [gone, kept] = [gate('gone', noon / 1000 - 180 * day - 1), gate('kept', noon / 1000 - 180 * day)];
    expect(serve(params, [gone, kept])).toEqual([kept]);
  },
);

test('all other parameters are ignored, well formed or not', () => {
  const others = { maxtime: String(start), limit: '1', sort: 'ts:desc', next_offset: '', offset: '-1' };
  expect(serve({ mintime: String(start), ...others }, four)).toEqual(four.slice(0, 3));
});

test.each<Parameters>([
  { mintime: String(noon) },
  { mintime: `${start}.5` },
  { mintime: '-1' },
  { mintime: '' },
  { mintime: [String(start), String(start)] },
])('%j is refused with 40002', (params) => {
  expect(serve(params, four)).toMatchObject({ code: 40002, message_detail: 'mintime' });
});
