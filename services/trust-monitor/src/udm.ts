import * as udm from 'duo-udm';

/** One record as a UDM event. Google has no parser for this log; the mapping is ours, as docs/udm.md explains it. */
export function toUdm(record: unknown): udm.UdmEvent {
  const raw = udm.rawRecord(record);
  const login = 'surfaced_auth';
  const ip = udm.ip(raw.text(`${login}.access_device.ip`));
  const host = udm.hostname(raw.text(`${login}.access_device.hostname`));
  const user = (path: string) => ({
    userid: raw.text(`${path}.name`),
    productObjectId: raw.text(`${path}.key`),
  });
  const affected = raw.text('enabled_for.name') === undefined ? `${login}.user` : 'enabled_for';
  const isLogin = (ip ?? host) !== undefined && raw.text(`${login}.user.name`) !== undefined;
  const result = raw.text(`${login}.result`);
  const explanations = (field: string) => raw.list('explanations').flatMap((one) => one.text(field) ?? []);
  return udm.udmEvent({
    metadata: {
      eventTimestamp: udm.timestamp(raw, 'surfaced_timestamp', 'ms'),
      eventType: isLogin ? 'USER_UNCATEGORIZED' : 'GENERIC_EVENT',
      vendorName: 'Duo',
      productName: 'Trust Monitor',
      productEventType: raw.text('type'),
      productLogId: raw.text('sekey'),
      logType: 'DUO_TRUST_MONITOR',
      urlBackToProduct: raw.text('triage_event_uri'),
    },
    principal: {
      hostname: host,
      ip: [ip],
      // Of a login that comes from no known machine, only the user is left, and that is the target.
      location: isLogin ? udm.location(raw, `${login}.access_device.location`) : undefined,
      user: user('enabled_by'),
    },
    target: {
      application: raw.text(`${login}.application.name`),
      user: { ...user(affected), groupIdentifiers: raw.texts(`${login}.user.groups`) },
    },
    // What Duo has surfaced; a device registration names nobody.
    about: [{ resource: { productObjectId: raw.text('sekey'), resourceSubtype: raw.text('type') } }],
    network: { sessionId: raw.text(`${login}.txid`) },
    securityResult: [
      {
        action: [result === undefined ? undefined : result === 'success' ? 'ALLOW' : 'BLOCK'],
        actionDetails: result,
        severity: raw.text('priority_event') === 'true' ? 'HIGH' : 'LOW',
        summary: explanations('type').join(', '),
        description: explanations('summary').join(' '),
        detectionFields: udm.labels(raw, flags),
      },
    ],
  });
}

const flags = ['state', 'triaged_as_interesting', 'from_common_netblock', 'from_new_user', 'low_risk_ip'];
