import { expect, test } from '@jest/globals';
import { noon } from '../src';
import { readWindow } from '../src/pages/parameters';

const day = 86_400_000;
const window = { mintime: String(noon - day), maxtime: String(noon) };
const read = (params: Record<string, string | string[]>, most = 1000) =>
  readWindow({ ...window, ...params }, most, noon);

test('the limit is 100 unless it is given, or the most that there is', () => {
  const asked = { mintime: noon - day, maxtime: noon, limit: 100 };
  expect(read({})).toEqual(asked);
  expect(read({}, 20)).toEqual({ ...asked, limit: 20 });
  expect(read({ limit: '1' })).toEqual({ ...asked, limit: 1 });
  expect(read({ limit: '1000' })).toEqual({ ...asked, limit: 1000 });
});

test('a window may begin a millisecond less than 180 days ago', () => {
  const mintime = noon - 180 * day + 1;
  expect(read({ mintime: String(mintime) })).toMatchObject({ mintime });
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
  expect(readWindow(rest, 1000, noon)).toEqual(failure);
});
