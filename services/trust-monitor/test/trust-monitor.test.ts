import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { contractSuite } from 'duo-contract';
import { createContractWorld } from 'duo-contract/contract-world';
import { trustMonitor } from '../src/log-type';

const minute = 60_000;
const day = 24 * 60 * minute;

contractSuite(trustMonitor, join(__dirname, '..'));

// The three kinds of https://duo.com/docs/adminapi#trust-monitor, with invented persons, keys and addresses
const common = {
  priority_event: false,
  priority_reasons: [],
  sekey: 'SEXXXXXXXXXXXXXXXX01',
  state: 'new',
  state_updated_timestamp: null,
  surfaced_timestamp: 1605602911680,
  triaged_as_interesting: false,
};
const login = {
  ...common,
  explanations: [{ summary: 'ada has not logged in from this IP recently.', type: 'NEW_NETBLOCK' }],
  from_common_netblock: true,
  from_new_user: false,
  low_risk_ip: false,
  priority_event: true,
  priority_reasons: [{ label: 'CN', type: 'country' }],
  surfaced_auth: {
    access_device: { hostname: null, ip: '203.0.113.40', security_agents: 'unknown' },
    application: { key: 'DIXXXXXXXXXXXXXXXX01', name: 'Microsoft Azure Active Directory' },
    auth_device: { ip: null, key: null, name: null },
    event_type: null,
    isotimestamp: '2020-11-17T03:19:13.092+00:00',
    timestamp: 1605583153,
    txid: '436694ad-467c-4aed-b048-8ad000f58e04',
    user: { groups: [], key: 'DUXXXXXXXXXXXXXXXX01', name: 'ada' },
  },
  triage_event_uri: 'https://admin-example.duosecurity.com/trust-monitor?sekey=SEXXXXXXXXXXXXXXXX01',
  type: 'auth',
};
const bypass = {
  ...common,
  bypass_status_enabled: 1604337058989,
  enabled_by: { key: 'DEXXXXXXXXXXXXXXXX01', name: 'Grace Example' },
  enabled_for: { key: 'DUXXXXXXXXXXXXXXXX01', name: 'ada' },
  type: 'bypass_status',
};
const registration = {
  ...common,
  explanations: [{ summary: 'The operating system is out of date.', type: 'REGISTER_OS_OUTDATED' }],
  from_new_user: false,
  type: 'device_registration',
};

const fits = (event: object) => trustMonitor.schema.safeParse(event).success;

test.each([
  ['a login', login],
  ['a bypass', bypass],
  ['a registration', registration],
  ['a triaged event', { ...login, state: 'processed', state_updated_timestamp: 1605702911680 }],
  ['a new kind of event', { ...common, type: 'something_else' }],
])("%s of Duo's documentation fits", (_, event) => {
  expect(fits(event)).toBe(true);
});

test.each([
  ['no key', { ...login, sekey: undefined }],
  ['no state', { ...bypass, state: undefined }],
  ['a time as text', { ...registration, surfaced_timestamp: '2020-11-17T08:48:31.680Z' }],
  ['explanations in prose', { ...registration, explanations: 'The operating system is out of date.' }],
])('%s: that is drift', (_, event) => {
  expect(fits(event)).toBe(false);
});

test('an event that has changed within the week is stored as a record of its own, and no other again', async () => {
  const { clock, log, run, delivered, close } = await createContractWorld(trustMonitor);
  try {
    const started = clock.now();
    const event = (n: number, changes = {}) =>
      JSON.stringify({ ...login, sekey: `SE${n}`, surfaced_timestamp: started - n * minute, ...changes });
    const change = (state: string) => event(5, { state, state_updated_timestamp: clock.now() });
    log.addAll([event(4), event(5), event(6)]);
    expect(await run()).toMatchObject({ outcome: 'caught-up', records: 3, duplicates: 0 });

    clock.advance(10 * minute);
    const processed = change('processed');
    log.replace(event(5), processed);
    expect(await run()).toMatchObject({ outcome: 'caught-up', records: 1, duplicates: 2 });

    clock.advance(6 * day);
    const reopened = change('new');
    log.replace(processed, reopened);
    expect(await run()).toMatchObject({ outcome: 'caught-up', records: 1, duplicates: 2 });

    expect(delivered().sort()).toEqual([event(4), event(5), event(6), processed, reopened].sort());
  } finally {
    await close();
  }
});
