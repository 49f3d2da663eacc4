import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { brokenRules } from 'duo-udm';
import { toUdm } from '../src/udm';

const device = {
  browser: 'Chrome',
  browser_version: '143.0',
  ip: { address: '192.0.2.10' },
  location: { city: 'Springfield', country: 'Example Country', state: 'Example State' },
  os: 'Mac OS X',
  os_version: '15.2',
};
const actorDetails = {
  created: '2025-02-03T04:05:06.000000+00:00',
  last_login: '2026-01-12T08:01:12+00:00',
  status: 'Active',
  email: 'ada@example.com',
  groups: [{ name: 'Example Users', key: 'DGXXXXXXXXXXXXXXXX01' }],
};
const record = {
  access_device: device,
  action: { details: 'by hand', name: 'phone_update' },
  activity_id: '4d2e0000-6b1c-4a57-9d15-000000000001',
  actor: { details: JSON.stringify(actorDetails), key: 'DUXXXXXXXXXXXXXXXX01', name: 'ada', type: 'user' },
  akey: 'DAXXXXXXXXXXXXXXXX01',
  application: { key: 'DIXXXXXXXXXXXXXXXX01', name: 'Example Intranet', type: 'websdk' },
  old_target: { details: 'before', key: 'DPXXXXXXXXXXXXXXXX01', name: 'old phone', type: 'phone' },
  outcome: { result: 'SUCCESS' },
  target: { details: 'after', key: 'DPXXXXXXXXXXXXXXXX02', name: 'new phone', type: 'phone' },
  ts: '2026-01-12T08:10:22.591015+00:00',
};
const label = (key: string, value: string) => expect.arrayContaining([{ key, value }]);
const actor = 'principal.user.attribute.labels';
const on = (os: string) => ({ access_device: { ...device, os } });
const actorWith = (details: unknown) => ({
  actor: { ...record.actor, details: typeof details === 'string' ? details : JSON.stringify(details) },
});

describe('Each row of the table of DUO_ACTIVITY', () => {
  test.each<[string, object, string, unknown]>([
    ['ts', {}, 'metadata.eventTimestamp', '2026-01-12T08:10:22.591015Z'],
    ['activity_id', {}, 'metadata.productLogId', '4d2e0000-6b1c-4a57-9d15-000000000001'],
    ['action.name', {}, 'metadata.productEventType', 'phone_update'],
    ['action, a plain string', { action: 'phone_create' }, 'metadata.productEventType', 'phone_create'],
    ['action.details', {}, actor, label('action_details', 'by hand')],
    ['akey', {}, 'principal.asset.productObjectId', 'DAXXXXXXXXXXXXXXXX01'],
    ['outcome.result', {}, 'securityResult.0.actionDetails', 'SUCCESS'],
    ['access_device.os, Mac', {}, 'principal.platform', 'MAC'],
    ['access_device.os, Win', on('Windows'), 'principal.platform', 'WINDOWS'],
    ['access_device.os, Lin', on('Linux'), 'principal.platform', 'LINUX'],
    ['access_device.os, ios', on('iOS'), 'principal.platform', 'IOS'],
    ['access_device.os, Chrome', on('Chrome OS'), 'principal.platform', 'CHROME_OS'],
    ['access_device.os, Android', on('Android'), 'principal.platform', 'ANDROID'],
    ['access_device.os, another', on('BSD'), 'principal.platform', 'UNKNOWN_PLATFORM'],
    ['access_device.os_version', {}, 'principal.platformVersion', '15.2'],
    ['access_device.ip.address', {}, 'principal.ip', ['192.0.2.10']],
    [
      'access_device.location',
      {},
      'principal.location',
      { city: 'Springfield', countryOrRegion: 'Example Country', state: 'Example State' },
    ],
    [
      'access_device.browser, browser_version',
      {},
      'principal.asset.attribute.labels',
      [
        { key: 'access_device_browser', value: 'Chrome' },
        { key: 'access_device_browser_version', value: '143.0' },
      ],
    ],
    ['application.key', {}, 'principal.resource.productObjectId', 'DIXXXXXXXXXXXXXXXX01'],
    ['application.name', {}, 'principal.application', 'Example Intranet'],
    ['application.type', {}, 'principal.resource.resourceSubtype', 'websdk'],
    ['actor.key', {}, 'principal.user.userid', 'DUXXXXXXXXXXXXXXXX01'],
    ['actor.name', {}, 'principal.user.userDisplayName', 'ada'],
    ['actor.type', {}, actor, label('actor_type', 'user')],
    ['actor.details.created', {}, 'principal.user.firstSeenTime', '2025-02-03T04:05:06.000000Z'],
    [
      'actor.details.created, unreadable',
      actorWith({ created: 'then' }),
      'principal.user.firstSeenTime',
      undefined,
    ],
    ['actor.details.last_login', {}, 'principal.user.lastLoginTime', '2026-01-12T08:01:12Z'],
    ['actor.details.status', {}, actor, label('status', 'Active')],
    ['actor.details.groups', {}, actor, label('group_name', 'Example Users')],
    ['actor.details.group.key', actorWith({ group: { key: 'DG1' } }), actor, label('group_key', 'DG1')],
    ['actor.details.group.name', actorWith({ group: { name: 'All' } }), actor, label('group_name', 'All')],
    ['actor.details.email', {}, 'principal.user.emailAddresses', ['ada@example.com']],
    ['actor.details, prose', actorWith('none'), 'principal.user.emailAddresses', undefined],
    [
      'target.key',
      {},
      'target.asset.attribute.labels',
      [{ key: 'target_key', value: 'DPXXXXXXXXXXXXXXXX02' }],
    ],
    ['target.name', {}, 'target.asset.hostname', 'new phone'],
    ['target.type', {}, 'target.asset.category', 'phone'],
    ['target.details', {}, 'target.user.attribute.labels', [{ key: 'target_details', value: 'after' }]],
    [
      'old_target.key',
      {},
      'about.0.asset.attribute.labels',
      [{ key: 'old_target_key', value: 'DPXXXXXXXXXXXXXXXX01' }],
    ],
    ['old_target.name', {}, 'about.0.asset.hostname', 'old phone'],
    ['old_target.type', {}, 'about.0.asset.category', 'phone'],
    [
      'old_target.details',
      {},
      'about.0.user.attribute.labels',
      [{ key: 'old_target_details', value: 'before' }],
    ],
    ['Duo', {}, 'metadata.vendorName', 'Duo'],
    ['log_type', {}, 'metadata.logType', 'DUO_ACTIVITY'],
  ])('%s', (_, changes, path, expected) => {
    const event = toUdm({ ...record, ...changes });
    if (expected === undefined) expect(event).not.toHaveProperty(path);
    else expect(event).toHaveProperty(path, expected);
  });
});

describe('Each row of the event types of DUO_ACTIVITY', () => {
  const objects = ['bypass', 'hardtoken', 'integration', 'management_system', 'management_system_pkcs12'];
  objects.push('phone', 'policy', 'u2ftoken', 'webauthncredential');
  test.each<[string, string[]]>([
    [
      'DEVICE_PROGRAM_DOWNLOAD',
      [
        'admin_activate_duo_push',
        'admin_rectivates_duo_push',
        'management_system_download_device_api_script',
      ],
    ],
    ['RESOURCE_PERMISSIONS_CHANGE', ['admin_factor_restrictions']],
    [
      'USER_UNCATEGORIZED',
      ['admin_login', 'integration_policy_assign', 'integration_policy_unassign', 'log_export_start'].concat(
        ['log_export_complete', 'log_export_failure', 'management_system_sync_failure'],
        ['management_system_sync_success', 'management_system_update'],
      ),
    ],
    ['USER_CHANGE_PASSWORD', ['admin_reset_password']],
    ['EMAIL_TRANSACTION', ['admin_send_reset_password_email']],
    [
      'RESOURCE_CREATION',
      objects
        .flatMap((object) => [`${object}_create`, `${object}_add`, `${object}_associate`])
        .concat(['device_change_notification_create', 'pkcs12_enrollment'])
        .concat(['phone_activation_code_regenerated', 'phone_new_sms_passcode']),
    ],
    ['RESOURCE_DELETION', objects.flatMap((object) => [`${object}_delete`, `${object}_disassociate`])],
    [
      'RESOURCE_READ',
      ['bypass_view', 'integration_skey_view', 'integration_skey_bulk_view'].concat([
        'management_system_view_password',
        'management_system_view_token',
      ]),
    ],
    [
      'RESOURCE_WRITTEN',
      ['hardtoken_resync', 'hardtoken_update', 'integration_update', 'management_system_edit_devices'].concat(
        ['phone_update', 'policy_update', 'webauthncredential_rename'],
      ),
    ],
    ['USER_RESOURCE_DELETION', ['deregister_devices']],
    [
      'USER_COMMUNICATION',
      ['device_change_notification_sent', 'device_change_enrollment_notification_answered'],
    ],
    ['GROUP_CREATION', ['group_create']],
    ['GROUP_DELETION', ['group_delete']],
    ['GROUP_MODIFICATION', ['group_update']],
    ['GROUP_UNCATEGORIZED', ['integration_group_policy_add', 'integration_group_policy_remove']],
    ['DEVICE_CONFIG_UPDATE', ['management_system_activate_device_cache']],
    [
      'USER_CHANGE_PERMISSIONS',
      ['user_not_enrolled_lockout', 'user_adminapi_lockout', 'user_lockout_cleared'],
    ],
    ['GENERIC_EVENT', ['user_update', 'admin_login_error', 'o2fa_user_provisioned', 'something_new']],
  ])('%s', (eventType, actions) => {
    const types = actions.map((name) => [name, toUdm({ ...record, action: { name } }).metadata.eventType]);
    expect(types).toEqual(actions.map((name) => [name, eventType]));
  });
});

test('the parser deviates from the rules of UDM: what is changed stands in target.asset', () => {
  const samples = readFileSync(join(__dirname, '../samples/records.ndjson'), 'utf8').trim().split('\n');
  const broken = samples.flatMap((line) => brokenRules(toUdm(JSON.parse(line))));
  expect([...new Set(broken)].sort()).toEqual([
    'RESOURCE_CREATION needs the name or id of target.resource',
    'USER_UNCATEGORIZED needs target.user',
  ]);
  expect(brokenRules(toUdm({ ...record, action: { name: 'group_update' } }))).toEqual([
    'GROUP_MODIFICATION needs the name of target.group',
  ]);
});

test('a record without a time cannot be mapped', () => {
  expect(() => toUdm({ ...record, ts: null })).toThrow('ts is missing, or not an ISO 8601 time with a zone');
});

test('Details that are objects are mapped as their JSON', () => {
  const changed = { name: 'jdoe' };
  const party = { key: 'DUXXXXXXXXXXXXXXXX02', name: 'jdoe', type: 'user' };
  const withDetails = (form: (details: object) => unknown) =>
    toUdm({
      ...record,
      action: { name: 'user_update', details: form(changed) },
      actor: { ...record.actor, details: form(actorDetails) },
      target: { ...party, details: form(changed) },
      old_target: { ...party, details: form(changed) },
    });
  expect(withDetails((details) => details)).toEqual(withDetails((details) => JSON.stringify(details)));
});
