import * as ocsf from 'duo-ocsf';
import { authentication } from './log-type';

/** One record as an OCSF event: docs/ocsf.md has its table. An enrollment is a change of the account. */
export const toOcsf = ocsf.mapping(authentication, (raw) => {
  const factor = raw.text('factor');
  const { port, ...address } = ocsf.address(raw, 'access_device.ip');
  const hostname = raw.text('access_device.hostname') ?? raw.text('hostname') ?? address.hostname;
  const common = {
    ...ocsf.outcome(raw.text('result')),
    status_detail: raw.text('reason'),
    time: raw.time('timestamp', 's'),
    metadata: { correlation_uid: raw.text('txid'), event_code: raw.text('event_type') },
    device: {
      ...address,
      hostname,
      is_trusted: raw.text('trusted_endpoint_status')?.map((status) => trusted.get(status)),
      location: ocsf.location(raw, 'access_device.location'),
      os: ocsf.system(raw, 'access_device.os'),
      type_id: 0,
      uid: raw.text('access_device.epkey'),
    },
    src_endpoint: {
      ...address,
      hostname,
      port,
      location: ocsf.location(raw, 'access_device.location'),
    },
    user: {
      ...ocsf.party(raw, 'user'),
      email_addr: raw.text('email'),
      groups: raw.texts('user.groups')?.map((names) => names.map((name) => ({ name }))),
      type_id: 1,
      uid_alt: raw.text('alias')?.map((alias) => (alias === 'unknown' ? undefined : alias)),
    },
    observables: secondDevice(raw),
  } as const;
  if (raw.text('event_type')?.value === 'enrollment') {
    return { ...common, class_uid: 3001, activity_id: 10 };
  }
  return {
    ...common,
    class_uid: 3002,
    activity_id: raw.text('event_type')?.value === 'authentication' ? 1 : 99,
    auth_protocol: factor,
    auth_protocol_id: factor === undefined ? undefined : 99,
    is_mfa: factor === undefined ? undefined : !withoutFactor.has(factor.value),
    service: ocsf.service(raw, 'application'),
  };
});

const trusted: ReadonlyMap<string, boolean> = new Map([
  ['trusted', true],
  ['not trusted', false],
]);

/** What stands as the factor where nobody was asked for one. */
const withoutFactor: ReadonlySet<string> = new Set(['not_available', 'remembered_device', 'trusted_network']);

/** The device of the second factor has no place in 1.1.0: its address and its number can be looked for all the same. */
function secondDevice(raw: ocsf.RawRecord) {
  const name = raw.text('auth_device.name')?.value;
  const { ip } = ocsf.address(raw, 'auth_device.ip');
  return [
    name !== undefined && /^\+?[\d\s().-]{7,}$/.test(name)
      ? ocsf.phoneNumber('unmapped.auth_device.name', name)
      : undefined,
    ip === undefined
      ? undefined
      : ({ name: 'unmapped.auth_device.ip', type_id: 2, type: 'IP Address', value: ip.value } as const),
  ].filter((one) => one !== undefined);
}
