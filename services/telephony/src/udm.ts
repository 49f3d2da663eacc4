import { hostname, isoOrSeconds, labels, rawRecord, type UdmEvent, udmEvent } from 'duo-udm';

/** One record as the parser of DUO_TELEPHONY maps it: docs/udm.md has its table, with v1's `timestamp` and `host`. */
export function toUdm(record: unknown): UdmEvent {
  const raw = rawRecord(record);
  const [context, host, phone] = [raw.text('context'), raw.text('host'), raw.text('phone')];
  const withHost = context === undefined ? 'STATUS_UPDATE' : 'USER_UNCATEGORIZED';
  return udmEvent({
    metadata: {
      eventTimestamp: isoOrSeconds(raw, 'ts', 'timestamp'),
      eventType: host === undefined ? 'GENERIC_EVENT' : withHost,
      vendorName: 'Duo',
      productName: 'Telephony',
      productEventType: context,
      logType: 'DUO_TELEPHONY',
    },
    principal: { hostname: hostname(host), user: { userid: phone, phoneNumbers: [phone] } },
    securityResult: [
      {
        action: ['ALLOW'],
        severity: 'INFORMATIONAL',
        summary: raw.text('type') ?? 'Duo Telephony',
        detectionFields: labels(raw, ['credits', 'eventtype']),
      },
    ],
    extensions: { auth: { mechanism: ['MECHANISM_UNSPECIFIED'] } },
  });
}
