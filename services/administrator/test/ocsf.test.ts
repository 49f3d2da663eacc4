import { expect, test } from '@jest/globals';
import { toOcsf } from '../src/ocsf';

const record = {
  action: 'user_create',
  description: null as object | string | null,
  isotimestamp: '2026-01-14T08:00:00+00:00',
  object: 'ada' as string | null,
  timestamp: 1_768_377_600,
  username: 'Grace Example',
};
const of = (changes: Partial<typeof record>) => {
  const { description } = changes;
  const text =
    typeof description === 'object' && description !== null ? JSON.stringify(description) : description;
  const { event, problems } = toOcsf(JSON.stringify({ ...record, ...changes, description: text }));
  expect(problems).toEqual([]);
  return event;
};

test.each<[string, Partial<typeof record>, object]>([
  [
    'a login',
    { action: 'admin_login', description: { ip_address: '192.0.2.10', factor: 'push' }, object: null },
    {
      class_uid: 3002,
      auth_protocol: 'push',
      is_mfa: true,
      service: { name: 'Duo Admin Panel' },
      src_endpoint: { ip: '192.0.2.10' },
      status: 'Success',
      user: { name: 'Grace Example', type: 'Admin' },
    },
  ],
  [
    'a login that fails before anyone is known',
    {
      action: 'admin_login_error',
      description: { error: 'SAML login is disabled', email: 'heidi@example.com' },
      username: '',
    },
    {
      class_uid: 3002,
      severity: 'Low',
      status: 'Failure',
      status_detail: 'SAML login is disabled',
      user: { email_addr: 'heidi@example.com', name: 'heidi@example.com' },
    },
  ],
  [
    'a new user',
    { description: { realname: 'Ada Example', email: 'ada@example.com', notes: 'new' } },
    {
      class_uid: 3001,
      activity_name: 'Create',
      actor: { user: { name: 'Grace Example' } },
      metadata: { original_time: '2026-01-14T08:00:00+00:00' },
      time: 1_768_377_600_000,
      unmapped: { description: { notes: 'new' } },
      user: { email_addr: 'ada@example.com', full_name: 'Ada Example', name: 'ada' },
    },
  ],
  [
    'what is said in prose',
    { action: 'user_update', description: 'changed by hand' },
    { class_uid: 3001, activity_name: 'user_update', message: 'changed by hand' },
  ],
  [
    'a password',
    { action: 'activation_set_password', object: null },
    { class_uid: 3001, activity_name: 'Password Change', user: { name: 'Grace Example' } },
  ],
  [
    'a group',
    { action: 'group_delete', object: 'Example Users' },
    { class_uid: 3006, activity_name: 'Delete', group: { name: 'Example Users' }, privileges: [] },
  ],
  [
    'an administrator',
    { action: 'admin_update', description: { phone: '+15555550121' }, object: 'Heidi Example' },
    {
      class_uid: 3004,
      activity_name: 'Update',
      entity: { data: { phone: '+15555550121' }, name: 'Heidi Example' },
    },
  ],
  [
    'a role',
    { action: 'admin_create', description: { role: 'Help Desk' }, object: 'Heidi Example' },
    { class_uid: 3005, privileges: ['Help Desk'], user: { name: 'Heidi Example', type: 'Admin' } },
  ],
  [
    'a setting that nobody is named for',
    { action: 'policy_update', description: 'by hand', object: 'Example Policy', username: '' },
    {
      class_uid: 6003,
      activity_name: 'Update',
      actor: { invoked_by: 'Duo' },
      api: { operation: 'policy_update' },
      resources: [{ data: 'by hand', name: 'Example Policy' }],
      src_endpoint: { svc_name: 'Duo' },
    },
  ],
])('%s', (_, changes, expected) => {
  expect(of(changes)).toMatchObject(expected);
});

test('a user without a name is a base event that says so', () => {
  const { event, problems } = toOcsf(JSON.stringify({ ...record, object: null, username: '' }));
  expect(problems).toEqual(['it has no user, which the class 3001 needs']);
  expect(event).toMatchObject({ class_uid: 0, activity_name: 'user_create', time: 1_768_377_600_000 });
});
