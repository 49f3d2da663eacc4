import * as ocsf from 'duo-ocsf';
import { administrator } from './log-type';

/** One record as an OCSF event: docs/ocsf.md has its tables, the fields' and the actions'. */
export const toOcsf = ocsf.mapping(administrator, (raw) => {
  const action = raw.text('action');
  const description = raw.json('description');
  const failed = action?.value.includes('error') ?? false;
  const { port, ...address } = ocsf.address(description, 'ip_address');
  const username = raw.text('username');
  const object = raw.text('object');
  const common = {
    severity_id: failed ? 2 : 1,
    status_detail: description.text('error'),
    status_id: failed ? 2 : 1,
    message: description.text('desc') ?? prose(raw),
    time: raw.time('isotimestamp', 'iso'),
    metadata: { event_code: action, original_time: raw.text('isotimestamp') ?? raw.text('timestamp') },
  } as const;
  const actor = username === undefined ? undefined : { user: { name: username, type_id: 2 as const } };
  const hostname = raw.text('host') ?? address.hostname;
  const device = { ...address, hostname, type_id: 0 as const };
  const src_endpoint = { ...address, hostname, port };
  const account = {
    email_addr: description.text('email'),
    full_name: description.text('realname'),
    uid: description.text('user_id'),
  };
  const kind = ocsf.actionKind(action?.value);
  switch (kind.class_uid) {
    case 3002: {
      const factor = description.text('factor');
      return {
        ...common,
        ...kind,
        auth_protocol: factor,
        auth_protocol_id: factor === undefined ? undefined : 99,
        device,
        is_mfa: factor === undefined ? undefined : true,
        service: { name: 'Duo Admin Panel' },
        src_endpoint,
        // A login that fails early is of nobody but an address of mail.
        user: { ...account, name: username ?? account.email_addr, type_id: 2 },
      };
    }
    case 3001: {
      const name = object ?? description.text('uname') ?? username;
      return { ...common, ...kind, actor, device, src_endpoint, user: { ...account, name } };
    }
    case 3006: {
      const group = { name: description.text('name') ?? object };
      return { ...common, ...kind, actor, device, group, privileges: [] };
    }
    case 3004: {
      const role = description.text('role');
      if (role !== undefined && object !== undefined) {
        const user = { ...account, name: object, type_id: 2 as const };
        return { ...common, class_uid: 3005, activity_id: 1, actor, device, privileges: [role], user };
      }
      const entity = { data: raw.value('description'), name: object ?? username, type: 'admin' };
      return { ...common, ...kind, message: undefined, actor, device, entity };
    }
    case 6003:
      return {
        ...common,
        ...kind,
        message: undefined,
        actor: actor ?? { invoked_by: 'Duo' },
        api: { operation: action ?? 'unknown' },
        resources: [{ data: raw.value('description'), name: object }],
        src_endpoint: (address.ip ?? hostname) === undefined ? { svc_name: 'Duo' } : src_endpoint,
      };
  }
});

/** The description where it is prose, and no JSON. */
function prose(raw: ocsf.RawRecord) {
  return typeof raw.value('description')?.value === 'string' ? raw.text('description') : undefined;
}
