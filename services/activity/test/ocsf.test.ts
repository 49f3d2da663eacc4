import { expect, test } from '@jest/globals';
import { toOcsf } from '../src/ocsf';

const admin = { details: null, key: 'DEXXXXXXXXXXXXXXXX01', name: 'Grace Example', type: 'admin' };
const user = {
  details: JSON.stringify({ email: 'ada@example.com', groups: [{ name: 'Example Users', key: 'DG1' }] }),
  key: 'DUXXXXXXXXXXXXXXXX01',
  name: 'ada',
  type: 'user',
};
const record = {
  access_device: { ip: { address: '192.0.2.10' } },
  action: { details: null, name: 'user_update' },
  activity_id: '4d2e0000-6b1c-4a57-9d15-000000000001',
  actor: admin,
  akey: 'DAXXXXXXXXXXXXXXXX01',
  application: { key: 'DIXXXXXXXXXXXXXXXX01', name: 'Example Intranet', type: 'websdk' },
  old_target: null,
  outcome: { result: 'SUCCESS' },
  target: user,
  ts: '2026-01-12T08:10:22.591015+00:00',
};
const of = (name: string, changes: object = {}) => {
  const { event, problems } = toOcsf(
    JSON.stringify({ ...record, action: { details: null, name }, ...changes }),
  );
  expect(problems).toEqual([]);
  return event;
};

test('a change of a user is an Account Change, by whom and of whom', () => {
  expect(of('user_update')).toMatchObject({
    activity_id: 99,
    activity_name: 'user_update',
    actor: { user: { name: 'Grace Example', type: 'admin', type_id: 2 } },
    class_uid: 3001,
    metadata: { tenant_uid: 'DAXXXXXXXXXXXXXXXX01' },
    src_endpoint: { ip: '192.0.2.10' },
    status: 'Success',
    user: { email_addr: 'ada@example.com', groups: [{ name: 'Example Users', uid: 'DG1' }], name: 'ada' },
  });
});

test('with what it was, the change has both', () => {
  expect(of('user_update', { old_target: { ...user, name: 'ada.old' } })).toMatchObject({
    user: { name: 'ada.old' },
    user_result: { name: 'ada' },
  });
});

const phone = {
  details: '{"platform": "Example OS"}',
  key: 'DPXXXXXXXXXXXXXXXX01',
  name: 'a phone',
  type: 'phone',
};

test.each<[string, string, object, object]>([
  [
    'of the user who acts is of the account',
    'phone_create',
    { actor: user },
    { class_uid: 3001, activity_id: 10, user: { name: 'ada' } },
  ],
  ['that goes', 'phone_delete', { actor: user }, { class_uid: 3001, activity_id: 11 }],
  [
    'that an administrator makes is an entity, since nobody knows whose',
    'phone_create',
    {},
    {
      activity_name: 'Create',
      class_uid: 3004,
      entity: {
        data: { platform: 'Example OS' },
        name: 'a phone',
        type: 'phone',
        uid: 'DPXXXXXXXXXXXXXXXX01',
      },
    },
  ],
  ['that an administrator deletes', 'phone_delete', {}, { class_uid: 3004, activity_name: 'Delete' }],
])('a factor %s', (_, name, changes, expected) => {
  expect(of(name, { target: phone, ...changes })).toMatchObject(expected);
});

const heidi = {
  details: '{"role": "Owner"}',
  key: 'DEXXXXXXXXXXXXXXXX02',
  name: 'Heidi Example',
  type: 'admin',
};

test.each<[string, string, object, object]>([
  [
    "an administrator's login",
    'admin_login',
    { application: null, target: null },
    { class_uid: 3002, service: { name: 'Duo Admin Panel' }, user: { name: 'Grace Example' } },
  ],
  [
    'a role',
    'admin_update',
    { target: heidi },
    {
      class_uid: 3005,
      activity_name: 'Assign Privileges',
      privileges: ['Owner'],
      user: { name: 'Heidi Example' },
    },
  ],
  [
    'another change of an administrator',
    'admin_update',
    { target: { ...heidi, details: '{"phone": "+15555550121"}' } },
    { class_uid: 3004, activity_name: 'Update', entity: { name: 'Heidi Example' } },
  ],
  [
    'a group',
    'group_create',
    { target: { details: null, key: 'DG1', name: 'Example Users', type: 'group' } },
    {
      class_uid: 3006,
      activity_name: 'Create',
      group: { name: 'Example Users', uid: 'DG1' },
      privileges: [],
      resource: { name: 'Example Intranet', type: 'websdk' },
    },
  ],
  [
    'a policy',
    'policy_update',
    { target: { details: null, key: 'PO1', name: 'Example Policy', type: 'policy' } },
    {
      class_uid: 6003,
      activity_name: 'Update',
      api: { operation: 'policy_update', service: { name: 'Example Intranet' } },
      resources: [{ name: 'Example Policy', type: 'policy', uid: 'PO1' }],
    },
  ],
  [
    'a synchronisation, which has no name and no address',
    'azure_sync_begin',
    {
      access_device: null,
      actor: { details: null, key: null, name: null, type: 'azure_sync' },
      target: null,
    },
    {
      class_uid: 6003,
      activity_name: 'azure_sync_begin',
      actor: { invoked_by: 'azure_sync' },
      src_endpoint: { svc_name: 'azure_sync' },
    },
  ],
])('%s', (_, name, changes, expected) => {
  expect(of(name, changes)).toMatchObject(expected);
});

test('details that are objects are read as those in texts are, and said to be so', () => {
  const target = { ...user, details: JSON.parse(user.details) };
  const { event, problems } = toOcsf(JSON.stringify({ ...record, target }));
  expect(problems).toEqual(['target.details is not what Duo documents']);
  const { status_detail: _, raw_data: __, ...fields } = event;
  const { raw_data: ___, ...inText } = of('user_update');
  expect(fields).toEqual(inText);
});
