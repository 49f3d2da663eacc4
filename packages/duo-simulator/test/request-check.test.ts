import { expect, test } from '@jest/globals';
import vectors from '../../duo-core/test/signature-vectors.json';
import { checkCredentials, simulatorCredentials } from '../src/server/request-check';

type Vector = (typeof vectors)[number];

/** What the client of a vector sends: duo_hmac_python only X-Duo-Date, all the others Date. */
function arrived(vector: Vector, authorization = vector.authorization) {
  const { method, path, body } = vector;
  const params = Object.fromEntries(
    Object.entries(vector.params).map(([name, value]) => [name, value ?? '']),
  );
  const xDuoHeaders: Record<string, string> = Object.fromEntries(
    Object.entries(vector.xDuoHeaders).map(([name, value]) => [name, value ?? '']),
  );
  const date = 'x-duo-date' in xDuoHeaders ? {} : { date: vector.date };
  return { method, path, params, body, headers: { authorization, ...date, ...xDuoHeaders } };
}

const check = (vector: Vector, request: ReturnType<typeof arrived>, now = Date.parse(vector.date)) =>
  checkCredentials(request, { ikey: vector.ikey, skey: vector.skey, apiHost: vector.host }, now);

const table = vectors.map((vector) => ({ name: vector.name, vector }));

test.each(table)('the signature of $name is accepted', ({ vector }) => {
  expect(check(vector, arrived(vector))).toBeNull();
});

test.each(table)('the signature of $name with one byte changed is refused', ({ vector }) => {
  const text = Buffer.from(vector.authorization.slice('Basic '.length), 'base64').toString();
  const changed = text.slice(0, -1) + (text.endsWith('0') ? '1' : '0');
  const authorization = `Basic ${Buffer.from(changed).toString('base64')}`;
  expect(check(vector, arrived(vector, authorization))).toMatchObject({ code: 40103 });
});

test.each(table)('the signature of $name is refused for any other path', ({ vector }) => {
  expect(check(vector, { ...arrived(vector), path: `${vector.path}s` })).toMatchObject({ code: 40103 });
});

const vector = vectors.find((one) => one.name === 'derived-telephony-page1');
if (vector === undefined) throw new Error('the vector is gone');
const good = arrived(vector);
const { authorization } = good.headers;

test('parameters may arrive in any order, for Duo signs their canonical form', () => {
  const params = Object.fromEntries(Object.entries(good.params).reverse());
  expect(Object.keys(params)).not.toEqual(Object.keys(good.params));
  expect(check(vector, { ...good, params })).toBeNull();
});

test('a changed parameter, a changed body and an added x-duo header are refused', () => {
  const wrong = { code: 40103 };
  expect(check(vector, { ...good, params: { ...good.params, limit: '999' } })).toMatchObject(wrong);
  expect(check(vector, { ...good, body: ' ' })).toMatchObject(wrong);
  const headers = { ...good.headers, 'x-duo-more': '1' };
  expect(check(vector, { ...good, headers })).toMatchObject(wrong);
});

test.each([
  ['no Authorization', { date: vector.date }, 40101],
  ['no date', { authorization }, 40101],
  ['another scheme', { date: vector.date, authorization: 'Bearer abc' }, 40101],
  ['no colon', { date: vector.date, authorization: 'Basic YWJj' }, 40101],
  ['another integration key', { date: vector.date, authorization: 'Basic RElPVEhFUjph' }, 40102],
  ['an empty signature', { date: vector.date, authorization: `Basic ${btoa(`${vector.ikey}:`)}` }, 40103],
  ['another date than was signed', { date: 'Fri, 24 May 2024 12:00:01 -0000', authorization }, 40103],
])('%s is refused', (_, headers, code) => {
  expect(check(vector, { ...good, headers: headers as typeof good.headers })).toMatchObject({ code });
});

test.each([
  [-300_001, 40105],
  [-300_000, undefined],
  [300_000, undefined],
  [300_001, 40105],
])('a clock that is %i ms off', (skew, code) => {
  expect(check(vector, good, Date.parse(vector.date) + skew)?.code).toBe(code);
});

test('the default credentials look like real ones and are none', () => {
  expect(simulatorCredentials.ikey).toMatch(/^DI[A-Z0-9]{18}$/);
  expect(simulatorCredentials.skey).toMatch(/^.{40}$/);
  expect(simulatorCredentials.apiHost).toMatch(/^api-.*\.duosecurity\.com$/);
});
