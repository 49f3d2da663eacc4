import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { contractSuite } from 'duo-contract';
import { offlineEnrollment } from '../src/log-type';

contractSuite(offlineEnrollment, join(__dirname, '..'));

// https://duo.com/docs/adminapi#offline-enrollment-logs, with an invented person
const documented = {
  action: 'o2fa_user_provisioned',
  description:
    '{"user_agent": "DuoCredProv/4.0.6.413 (Windows NT 6.3.9600; x64; Server)", "hostname": "WKSW10x64", "factor": "duo_otp"}',
  isotimestamp: '2019-08-30T16:10:05+00:00',
  object: 'Acme Laptop Windows Logon',
  timestamp: 1567181405,
  username: 'ada',
};

const fits = (changes: object) => offlineEnrollment.schema.safeParse({ ...documented, ...changes }).success;

test("the record of Duo's documentation fits", () => {
  expect(fits({})).toBe(true);
});

test.each([
  ['an empty description', { description: null }],
  ['no description', { description: undefined }],
  ['no application', { object: null }],
  ['the time in seconds only', { isotimestamp: undefined }],
])('%s: that fits', (_, changes) => {
  expect(fits(changes)).toBe(true);
});

test.each([
  ['no action', { action: undefined }],
  ['a description that is an object', { description: { factor: 'duo_otp' } }],
  ['no user', { username: undefined }],
  ['a time in another form', { timestamp: '2019-08-30T16:10:05+00:00' }],
])('%s: that is drift', (_, changes) => {
  expect(fits(changes)).toBe(false);
});
