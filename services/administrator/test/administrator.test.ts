import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { contractSuite } from 'duo-contract';
import { administrator } from '../src/log-type';

contractSuite(administrator, join(__dirname, '..'));

// https://duo.com/docs/adminapi#administrator-logs, with invented persons
const documented = {
  action: 'user_update',
  description: '{"notes": "Joe asked for their nickname to be displayed.", "realname": "Joe Example"}',
  isotimestamp: '2020-01-24T15:09:42+00:00',
  object: 'joe',
  timestamp: 1579878582,
  username: 'admin',
};

const fits = (changes: object) => administrator.schema.safeParse({ ...documented, ...changes }).success;

test("the record of Duo's documentation fits", () => {
  expect(fits({})).toBe(true);
});

test.each([
  ['a description that is prose', { description: 'Starting activation process' }],
  ['an empty description', { description: null }],
  ['no description', { description: undefined }],
  ['nothing that was changed', { object: null }],
  ['an unknown administrator', { username: '' }],
  ['the time in seconds only', { isotimestamp: undefined }],
])('%s: that fits', (_, changes) => {
  expect(fits(changes)).toBe(true);
});

test.each([
  ['no action', { action: undefined }],
  ['an action in the form of the activity log', { action: { name: 'user_update', details: null } }],
  ['no administrator', { username: undefined }],
  ['a time in another form', { timestamp: '2020-01-24T15:09:42+00:00' }],
])('%s: that is drift', (_, changes) => {
  expect(fits(changes)).toBe(false);
});
