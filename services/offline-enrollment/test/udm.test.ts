import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { brokenRules } from 'duo-udm';
import { toUdm } from '../src/udm';

const record = {
  action: 'o2fa_user_provisioned',
  description: '{"user_agent": "DuoCredProv/5.1", "hostname": "workstation-1", "factor": "duo_otp"}',
  isotimestamp: '2026-01-12T08:20:05+00:00',
  object: 'Example Windows Logon',
  timestamp: 1768206005,
  username: 'ada',
};

describe('Each row of our table of the offline enrollments', () => {
  test.each<[string, object, string, unknown]>([
    ['timestamp', {}, 'metadata.eventTimestamp', '2026-01-12T08:20:05Z'],
    ['host and user', {}, 'metadata.eventType', 'USER_UNCATEGORIZED'],
    ['no host', { description: null }, 'metadata.eventType', 'GENERIC_EVENT'],
    ['no user', { username: '' }, 'metadata.eventType', 'GENERIC_EVENT'],
    ['Duo', {}, 'metadata.vendorName', 'Duo'],
    ['Offline Enrollment', {}, 'metadata.productName', 'Offline Enrollment'],
    ['action', {}, 'metadata.productEventType', 'o2fa_user_provisioned'],
    ['description.hostname', {}, 'principal.hostname', 'workstation-1'],
    ['description.user_agent', {}, 'network.http.userAgent', 'DuoCredProv/5.1'],
    ['description.factor', {}, 'extensions.auth.authDetails', 'duo_otp'],
    ['object', {}, 'target.application', 'Example Windows Logon'],
    ['username', {}, 'target.user.userid', 'ada'],
    ['log_type, which there is none', {}, 'metadata.logType', undefined],
  ])('%s', (_, changes, path, expected) => {
    const event = toUdm({ ...record, ...changes });
    if (expected === undefined) expect(event).not.toHaveProperty(path);
    else expect(event).toHaveProperty(path, expected);
  });
});

test('what the samples become breaks no rule of UDM', () => {
  const samples = readFileSync(join(__dirname, '../samples/records.ndjson'), 'utf8').trim().split('\n');
  expect(samples.flatMap((line) => brokenRules(toUdm(JSON.parse(line))))).toEqual([]);
});

test('a record without a time cannot be mapped', () => {
  expect(() => toUdm({ ...record, timestamp: null })).toThrow('timestamp is missing');
});
