import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { contractSuite } from 'duo-contract';
import { authentication } from '../src/log-type';

contractSuite(authentication, join(__dirname, '..'));

// https://duo.com/docs/adminapi#authentication-logs, with an invented person, phone and addresses
const documented = {
  access_device: {
    browser: 'Chrome',
    browser_version: '67.0.3396.99',
    epkey: 'EPXXXXXXXXXXXXXXXX01',
    flash_version: 'uninstalled',
    hostname: null,
    ip: '192.0.2.10',
    is_encryption_enabled: true,
    is_firewall_enabled: true,
    is_password_set: true,
    java_version: 'uninstalled',
    location: { city: 'Ann Arbor', country: 'United States', state: 'Michigan' },
    os: 'Mac OS X',
    os_version: '10.14.1',
    security_agents: [],
  },
  adaptive_trust_assessments: {
    remember_me: { features_version: '3.0', policy_enabled: false, trust_level: 'NORMAL' },
  },
  alias: '',
  application: { key: 'DIXXXXXXXXXXXXXXXX01', name: 'Microsoft Azure Active Directory' },
  auth_device: {
    ip: '198.51.100.20',
    key: 'DPXXXXXXXXXXXXXXXX01',
    location: { city: 'Ann Arbor', country: 'United States', state: 'Michigan' },
    name: 'My iPhone X (555-555-0142)',
  },
  email: 'ada@example.com',
  event_type: 'authentication',
  factor: 'duo_push',
  isotimestamp: '2020-02-13T18:56:20.351346+00:00',
  ood_software: null,
  reason: 'user_approved',
  result: 'success',
  timestamp: 1581620180,
  trusted_endpoint_status: 'not trusted',
  txid: '340a23e3-23f3-23c1-87dc-1491a23dfdbb',
  user: { groups: ['Duo Users', 'CorpHQ Users'], key: 'DUXXXXXXXXXXXXXXXX01', name: 'ada@example.com' },
};

const fits = (changes: object) => authentication.schema.safeParse({ ...documented, ...changes }).success;
const device = (changes: object) => ({ access_device: { ...documented.access_device, ...changes } });

test("the record of Duo's documentation fits", () => {
  expect(fits({})).toBe(true);
});

test.each([
  ['settings that are not known', device({ is_encryption_enabled: 'unknown', is_password_set: null })],
  ['security agents that are not known', device({ security_agents: 'unknown' })],
  ['no security agents', device({ security_agents: null })],
  ['security agents', device({ security_agents: [{ security_agent: 'cisco-amp', version: '1.24' }] })],
  // https://github.com/elastic/integrations/pull/3117
  ['an address with a port', device({ ip: '192.0.2.10:1234' })],
  ['a device without an address', device({ ip: null })],
  ['a device of which only the address is known', { access_device: { ip: '192.0.2.10' } }],
  ['an enrollment, which has no reason', { event_type: 'enrollment', reason: null, email: null }],
  ['no factor and no device', { factor: null, auth_device: { ip: null, name: null } }],
  ['a user that Duo does not know', { user: { groups: [], key: null, name: 'ada' } }],
  ['a result that is new', { result: 'postponed' }],
])('%s: that fits', (_, changes) => {
  expect(fits(changes)).toBe(true);
});

test.each([
  ['no transaction', { txid: undefined }],
  ['a time in another form', { isotimestamp: 1581620180 }],
  ['no user', { user: undefined }],
  ['an application that is a name only', { application: 'Microsoft Azure Active Directory' }],
  ['a setting in other words', device({ is_firewall_enabled: 'yes' })],
])('%s: that is drift', (_, changes) => {
  expect(fits(changes)).toBe(false);
});
