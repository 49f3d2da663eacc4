import { expect, test } from '@jest/globals';
import { toOcsf } from '../src/ocsf';

const record = {
  explanations: [
    { summary: 'ada has not logged in from this location recently.', type: 'NEW_COUNTRY_CODE' },
    { summary: 'ada has not logged in from this IP recently.', type: 'NEW_NETBLOCK' },
  ],
  from_new_user: false,
  priority_event: true,
  priority_reasons: [{ label: 'Example Country', type: 'country' }],
  sekey: 'SEXXXXXXXXXXXXXXXX01',
  state: 'new',
  state_updated_timestamp: null,
  surfaced_auth: {
    access_device: {
      ip: '203.0.113.40',
      location: { city: 'Springfield', country: 'United States', state: null },
    },
    application: { key: 'DIXXXXXXXXXXXXXXXX01', name: 'Example Intranet' },
    result: 'denied',
    txid: '5e3f0000-6b1c-4a57-9d15-000000000001',
    user: { groups: ['Example Users'], key: 'DUXXXXXXXXXXXXXXXX01', name: 'ada' },
  },
  surfaced_timestamp: 1_768_206_611_680,
  triage_event_uri: 'https://admin-example.duosecurity.com/trust-monitor?sekey=SEXXXXXXXXXXXXXXXX01',
  triaged_as_interesting: false,
  type: 'auth',
};
const of = (changes: object) => toOcsf(JSON.stringify({ ...record, ...changes }));

test('a login that Duo finds suspicious is a Detection Finding, and the login its evidence', () => {
  const { event, problems } = of({});
  const summary =
    'ada has not logged in from this location recently. ada has not logged in from this IP recently.';
  expect(problems).toEqual([]);
  expect(event).toMatchObject({
    activity_name: 'Create',
    class_uid: 2004,
    evidences: [
      {
        actor: { user: { groups: [{ name: 'Example Users' }], name: 'ada', uid: 'DUXXXXXXXXXXXXXXXX01' } },
        src_endpoint: { ip: '203.0.113.40', location: { city: 'Springfield', country: 'US' } },
      },
    ],
    finding_info: {
      created_time: 1_768_206_611_680,
      desc: summary,
      src_url: record.triage_event_uri,
      title: 'Duo Trust Monitor: auth',
      types: ['NEW_COUNTRY_CODE', 'NEW_NETBLOCK'],
      uid: 'SEXXXXXXXXXXXXXXXX01',
    },
    message: summary,
    metadata: { correlation_uid: record.surfaced_auth.txid, original_time: '1768206611680' },
    resources: [{ name: 'Example Intranet', type: 'application' }],
    severity: 'High',
    status: 'New',
    time: 1_768_206_611_680,
  });
  expect(event.unmapped).toEqual({
    from_new_user: false,
    priority_event: true,
    priority_reasons: [{ label: 'Example Country', type: 'country' }],
    state: 'new',
    surfaced_auth: { result: 'denied' },
    triaged_as_interesting: false,
  });
});

test('one that someone has looked at is an update, with the state that Duo gives it', () => {
  const { event } = of({
    priority_event: false,
    state: 'processed',
    state_updated_timestamp: 1_768_381_200_000,
  });
  expect(event).toMatchObject({
    activity_name: 'Update',
    metadata: { modified_time: 1_768_381_200_000 },
    severity: 'Low',
    status: 'processed',
    status_id: 99,
  });
});

test('a bypass: who gave it is the actor, whom it is for a resource', () => {
  const { event } = of({
    enabled_by: { key: 'DEXXXXXXXXXXXXXXXX01', name: 'Grace Example' },
    enabled_for: { key: 'DUXXXXXXXXXXXXXXXX01', name: 'ada' },
    explanations: null,
    surfaced_auth: null,
    type: 'bypass_status',
  });
  expect(event).toMatchObject({
    actor: { user: { name: 'Grace Example' } },
    finding_info: { title: 'Duo Trust Monitor: bypass_status' },
    metadata: { profiles: ['host'] },
    resources: [{ name: 'ada', type: 'user', uid: 'DUXXXXXXXXXXXXXXXX01' }],
  });
  expect(event).not.toHaveProperty('evidences');
  expect(event).not.toHaveProperty('message');
});
