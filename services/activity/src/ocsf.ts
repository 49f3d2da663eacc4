import * as ocsf from 'duo-ocsf';
import { activity } from './log-type';

/** One record as an OCSF event: docs/ocsf.md has its tables, the fields' and the actions'. */
export const toOcsf = ocsf.mapping(activity, (raw) => {
  // A plain string in the log's public preview.
  const action = raw.text('action.name') ?? raw.text('action');
  const { port, ...address } = ocsf.address(raw, 'access_device.ip.address');
  const place = ocsf.location(raw, 'access_device.location');
  const common = {
    ...ocsf.outcome(raw.text('outcome.result')),
    message: raw.text('action.details'),
    metadata: { event_code: action, tenant_uid: raw.text('akey') },
  };
  const actor = actorOf(raw);
  const device = {
    ...address,
    location: place,
    os: ocsf.system(raw, 'access_device.os'),
    type_id: 0 as const,
    uid: raw.text('access_device.epkey'),
  };
  const src_endpoint = { ...address, location: place, port };
  const application = {
    name: raw.text('application.name'),
    type: raw.text('application.type'),
    uid: raw.text('application.key'),
  };
  const kind = ocsf.actionKind(action?.value);
  switch (kind.class_uid) {
    case 3002:
      return {
        ...common,
        ...kind,
        device,
        service:
          (application.name ?? application.uid) === undefined
            ? { name: 'Duo Admin Panel' }
            : { name: application.name, uid: application.uid },
        src_endpoint,
        user: account(raw, 'actor'),
      };
    case 3001: {
      const [before, after] = changed(raw, (path) => account(raw, path));
      const target = raw.text('target.type')?.value ?? '';
      const isOfUser = /^(user|admin)$/.test(target);
      // A factor's own record names it as the target: the account is of the user who acted.
      if (!isOfUser && raw.text('actor.type')?.value !== 'user') break;
      const user = isOfUser ? before : account(raw, 'actor');
      return {
        ...common,
        ...kind,
        actor,
        device,
        src_endpoint,
        user,
        ...(isOfUser ? { user_result: after } : {}),
        http_request: { user_agent: raw.json('target.details').text('user_agent') },
      };
    }
    case 3006: {
      const group = ocsf.party(raw, raw.text('target.name') === undefined ? 'old_target' : 'target');
      return { ...common, ...kind, actor, device, group, privileges: [], resource: application };
    }
    case 6003:
      return {
        ...common,
        ...kind,
        actor,
        api: { operation: action ?? 'unknown', service: { name: application.name, uid: application.uid } },
        resources: ['target', 'old_target'].map((path) => entity(raw, path)),
        src_endpoint:
          address.ip === undefined ? { svc_name: raw.text('actor.type')?.value ?? 'Duo' } : src_endpoint,
      };
    case 3004: {
      const role = raw.json('target.details').text('role');
      if (role !== undefined) {
        const user = account(raw, 'target');
        return { ...common, class_uid: 3005, activity_id: 1, actor, device, privileges: [role], user };
      }
    }
  }
  const [before, after] = changed(raw, (path) => entity(raw, path));
  return {
    ...common,
    class_uid: 3004,
    activity_id: kind.class_uid === 3004 ? kind.activity_id : (managed[kind.activity_id] ?? 99),
    actor,
    device,
    entity: before,
    entity_result: after,
  };
});

/** The activities of a managed entity, by those of an account change whose account is not known. */
const managed: Readonly<Record<number, 1 | 4>> = { 1: 1, 6: 4, 10: 1, 11: 4 };

/** What it was and what it has become, if both are known; else it is the first. */
function changed<Part>(raw: ocsf.RawRecord, part: (path: string) => Part): [Part, Part | undefined] {
  const hasOld = (raw.text('old_target.name') ?? raw.text('old_target.key')) !== undefined;
  return hasOld ? [part('old_target'), part('target')] : [part('target'), undefined];
}

function entity(raw: ocsf.RawRecord, path: string) {
  return { ...ocsf.party(raw, path), data: raw.value(`${path}.details`), type: raw.text(`${path}.type`) };
}

function account(raw: ocsf.RawRecord, path: string) {
  const details = raw.json(`${path}.details`);
  const type = raw.text(`${path}.type`);
  const type_id: 0 | 1 | 2 | 3 =
    type === undefined ? 0 : type.value === 'user' ? 1 : type.value === 'admin' ? 2 : 3;
  return {
    ...ocsf.party(raw, path),
    email_addr: details.text('email'),
    full_name: details.text('realname'),
    groups: details.list('groups').map((group) => ({ name: group.text('name'), uid: group.text('key') })),
    type,
    type_id,
  };
}

/** Who acted; a synchronisation has no name of its own, only a type. */
function actorOf(raw: ocsf.RawRecord) {
  const user = account(raw, 'actor');
  if ((user.name ?? user.uid) !== undefined) return { user };
  return { invoked_by: user.type ?? 'Duo' };
}
