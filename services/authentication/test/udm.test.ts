import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { brokenRules } from 'duo-udm';
import { toUdm } from '../src/udm';

const place = { city: 'Springfield', country: 'Example Country', state: 'Example State' };
const udmPlace = { city: 'Springfield', countryOrRegion: 'Example Country', state: 'Example State' };
const device = {
  browser: 'Chrome',
  browser_version: '143.0',
  device_info_source: 'Duo Desktop',
  epkey: 'EPXXXXXXXXXXXXXXXX01',
  flash_version: 'uninstalled',
  hostname: 'workstation-1.example.com',
  ip: '192.0.2.10',
  is_encryption_enabled: true,
  is_firewall_enabled: 'unknown',
  is_password_set: false,
  java_version: 'uninstalled',
  location: place,
  os: 'Mac OS X',
  os_version: '15.2',
};
const record = {
  access_device: device,
  adaptive_trust_assessments: {
    more_secure_auth: { features_version: '3.0', policy_enabled: false, reason: 'Known', trust_level: 'LOW' },
    remember_me: { model_version: '2026.01.1', preview_mode_enabled: true },
  },
  application: { key: 'DIXXXXXXXXXXXXXXXX01', name: 'Example Intranet' },
  auth_device: { ip: '198.51.100.20', location: place, name: '+1 555 555 0110' },
  event_type: 'authentication',
  factor: 'duo_push',
  reason: 'user_approved',
  result: 'success',
  timestamp: 1768204872,
  trusted_endpoint_status: 'not trusted',
  txid: '3c1d0000-6b1c-4a57-9d15-000000000001',
  user: { groups: ['Example Users'], key: 'DUXXXXXXXXXXXXXXXX01', name: 'ada' },
};
const on = (changes: object) => ({ access_device: { ...device, ...changes } });
const label = (key: string, value: string) => expect.arrayContaining([{ key, value }]);
const settings = 'principal.resource.attribute.labels';
const found = 'securityResult.0.detectionFields';
const more = 'adaptive_trust_assessments.more_secure_auth';

describe('Each row of the table of DUO_AUTH that a v2 record has', () => {
  test.each<[string, object, string | string[], unknown]>([
    ['access_device.browser', {}, settings, label('browser', 'Chrome')],
    ['access_device.browser_version', {}, settings, label('browser_version', '143.0')],
    ['access_device.epkey', {}, settings, label('epkey', 'EPXXXXXXXXXXXXXXXX01')],
    ['access_device.flash_version', {}, settings, label('flash_version', 'uninstalled')],
    ['access_device.is_encryption_enabled', {}, settings, label('is_encryption_enabled', 'true')],
    ['access_device.is_firewall_enabled', {}, settings, label('is_firewall_enabled', 'unknown')],
    ['access_device.is_password_set', {}, settings, label('is_password_set', 'false')],
    ['access_device.java_version', {}, settings, label('java_version', 'uninstalled')],
    ['access_device.hostname', {}, 'principal.hostname', 'workstation-1.example.com'],
    ['access_device.hostname', {}, 'principal.asset.hostname', 'workstation-1.example.com'],
    ['hostname', { ...on({ hostname: null }), hostname: 'other' }, 'principal.hostname', 'other'],
    ['access_device.ip', {}, 'principal.ip', ['192.0.2.10']],
    ['access_device.ip', {}, 'principal.asset.ip', ['192.0.2.10']],
    ['access_device.ip, with a port', on({ ip: '192.0.2.10:1234' }), 'principal.ip', undefined],
    [
      'access_device.ip, with a port',
      on({ ip: '192.0.2.10:1234' }),
      ['additional', 'access_device.ip'],
      '192.0.2.10:1234',
    ],
    ['access_device.ip, IPv6', on({ ip: '2001:db8::1' }), ['additional', 'access_device.ip'], '2001:db8::1'],
    [
      'access_device.ip, a name',
      on({ hostname: null, ip: 'kiosk.example.com' }),
      'principal.hostname',
      'kiosk.example.com',
    ],
    [
      'access_device.ip, a name',
      on({ hostname: null, ip: 'kiosk.example.com' }),
      ['additional', 'access_device.ip'],
      undefined,
    ],
    ['access_device.location', {}, 'principal.location', udmPlace],
    ['access_device.os', {}, 'principal.platform', 'MAC'],
    ['access_device.os, Windows', on({ os: 'Windows' }), 'principal.platform', 'WINDOWS'],
    ['access_device.os, Linux', on({ os: 'Linux' }), 'principal.platform', 'LINUX'],
    ['access_device.os, another', on({ os: 'Android' }), 'principal.platform', undefined],
    ['access_device.os_version', {}, 'principal.platformVersion', '15.2'],
    [
      'access_device.device_info_source',
      {},
      'principal.asset.attribute.labels',
      label('device_info_source', 'Duo Desktop'),
    ],
    [
      'trusted_endpoint_status',
      {},
      'principal.asset.attribute.labels',
      label('trusted_endpoint_status', 'not trusted'),
    ],
    [`${more}.features_version`, {}, found, label(pathKey(`${more}.features_version`), '3.0')],
    [`${more}.trust_level`, {}, found, label(pathKey(`${more}.trust_level`), 'LOW')],
    [
      'adaptive_trust_assessments.remember_me.model_version',
      {},
      found,
      label('adaptive_trust_assessments_remember_me_model_version', '2026.01.1'),
    ],
    [`${more}.policy_enabled`, {}, ['additional', `${more}.policy_enabled`], 'false'],
    [`${more}.reason`, {}, ['additional', `${more}.reason`], 'Known'],
    [
      'adaptive_trust_assessments.remember_me.preview_mode_enabled',
      {},
      ['additional', 'adaptive_trust_assessments.remember_me.preview_mode_enabled'],
      'true',
    ],
    ['application.key', {}, 'target.resource.id', 'DIXXXXXXXXXXXXXXXX01'],
    ['application.name', {}, 'target.application', 'Example Intranet'],
    [
      'application.destination_name',
      { application: { ...record.application, destination_name: 'Wiki' } },
      'target.application',
      'Wiki',
    ],
    ['auth_device.ip', {}, 'target.ip', ['198.51.100.20']],
    ['auth_device.ip, none', { auth_device: { ip: 'None' } }, 'target.ip', undefined],
    ['auth_device.location', {}, 'target.location', udmPlace],
    ['auth_device.name, a phone number', {}, 'target.user.phoneNumbers', ['+1 555 555 0110']],
    ['auth_device.name, a phone number', {}, 'target.hostname', undefined],
    ['auth_device.name, another', { auth_device: { name: "Ada's key" } }, 'target.hostname', "Ada's key"],
    ['event_type', {}, 'metadata.productEventType', 'authentication'],
    ['event_type, authentication', {}, 'metadata.eventType', 'USER_LOGIN'],
    ['event_type, enrollment', { event_type: 'enrollment' }, 'metadata.eventType', 'USER_CREATION'],
    [
      'event_type, enrollment without a host',
      { event_type: 'enrollment', ...on({ hostname: null }) },
      'metadata.eventType',
      'USER_UNCATEGORIZED',
    ],
    ['event_type, another', { event_type: null }, 'metadata.eventType', 'GENERIC_EVENT'],
    ['factor', {}, 'extensions.auth.authDetails', 'duo_push'],
    ['factor, push', {}, 'extensions.auth.mechanism', ['REMOTE_INTERACTIVE']],
    ['factor, phone', { factor: 'phone_call' }, 'extensions.auth.mechanism', ['REMOTE_INTERACTIVE']],
    ['factor, passcode', { factor: 'duo_mobile_passcode_hotp' }, 'extensions.auth.mechanism', ['OTP']],
    ['factor, key', { factor: 'WebAuthn Security Key' }, 'extensions.auth.mechanism', ['HARDWARE_KEY']],
    ['factor, remembered', { factor: 'remembered_device' }, 'extensions.auth.mechanism', ['LOCAL']],
    ['factor, none', { factor: 'not_available' }, 'extensions.auth.mechanism', undefined],
    ['SSO', {}, 'extensions.auth.type', 'SSO'],
    ['reason', {}, 'securityResult.0.summary', 'user_approved'],
    ['result', {}, 'securityResult.0.actionDetails', 'success'],
    ['result, success', {}, 'securityResult.0.action', ['ALLOW']],
    ['result, another', { result: 'fraud' }, 'securityResult.0.action', ['BLOCK']],
    ['timestamp', {}, 'metadata.eventTimestamp', '2026-01-12T08:01:12Z'],
    ['txid', {}, 'metadata.productLogId', '3c1d0000-6b1c-4a57-9d15-000000000001'],
    ['txid', {}, 'network.sessionId', '3c1d0000-6b1c-4a57-9d15-000000000001'],
    ['user.groups', {}, 'target.user.groupIdentifiers', ['Example Users']],
    ['user.key', {}, 'target.user.productObjectId', 'DUXXXXXXXXXXXXXXXX01'],
    ['user.name', {}, 'target.user.userid', 'ada'],
    ['DUO_SECURITY', {}, 'metadata.vendorName', 'DUO_SECURITY'],
    ['MULTI-FACTOR_AUTHENTICATION', {}, 'metadata.productName', 'MULTI-FACTOR_AUTHENTICATION'],
    ['log_type', {}, 'metadata.logType', 'DUO_AUTH'],
  ])('%s', (_, changes, path, expected) => {
    const event = toUdm({ ...record, ...changes });
    if (expected === undefined) expect(event).not.toHaveProperty(path);
    else expect(event).toHaveProperty(path, expected);
  });
});

test('the parser deviates from the rules of UDM where the device of a login is not known', () => {
  const samples = readFileSync(join(__dirname, '../samples/records.ndjson'), 'utf8').trim().split('\n');
  const broken = samples.flatMap((line) => brokenRules(toUdm(JSON.parse(line))));
  expect([...new Set(broken)].sort()).toEqual([
    'USER_LOGIN needs a machine as principal or target',
    'principal needs a machine or a user',
  ]);
  expect(brokenRules(toUdm({ ...record, event_type: 'enrollment', access_device: null }))).toEqual([
    'principal needs a machine or a user',
    'USER_UNCATEGORIZED needs a machine as principal',
  ]);
});

test('a record without a time cannot be mapped', () => {
  expect(() => toUdm({ ...record, timestamp: undefined })).toThrow('timestamp is missing');
});

function pathKey(path: string): string {
  return path.replaceAll('.', '_');
}
