import { expect, test } from '@jest/globals';
import { readParameters } from '../src/parameters';
import { noon } from './door-log';

const day = 86_400_000;
const window = { mintime: String(noon - day), maxtime: String(noon) };
const read = (params: Record<string, string | string[]>, most = 1000) =>
  readParameters({ ...window, ...params }, most, noon);

test('what is not given has Duo’s defaults', () => {
  const asked = { mintime: noon - day, maxtime: noon, limit: 100, descending: true, after: null };
  expect(read({})).toEqual(asked);
  expect(read({}, 20)).toEqual({ ...asked, limit: 20 });
});

test.each([
  [
    { limit: '1', sort: 'ts:asc' },
    { limit: 1, descending: false },
  ],
  [
    { limit: '1000', sort: 'ts:desc' },
    { limit: 1000, descending: true },
  ],
  [{ mintime: String(noon - 180 * day + 1) }, { mintime: noon - 180 * day + 1 }],
  [{ next_offset: '1772366400000,a-b' }, { after: { ms: 1772366400000, id: 'a-b' } }],
  [{ next_offset: ['1772366400000', 'a-b'] }, { after: { ms: 1772366400000, id: 'a-b' } }],
  [{ next_token: 'whatever Duo does not know' }, { after: null }],
])('%j is understood', (params, query) => {
  expect(read(params)).toMatchObject(query);
});

const milliseconds = (name: string) => `'${name}' must be a timestamp in milliseconds`;
const tooOld = 'mintime must be within the past 180 days';

test.each<[Record<string, string | string[]>, string]>([
  [{ mintime: '1772366400' }, milliseconds('mintime')],
  [{ mintime: '17723664000000' }, milliseconds('mintime')],
  [{ mintime: '1772366400.00' }, milliseconds('mintime')],
  [{ mintime: '' }, milliseconds('mintime')],
  [{ mintime: ['1772366400000', '1772366400000'] }, milliseconds('mintime')],
  [{ maxtime: 'now' }, milliseconds('maxtime')],
  [{ maxtime: window.mintime }, `'maxtime' must be strictly greater than 'mintime'`],
  [{ mintime: String(noon + 1) }, `'maxtime' must be strictly greater than 'mintime'`],
  [{ mintime: String(noon - 180 * day) }, tooOld],
  [{ mintime: String(noon - 181 * day) }, tooOld],
  [{ limit: '0' }, 'limit'],
  [{ limit: '1001' }, 'limit'],
  [{ limit: '-1' }, 'limit'],
  [{ limit: '1e2' }, 'limit'],
  [{ limit: '' }, 'limit'],
  [{ sort: 'asc' }, 'sort'],
  [{ sort: 'TS:ASC' }, 'sort'],
  [{ next_offset: '' }, 'next_offset'],
  [{ next_offset: '1772366400000' }, 'next_offset'],
  [{ next_offset: 'a-b' }, 'next_offset'],
  [{ next_offset: '1772366400000,' }, 'next_offset'],
  [{ next_offset: ['1772366400000', 'a', 'b'] }, 'next_offset'],
])('%j is refused with 40002', (params, detail) => {
  expect(read(params)).toEqual({
    code: 40002,
    message: 'Invalid request parameters',
    message_detail: detail,
  });
});

test.each(['mintime', 'maxtime'] as const)('without %s the answer is 40001', (name) => {
  const { [name]: _, ...rest } = window;
  const failure = { code: 40001, message: 'Missing required request parameters' };
  expect(readParameters(rest, 1000, noon)).toEqual(failure);
});
