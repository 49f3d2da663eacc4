import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { brokenRules } from 'duo-udm';
import { toUdm } from '../src/udm';

const auth = {
  access_device: {
    hostname: 'workstation-1',
    ip: '203.0.113.40',
    location: { city: 'Springfield', country: 'Example Country', state: 'Example State' },
  },
  application: { key: 'DIXXXXXXXXXXXXXXXX01', name: 'Example Intranet' },
  result: 'denied',
  txid: '5e3f0000-6b1c-4a57-9d15-000000000001',
  user: { groups: ['Example Users'], key: 'DUXXXXXXXXXXXXXXXX01', name: 'ada' },
};
const record = {
  explanations: [
    { summary: 'A new country.', type: 'NEW_COUNTRY_CODE' },
    { summary: 'A new network.', type: 'NEW_NETBLOCK' },
  ],
  from_common_netblock: true,
  from_new_user: false,
  low_risk_ip: false,
  priority_event: true,
  sekey: 'SEXXXXXXXXXXXXXXXX01',
  state: 'new',
  surfaced_auth: auth,
  surfaced_timestamp: 1768206611680,
  triage_event_uri: 'https://admin-example.duosecurity.com/trust-monitor?sekey=SEXXXXXXXXXXXXXXXX01',
  triaged_as_interesting: false,
  type: 'auth',
};
const bypass = {
  surfaced_auth: null,
  enabled_by: { key: 'DEXXXXXXXXXXXXXXXX01', name: 'Grace Example' },
  enabled_for: { key: 'DUXXXXXXXXXXXXXXXX02', name: 'bob@example.com' },
};

describe('Each row of our table of Trust Monitor', () => {
  test.each<[string, object, string, unknown]>([
    ['surfaced_timestamp', {}, 'metadata.eventTimestamp', '2026-01-12T08:30:11.680Z'],
    ['event type of a login', {}, 'metadata.eventType', 'USER_UNCATEGORIZED'],
    ['event type of another', bypass, 'metadata.eventType', 'GENERIC_EVENT'],
    ['Duo', {}, 'metadata.vendorName', 'Duo'],
    ['Trust Monitor', {}, 'metadata.productName', 'Trust Monitor'],
    ['log_type', {}, 'metadata.logType', 'DUO_TRUST_MONITOR'],
    ['type', {}, 'metadata.productEventType', 'auth'],
    ['type', {}, 'about.0.resource.resourceSubtype', 'auth'],
    ['sekey', {}, 'metadata.productLogId', 'SEXXXXXXXXXXXXXXXX01'],
    ['sekey', {}, 'about.0.resource.productObjectId', 'SEXXXXXXXXXXXXXXXX01'],
    ['triage_event_uri', {}, 'metadata.urlBackToProduct', record.triage_event_uri],
    ['surfaced_auth.access_device.hostname', {}, 'principal.hostname', 'workstation-1'],
    ['surfaced_auth.access_device.ip', {}, 'principal.ip', ['203.0.113.40']],
    ['surfaced_auth.access_device.location', {}, 'principal.location.city', 'Springfield'],
    ['enabled_by.name', bypass, 'principal.user.userid', 'Grace Example'],
    ['enabled_by.key', bypass, 'principal.user.productObjectId', 'DEXXXXXXXXXXXXXXXX01'],
    ['surfaced_auth.application.name', {}, 'target.application', 'Example Intranet'],
    ['surfaced_auth.user.name', {}, 'target.user.userid', 'ada'],
    ['surfaced_auth.user.key', {}, 'target.user.productObjectId', 'DUXXXXXXXXXXXXXXXX01'],
    ['surfaced_auth.user.groups', {}, 'target.user.groupIdentifiers', ['Example Users']],
    ['enabled_for.name', bypass, 'target.user.userid', 'bob@example.com'],
    ['enabled_for.key', bypass, 'target.user.productObjectId', 'DUXXXXXXXXXXXXXXXX02'],
    ['surfaced_auth.txid', {}, 'network.sessionId', '5e3f0000-6b1c-4a57-9d15-000000000001'],
    ['surfaced_auth.result', {}, 'securityResult.0.actionDetails', 'denied'],
    ['surfaced_auth.result, denied', {}, 'securityResult.0.action', ['BLOCK']],
    [
      'surfaced_auth.result, success',
      { surfaced_auth: { ...auth, result: 'success' } },
      'securityResult.0.action',
      ['ALLOW'],
    ],
    ['no surfaced_auth', bypass, 'securityResult.0.action', undefined],
    ['priority_event', {}, 'securityResult.0.severity', 'HIGH'],
    ['priority_event, false', { priority_event: false }, 'securityResult.0.severity', 'LOW'],
    ['explanations.type', {}, 'securityResult.0.summary', 'NEW_COUNTRY_CODE, NEW_NETBLOCK'],
    ['explanations.summary', {}, 'securityResult.0.description', 'A new country. A new network.'],
    [
      'state, triaged_as_interesting, from_common_netblock, from_new_user, low_risk_ip',
      {},
      'securityResult.0.detectionFields',
      [
        { key: 'state', value: 'new' },
        { key: 'triaged_as_interesting', value: 'false' },
        { key: 'from_common_netblock', value: 'true' },
        { key: 'from_new_user', value: 'false' },
        { key: 'low_risk_ip', value: 'false' },
      ],
    ],
  ])('%s', (_, changes, path, expected) => {
    const event = toUdm({ ...record, ...changes });
    if (expected === undefined) expect(event).not.toHaveProperty(path);
    else expect(event).toHaveProperty(path, expected);
  });
});

test.each([
  ['of an unknown device', { ...auth, access_device: { ...auth.access_device, hostname: null, ip: null } }],
  ['of an unknown user', { ...auth, user: null }],
])('a login %s breaks no rule of UDM', (_, surfaced_auth) => {
  const event = toUdm({ ...record, surfaced_auth });
  expect(event.metadata.eventType).toBe('GENERIC_EVENT');
  expect(brokenRules(event)).toEqual([]);
});

test('what the samples become breaks no rule of UDM', () => {
  const samples = readFileSync(join(__dirname, '../samples/records.ndjson'), 'utf8').trim().split('\n');
  expect(samples.flatMap((line) => brokenRules(toUdm(JSON.parse(line))))).toEqual([]);
});

test('a record without a time cannot be mapped', () => {
  expect(() => toUdm({ ...record, surfaced_timestamp: '2026-01-12T08:30:11Z' })).toThrow(
    'surfaced_timestamp is not a number',
  );
});
