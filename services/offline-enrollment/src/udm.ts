import * as udm from 'duo-udm';

/** One record as a UDM event. Google has no parser for this log; the mapping is ours, as docs/udm.md explains it. */
export function toUdm(record: unknown): udm.UdmEvent {
  const raw = udm.rawRecord(record);
  const description = raw.json('description');
  const host = udm.hostname(description.text('hostname'));
  const user = raw.text('username');
  return udm.udmEvent({
    metadata: {
      eventTimestamp: udm.timestamp(raw, 'timestamp', 's'),
      eventType: host === undefined || user === undefined ? 'GENERIC_EVENT' : 'USER_UNCATEGORIZED',
      vendorName: 'Duo',
      productName: 'Offline Enrollment',
      productEventType: raw.text('action'),
    },
    principal: { hostname: host },
    target: { application: raw.text('object'), user: { userid: user } },
    network: { http: { userAgent: description.text('user_agent') } },
    extensions: { auth: { authDetails: description.text('factor') } },
  });
}
