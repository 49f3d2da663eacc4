import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { brokenRules } from 'duo-udm';
import { toUdm } from '../src/udm';

const record = {
  action: 'group_update',
  description: null,
  isotimestamp: '2026-01-12T08:00:00+00:00',
  object: 'Example Users',
  timestamp: 1768204800,
  username: 'Grace Example',
};
const saying = (description: object) => ({ description: JSON.stringify(description) });
const status = [{ key: 'status', value: 'active' }];

describe('Each row of the table of DUO_ADMIN', () => {
  test.each<[string, object, string | string[], unknown]>([
    ['action', {}, 'metadata.productEventType', 'group_update'],
    ['action, group_create', { action: 'group_create' }, 'metadata.eventType', 'GROUP_CREATION'],
    ['action, group_delete', { action: 'group_delete' }, 'metadata.eventType', 'GROUP_DELETION'],
    ['action, group_update', {}, 'metadata.eventType', 'GROUP_MODIFICATION'],
    ['action, admin_login', { action: 'admin_login' }, 'metadata.eventType', 'USER_LOGIN'],
    ['action, user_create', { action: 'user_create' }, 'metadata.eventType', 'USER_CREATION'],
    ['action, user_update', { action: 'user_update' }, 'metadata.eventType', 'USER_UNCATEGORIZED'],
    ['action, another', { action: 'activation_begin' }, 'metadata.eventType', 'GENERIC_EVENT'],
    ['description.desc', saying({ desc: 'Said so' }), 'metadata.description', 'Said so'],
    ['desc', { desc: 'Said so' }, 'metadata.description', 'Said so'],
    ['description._status', saying({ _status: 'active' }), 'target.group.attribute.labels', status],
    [
      'description.groups.0._status',
      saying({ groups: [{ _status: 'active' }] }),
      'target.group.attribute.labels',
      status,
    ],
    [
      'description.groups.0.name',
      saying({ groups: { 0: { name: 'All' } } }),
      'target.group.groupDisplayName',
      'All',
    ],
    ['description.name', saying({ name: 'All' }), 'target.group.groupDisplayName', 'All'],
    ['object', {}, 'target.group.groupDisplayName', 'Example Users'],
    [
      'description.email',
      saying({ email: 'a@example.com' }),
      'target.user.emailAddresses',
      ['a@example.com'],
    ],
    ['description.error', saying({ error: 'SAML is off' }), 'securityResult.0.summary', 'SAML is off'],
    ['description.factor', saying({ factor: 'push' }), 'extensions.auth.authDetails', 'push'],
    ['description.ip_address', saying({ ip_address: '192.0.2.10' }), 'principal.ip', ['192.0.2.10']],
    ['description.realname', saying({ realname: 'Bob' }), 'target.user.userDisplayName', 'Bob'],
    ['description.status', saying({ status: 'active' }), 'target.user.attribute.labels', status],
    ['description.uname', saying({ uname: 'bob' }), 'target.user.userid', 'bob'],
    [
      'description.uname, an address',
      saying({ uname: 'bob@example.com' }),
      'target.user.emailAddresses',
      ['bob@example.com'],
    ],
    ['description.os_version', saying({ os_version: '11' }), 'principal.platformVersion', '11'],
    ['description.firstname', saying({ firstname: 'Grace' }), 'principal.user.firstName', 'Grace'],
    ['description.lastname', saying({ lastname: 'Example' }), 'principal.user.lastName', 'Example'],
    [
      'description.phones.phone1.number',
      saying({ phones: { phone1: { number: '+15555550120' } } }),
      'target.user.phoneNumbers',
      ['+15555550120'],
    ],
    ['description.count', saying({ count: 3 }), 'additional', { count: '3' }],
    ['description.valid_secs', saying({ valid_secs: 60 }), 'additional', { valid_secs: '60' }],
    ['description.remaining_uses', saying({ remaining_uses: 1 }), 'additional', { remaining_uses: '1' }],
    ['description.bypass', saying({ bypass: true }), 'additional', { bypass: 'true' }],
    ['description.user_id', saying({ user_id: 'DU1' }), 'additional', { user_id: 'DU1' }],
    ['description.directory', saying({ directory: 'AD' }), 'additional', { directory: 'AD' }],
    ['description, prose', { description: 'Starting' }, 'metadata.description', undefined],
    ['host', { host: 'api-example.example.com' }, 'principal.hostname', 'api-example.example.com'],
    ['isotimestamp', {}, 'metadata.eventTimestamp', '2026-01-12T08:00:00Z'],
    ['timestamp', { isotimestamp: undefined }, 'metadata.eventTimestamp', '2026-01-12T08:00:00Z'],
    ['username', {}, 'principal.user.userid', 'Grace Example'],
    ['username, of a login', { action: 'admin_login' }, 'target.user.userid', 'Grace Example'],
    ['username, of a login', { action: 'admin_login' }, 'principal', undefined],
    ['login', { action: 'admin_login' }, 'extensions.auth.mechanism', ['USERNAME_PASSWORD']],
    ['ALLOW', {}, 'securityResult.0.action', ['ALLOW']],
    ['BLOCK', { action: 'admin_login_error' }, 'securityResult.0.action', ['BLOCK']],
    ['eventtype', { eventtype: 'administrator' }, 'principal.user.userRole', 'ADMINISTRATOR'],
    ['eventtype, which the API does not send', {}, 'principal.user.userRole', undefined],
    ['DUO_SECURITY', {}, 'metadata.vendorName', 'DUO_SECURITY'],
    ['DUO_ADMIN', {}, 'metadata.productName', 'DUO_ADMIN'],
    ['MULTI-FACTOR_AUTHENTICATION', {}, 'metadata.productVersion', 'MULTI-FACTOR_AUTHENTICATION'],
    ['log_type', {}, 'metadata.logType', 'DUO_ADMIN'],
  ])('%s', (_, changes, path, expected) => {
    const event = toUdm({ ...record, ...changes });
    if (expected === undefined) expect(event).not.toHaveProperty(path);
    else expect(event).toHaveProperty(path, expected);
  });
});

test('the parser deviates from the rules of UDM: no machine, and no user who is changed', () => {
  const samples = readFileSync(join(__dirname, '../samples/records.ndjson'), 'utf8').trim().split('\n');
  const broken = samples.flatMap((line) => brokenRules(toUdm(JSON.parse(line))));
  expect([...new Set(broken)].sort()).toEqual([
    'USER_UNCATEGORIZED needs a machine as principal',
    'USER_UNCATEGORIZED needs target.user',
  ]);
  const login = { ...record, action: 'admin_login', object: null };
  expect(brokenRules(toUdm(login))).toEqual(['USER_LOGIN needs a machine as principal or target']);
});

test.each([
  ['no time', { isotimestamp: null, timestamp: null }, 'timestamp is missing'],
  ['nobody', { username: '', object: null }, 'it names nobody and nothing'],
])('a record with %s cannot be mapped', (_, changes, reason) => {
  expect(() => toUdm({ ...record, ...changes })).toThrow(reason);
});
