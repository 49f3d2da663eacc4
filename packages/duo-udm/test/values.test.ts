import { expect, test } from '@jest/globals';
import {
  desktop,
  hostname,
  ip,
  ipv4,
  location,
  optionalTimestamp,
  platform,
  rawRecord,
  timestamp,
} from '../src';

test.each([
  ['iso', '2026-01-15T08:12:09.466370+00:00', '2026-01-15T08:12:09.466370Z'],
  ['iso', '2026-01-15T08:12:09Z', '2026-01-15T08:12:09Z'],
  ['iso', '2026-01-15T00:12:09.1-08:30', '2026-01-15T08:42:09.1Z'],
  ['s', 1768464729, '2026-01-15T08:12:09Z'],
  ['ms', 1768464729001, '2026-01-15T08:12:09.001Z'],
] as const)('a time in %s is one of RFC 3339 in UTC, with all its digits: %s', (unit, at, expected) => {
  expect(timestamp(rawRecord({ at }), 'at', unit)).toBe(expected);
});

test.each([
  ['iso', '2026-01-15T08:12:09'],
  ['iso', '2026-13-15T08:12:09Z'],
  ['iso', 'yesterday'],
  ['iso', null],
  ['s', null],
  ['s', 1e15],
  ['ms', 253402300800000],
] as const)('no time is made of %s %s', (unit, at) => {
  expect(() => timestamp(rawRecord({ at }), 'at', unit)).toThrow('at is missing, or not ');
});

test('a time that an event can do without is left out when it cannot be read', () => {
  expect(optionalTimestamp(rawRecord({ at: '2026-01-15T08:12:09Z' }), 'at')).toBe('2026-01-15T08:12:09Z');
  expect(optionalTimestamp(rawRecord({ at: 'never' }), 'at')).toBeUndefined();
});

test.each([
  ['192.0.2.10', { hostname: undefined, ipv4: '192.0.2.10', ip: '192.0.2.10' }],
  ['2001:db8::1', { hostname: undefined, ipv4: undefined, ip: '2001:db8::1' }],
  ['192.0.2.10:1234', { hostname: undefined, ipv4: undefined, ip: undefined }],
  ['192.0.2.999', { hostname: undefined, ipv4: undefined, ip: undefined }],
  ['workstation-1', { hostname: 'workstation-1', ipv4: undefined, ip: undefined }],
  ['api-1.example.com', { hostname: 'api-1.example.com', ipv4: undefined, ip: undefined }],
  ['two words', { hostname: undefined, ipv4: undefined, ip: undefined }],
  ['None', { hostname: 'None', ipv4: undefined, ip: undefined }],
  [undefined, { hostname: undefined, ipv4: undefined, ip: undefined }],
])('%s is an address, a name or neither', (text, expected) => {
  expect({ hostname: hostname(text), ipv4: ipv4(text), ip: ip(text) }).toEqual(expected);
});

test.each([
  ['Windows 11', 'WINDOWS', 'WINDOWS'],
  ['Mac OS X', 'MAC', 'MAC'],
  ['Linux', 'LINUX', 'LINUX'],
  ['Android', 'ANDROID', undefined],
  ['BeOS', 'UNKNOWN_PLATFORM', undefined],
  [undefined, undefined, undefined],
])('the operating system %s', (os, any, ofDesktops) => {
  expect([platform(os), desktop(os)]).toEqual([any, ofDesktops]);
});

test('a location has what Duo knows of it', () => {
  const raw = rawRecord({ location: { city: 'Springfield', country: null } });
  expect(location(raw, 'location')).toEqual({ city: 'Springfield' });
});
