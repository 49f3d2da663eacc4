import { expect, test } from '@jest/globals';
import { toOcsf } from '../src/ocsf';

const record = {
  action: 'o2fa_user_provisioned',
  description: JSON.stringify({
    user_agent: 'DuoCredProv/5.1',
    hostname: 'workstation-1',
    factor: 'duo_otp',
  }),
  isotimestamp: '2026-01-12T08:20:05+00:00',
  object: 'Example Windows Logon',
  timestamp: 1_768_206_005,
  username: 'ada',
};
const of = (changes: object) => toOcsf(JSON.stringify({ ...record, ...changes }));

test('an enrollment is a factor of an account, on a device', () => {
  const { event, problems } = of({});
  expect(problems).toEqual([]);
  expect(event).toMatchObject({
    activity_name: 'MFA Factor Enable',
    class_uid: 3001,
    device: { hostname: 'workstation-1' },
    http_request: { user_agent: 'DuoCredProv/5.1' },
    metadata: { event_code: 'o2fa_user_provisioned', original_time: '2026-01-12T08:20:05+00:00' },
    status: 'Success',
    time: 1_768_206_005_000,
    user: { name: 'ada', type: 'User' },
  });
  expect(event.unmapped).toEqual({ description: { factor: 'duo_otp' }, object: 'Example Windows Logon' });
});

test.each([
  ['o2fa_user_reenrolled', 'MFA Factor Enable'],
  ['o2fa_user_deprovisioned', 'MFA Factor Disable'],
  ['o2fa_user_something', 'o2fa_user_something'],
  ['something_else', 'something_else'],
])('%s is the activity %s', (action, activity_name) => {
  expect(of({ action, description: null }).event).toMatchObject({ class_uid: 3001, activity_name });
});

test('a record of nobody is a base event that says so', () => {
  const { event, problems } = of({ username: '' });
  expect(problems).toEqual(['it has no user, which the class 3001 needs']);
  expect(event).toMatchObject({
    class_uid: 0,
    status: 'Success',
    unmapped: { description: { factor: 'duo_otp' } },
  });
});
