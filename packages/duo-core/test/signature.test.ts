import { describe, expect, test } from '@jest/globals';
import { canonicalQuery, canonicalRequest, sign, signatureDate } from '../src/duo/signature';
import vectors from './signature-vectors.json';

const request = ({ method, host, path, params, body, xDuoHeaders }: (typeof vectors)[number]) => ({
  method,
  host,
  path,
  params: params as Record<string, string | string[]>,
  body,
  xDuoHeaders: xDuoHeaders as Record<string, string>,
});

describe("Duo's vectors", () => {
  const version5 = vectors.filter(({ version }) => version === 5);

  test.each(version5.map((vector) => [vector.name, vector] as const))(
    '%s: signature version 5 is the one in the vector',
    (_name, vector) => {
      expect(canonicalRequest(request(vector), vector.date)).toBe(vector.canonical);
      expect(sign(request(vector), vector, vector.date).headers).toEqual({
        Date: vector.date,
        Authorization: vector.authorization,
      });
    },
  );

  const version2 = vectors.filter(({ version }) => version === 2);

  test.each(version2.map((vector) => [vector.name, vector] as const))(
    '%s: version 2 signs the first five lines',
    (_name, vector) => {
      expect(canonicalRequest(request(vector), vector.date).split('\n').slice(0, 5).join('\n')).toBe(
        vector.canonical,
      );
    },
  );

  test('are all here: version 2 with either hash, and version 5', () => {
    expect([version2.length, version5.length]).toEqual([4, 9]);
  });
});

// From the tests of Duo's own clients: duo_api_nodejs tests/duo_sig.js, duo_client_python tests/test_client.py,
// duo_api_golang duo_test.go.
describe('the canonical query', () => {
  test.each([
    [
      'letters and digits bare',
      { digits: '0123456789', letters: 'abcXYZ' },
      'digits=0123456789&letters=abcXYZ',
    ],
    [
      'punctuation',
      { punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~' },
      'punctuation=%21%22%23%24%25%26%27%28%29%2A%2B%2C-.%2F%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E_%60%7B%7C%7D~',
    ],
    ['white space', { whitespace: '\t\n\x0b\x0c\r ' }, 'whitespace=%09%0A%0B%0C%0D%20'],
    ['names that begin alike', { foo_bar: '2', foo: '1' }, 'foo=1&foo_bar=2'],
    [
      'several values of a name',
      { username: 'H ell?o', password: ['H-._~i', "A(!'*)"] },
      'password=A%28%21%27%2A%29&password=H-._~i&username=H%20ell%3Fo',
    ],
    ['nothing', {}, ''],
  ])('encodes and sorts %s', (_what, params, query) => {
    expect(canonicalQuery(params)).toBe(query);
  });
});

test('the query to send is the one that was signed', () => {
  const signed = sign(
    { method: 'GET', host: 'h', path: '/p', params: { b: '1,2', a: 'ts:asc' } },
    { ikey: 'i', skey: 's' },
    'd',
  );
  expect(signed.query).toBe('a=ts%3Aasc&b=1%2C2');
});

test('a date is written in the form that the official Node.js client uses', () => {
  expect(signatureDate(Date.parse('2024-05-24T12:00:00.999Z'))).toBe('Fri, 24 May 2024 12:00:00 GMT');
});
