import { describe, expect, test } from '@jest/globals';
import { address, countryCode, outcome, rawRecord, system } from '../src';

const at = (value: unknown) => rawRecord({ at: value });
const values = (found: object) =>
  Object.fromEntries(
    Object.entries(found).flatMap(([key, one]) => (one === undefined ? [] : [[key, one.value]])),
  );

test.each([
  ['192.0.2.10', { ip: '192.0.2.10' }],
  ['192.0.2.10:1234', { ip: '192.0.2.10', port: 1234 }],
  ['2001:db8::1', { ip: '2001:db8::1' }],
  ['[2001:db8::1]:443', { ip: '2001:db8::1', port: 443 }],
  ['workstation-1.example.com', { hostname: 'workstation-1.example.com' }],
  ['999.0.2.10:1234', {}],
  ['1234', {}],
  ['', {}],
  [null, {}],
  [{ address: '192.0.2.10' }, {}],
])('the address %j is %j', (text, expected) => {
  expect(values(address(at(text), 'at'))).toEqual(expected);
});

test.each([
  ['United States', 'US'],
  ['United Kingdom', 'GB'],
  ['Germany', 'DE'],
  ['Côte d’Ivoire', 'CI'],
  ['FR', 'FR'],
  ['Example Country', undefined],
  ['germany', undefined],
  ['Unknown Region', undefined],
])('the country %s has the code %s', (name, code) => {
  expect(countryCode(name)).toBe(code);
});

test.each([
  ['Mac OS X', 300, undefined],
  ['macOS', 300, undefined],
  ['Windows', 100, undefined],
  ['Windows Phone', 101, undefined],
  ['iOS', 301, undefined],
  ['iPadOS', 302, undefined],
  ['Android', 201, undefined],
  ['Ubuntu', 200, undefined],
  ['Chrome OS', 99, 'Chrome OS'],
])('the system %s is of the type %i', (name, type_id, type) => {
  const found = system(rawRecord({ os: name, os_version: '1.2' }), 'os');
  expect([found.type_id, values({ name: found.name, type: found.type, version: found.version })]).toEqual([
    type_id,
    { name, version: '1.2', ...(type === undefined ? {} : { type }) },
  ]);
});

describe('an outcome', () => {
  test.each([
    ['success', 1, 1],
    ['SUCCESS', 1, 1],
    ['denied', 2, 2],
    ['FAILURE', 2, 2],
    ['error', 2, 2],
    ['fraud', 2, 4],
  ])('%s has the status %i and the severity %i', (word, status_id, severity_id) => {
    const result = at(word).text('at');
    expect(outcome(result)).toEqual({ severity_id, status_code: result, status_id });
  });

  test('that Duo does not tell is unknown', () => {
    expect(outcome(undefined)).toEqual({ severity_id: 1, status_code: undefined, status_id: 0 });
  });
});
