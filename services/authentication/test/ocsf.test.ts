import { expect, test } from '@jest/globals';
import { toOcsf } from '../src/ocsf';

const record = {
  access_device: {
    epkey: 'EPXXXXXXXXXXXXXXXX01',
    hostname: null,
    ip: '192.0.2.10:1234',
    location: { city: 'Springfield', country: 'United States', state: 'Example State' },
    os: 'Mac OS X',
    os_version: '15.2',
  },
  alias: 'unknown',
  application: { key: 'DIXXXXXXXXXXXXXXXX01', name: 'Example Intranet' },
  auth_device: { ip: '198.51.100.20', name: '+1 555 555 0110' },
  email: 'ada@example.com',
  event_type: 'authentication',
  factor: 'duo_push',
  isotimestamp: '2026-01-12T08:01:12.351346+00:00',
  reason: 'user_approved',
  result: 'success',
  timestamp: 1768204872,
  trusted_endpoint_status: 'trusted',
  txid: '3c1d0000-6b1c-4a57-9d15-000000000001',
  user: { groups: ['Example Users'], key: 'DUXXXXXXXXXXXXXXXX01', name: 'ada' },
};
const of = (changes: object) => toOcsf(JSON.stringify({ ...record, ...changes }));

test('a login is an Authentication: who, to what, from where, by which factor, and how it ended', () => {
  const { event, problems } = of({});
  const location = { city: 'Springfield', country: 'US', desc: 'United States', region: 'Example State' };
  expect(problems).toEqual([]);
  expect(event).toMatchObject({
    activity_name: 'Logon',
    auth_protocol: 'duo_push',
    auth_protocol_id: 99,
    device: {
      ip: '192.0.2.10',
      is_trusted: true,
      location,
      os: { name: 'Mac OS X', type: 'macOS', type_id: 300, version: '15.2' },
      uid: 'EPXXXXXXXXXXXXXXXX01',
    },
    is_mfa: true,
    metadata: { correlation_uid: record.txid, uid: record.txid, profiles: ['host'] },
    service: { name: 'Example Intranet', uid: 'DIXXXXXXXXXXXXXXXX01' },
    src_endpoint: { ip: '192.0.2.10', location, port: 1234 },
    status: 'Success',
    status_code: 'success',
    status_detail: 'user_approved',
    time: Date.parse('2026-01-12T08:01:12.351Z'),
    type_name: 'Authentication: Logon',
    user: {
      email_addr: 'ada@example.com',
      groups: [{ name: 'Example Users' }],
      name: 'ada',
      type: 'User',
      uid: 'DUXXXXXXXXXXXXXXXX01',
    },
    unmapped: { alias: 'unknown', auth_device: record.auth_device },
  });
});

test('the second device can be found by its address and its number', () => {
  expect(of({}).event.observables).toEqual(
    expect.arrayContaining([
      { name: 'unmapped.auth_device.name', type: 'Phone Number', type_id: 99, value: '+1 555 555 0110' },
      { name: 'unmapped.auth_device.ip', type: 'IP Address', type_id: 2, value: '198.51.100.20' },
    ]),
  );
});

test.each([
  ['fraud', { result: 'fraud' }, { status: 'Failure', severity: 'High' }],
  ['a denial', { result: 'denied' }, { status: 'Failure', severity: 'Low' }],
  ['no factor', { factor: 'not_available' }, { auth_protocol: 'not_available', is_mfa: false }],
  ['a remembered device', { factor: 'remembered_device' }, { is_mfa: false }],
  ['no application', { application: null }, { service: { name: 'Duo' } }],
  ['an event of another kind', { event_type: 'probe' }, { activity_id: 99, activity_name: 'probe' }],
  [
    'a device that is not trusted',
    { trusted_endpoint_status: 'not trusted' },
    { device: { is_trusted: false } },
  ],
  [
    'an enrollment',
    { event_type: 'enrollment' },
    {
      class_uid: 3001,
      activity_name: 'MFA Factor Enable',
      user: { name: 'ada' },
      unmapped: { factor: 'duo_push' },
    },
  ],
  [
    'a time that cannot be read, and another that can',
    { isotimestamp: null },
    { time: 1_768_204_872_000, metadata: { original_time: '1768204872' } },
  ],
])('%s', (_, changes, expected) => {
  expect(of(changes).event).toMatchObject(expected);
});

test('nobody: it is a base event that says so', () => {
  const { event, problems } = of({ user: null, email: '' });
  expect(problems).toEqual(['it has no user, which the class 3002 needs']);
  expect(event).toMatchObject({
    class_uid: 0,
    status: 'Success',
    status_code: 'success',
    unmapped: { reason: 'user_approved', access_device: { os: 'Mac OS X' } },
  });
});
