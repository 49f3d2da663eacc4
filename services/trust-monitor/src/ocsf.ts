import * as ocsf from 'duo-ocsf';
import { trustMonitor } from './log-type';

const login = 'surfaced_auth';

/** One record as an OCSF event: docs/ocsf.md has its table. Duo's finding is the event, and the login its evidence. */
export const toOcsf = ocsf.mapping(trustMonitor, (raw) => {
  const state = raw.text('state');
  const isNew = state?.value === 'new';
  const explanations = raw.list('explanations');
  const { port, ...address } = ocsf.address(raw, `${login}.access_device.ip`);
  const summary = joined(explanations.flatMap((one) => one.text('summary') ?? []));
  const named = raw.text('type')?.value ?? 'event';
  return {
    class_uid: 2004,
    activity_id: isNew ? 1 : 2,
    message: summary?.value,
    severity_id: raw.text('priority_event')?.value === 'true' ? 4 : 2,
    status: isNew ? undefined : state,
    status_id: isNew ? 1 : 99,
    metadata: {
      correlation_uid: raw.text(`${login}.txid`),
      event_code: raw.text('type'),
      modified_time: raw.time('state_updated_timestamp', 'ms'),
    },
    actor: { user: ocsf.party(raw, 'enabled_by') },
    finding_info: {
      created_time: raw.time('surfaced_timestamp', 'ms'),
      desc: summary,
      src_url: raw.text('triage_event_uri'),
      title: `Duo Trust Monitor: ${named}`,
      types: explanations.flatMap((one) => one.text('type') ?? []),
      uid: raw.text('sekey'),
    },
    evidences: [
      {
        actor: {
          user: {
            ...ocsf.party(raw, `${login}.user`),
            email_addr: raw.text(`${login}.email`),
            groups: raw.texts(`${login}.user.groups`)?.map((names) => names.map((name) => ({ name }))),
          },
        },
        src_endpoint: {
          ...address,
          hostname: raw.text(`${login}.access_device.hostname`) ?? address.hostname,
          port,
          location: ocsf.location(raw, `${login}.access_device.location`),
        },
      },
    ],
    resources: [
      { ...ocsf.party(raw, `${login}.application`), type: 'application' },
      { ...ocsf.party(raw, 'enabled_for'), type: 'user' },
    ],
  };
});

function joined(texts: readonly ocsf.Found<string>[]) {
  if (texts.length === 0) return undefined;
  return new ocsf.Found(
    texts.map(({ value }) => value).join(' '),
    texts.flatMap(({ from }) => from),
  );
}
