import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { contractSuite } from 'duo-contract';
import { activity } from '../src/log-type';

contractSuite(activity, join(__dirname, '..'));

// https://duo.com/docs/adminapi#activity-logs, with an invented person and addresses
const documented = {
  access_device: {
    browser: 'Chrome',
    browser_version: '111.0.0.0',
    epkey: 'EPXXXXXXXXXXXXXXXX01',
    ip: { address: '192.0.2.10' },
    location: { city: 'Ann Arbor', country: 'United States', state: 'Michigan' },
    os: 'Mac OS X',
    os_version: '10.15.7',
  },
  action: { details: null, name: 'webauthncredential_create' },
  activity_id: '720b8360-078b-47c4-adc7-7968df1caef0',
  actor: {
    details: '{"created":"2015-09-25T23:17:40.000000+00:00","status":"Active","groups":[]}',
    key: 'DUXXXXXXXXXXXXXXXX01',
    name: 'ada',
    type: 'user',
  },
  akey: 'DAXXXXXXXXXXXXXXXX01',
  application: { key: 'DIXXXXXXXXXXXXXXXX01', name: 'Acme Corp', type: 'websdk' },
  old_target: null,
  outcome: { result: 'FAILURE' },
  target: {
    details: '{"authenticator_type":"Security key","transport_types":"usb"}',
    key: 'WAXXXXXXXXXXXXXXXX01',
    name: 'WAXXXXXXXXXXXXXXXX01',
    type: 'webauthn_credential',
  },
  ts: '2023-03-21T15:51:22.591015+00:00',
};

const fits = (changes: object) => activity.schema.safeParse({ ...documented, ...changes }).success;

test("the record of Duo's documentation fits", () => {
  expect(fits({})).toBe(true);
});

test('so does one that says what, who and when and nothing else', () => {
  const { action, activity_id, actor, ts } = documented;
  expect(activity.schema.safeParse({ action, activity_id, actor, ts }).success).toBe(true);
});

test.each([
  ['an action as in the public preview', { action: 'phone_create' }],
  ['an offline enrollment', { action: { details: null, name: 'o2fa_user_provisioned' } }],
  [
    'a synchronisation, which nobody does',
    { actor: { type: 'azure_sync', name: null }, access_device: null },
  ],
  ['neither application, outcome nor target', { application: null, outcome: null, target: null }],
  ['what was there before', { old_target: documented.target }],
])('%s: that fits', (_, changes) => {
  expect(fits(changes)).toBe(true);
});

test.each([
  ['no id', { activity_id: undefined }],
  ['no time', { ts: undefined }],
  ['an action without a name', { action: { details: null } }],
  ['details that are no text', { actor: { ...documented.actor, details: { status: 'Active' } } }],
])('%s: that is drift', (_, changes) => {
  expect(fits(changes)).toBe(false);
});
