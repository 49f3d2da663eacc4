import * as udm from 'duo-udm';

/** One record as the parser of DUO_AUTH maps it: docs/udm.md has its table. */
export function toUdm(record: unknown): udm.UdmEvent {
  const raw = udm.rawRecord(record);
  const ip = raw.text('access_device.ip');
  const host = raw.text('access_device.hostname') ?? raw.text('hostname') ?? udm.hostname(ip);
  const device = { hostname: host, ip: [udm.ipv4(ip)] };
  const name = raw.text('auth_device.name');
  const isPhone = /^\+?[\d\s().-]{7,}$/.test(name ?? '');
  const factor = raw.text('factor');
  return udm.udmEvent({
    metadata: {
      eventTimestamp: udm.timestamp(raw, 'timestamp', 's'),
      eventType: eventType(raw.text('event_type'), host),
      vendorName: 'DUO_SECURITY',
      productName: 'MULTI-FACTOR_AUTHENTICATION',
      productEventType: raw.text('event_type'),
      productLogId: raw.text('txid'),
      logType: 'DUO_AUTH',
    },
    principal: {
      ...device,
      asset: {
        ...device,
        attribute: {
          labels: udm.labels(raw, ['access_device.device_info_source', 'trusted_endpoint_status']),
        },
      },
      location: udm.location(raw, 'access_device.location'),
      platform: udm.desktop(raw.text('access_device.os')),
      platformVersion: raw.text('access_device.os_version'),
      resource: { attribute: { labels: udm.labels(raw, settings) } },
    },
    target: {
      application: raw.text('application.destination_name') ?? raw.text('application.name'),
      resource: { id: raw.text('application.key') },
      hostname: isPhone ? undefined : name,
      ip: [udm.ip(raw.text('auth_device.ip'))],
      location: udm.location(raw, 'auth_device.location'),
      user: {
        userid: raw.text('user.name'),
        productObjectId: raw.text('user.key'),
        groupIdentifiers: raw.texts('user.groups'),
        phoneNumbers: [isPhone ? name : undefined],
      },
    },
    network: { sessionId: raw.text('txid') },
    securityResult: [
      {
        action: [raw.text('result') === 'success' ? 'ALLOW' : 'BLOCK'],
        actionDetails: raw.text('result'),
        summary: raw.text('reason'),
        detectionFields: udm.labels(
          raw,
          assessed(['features_version', 'model_version', 'trust_level']),
          udm.pathKey,
        ),
      },
    ],
    extensions: {
      auth: {
        type: 'SSO',
        mechanism: [mechanisms.find(([pattern]) => pattern.test(factor ?? ''))?.[1]],
        authDetails: factor,
      },
    },
    additional: {
      ...udm.additional(raw, assessed(['policy_enabled', 'preview_mode_enabled', 'reason'])),
      'access_device.ip': host === ip ? undefined : notIpv4(ip),
    },
  });
}

function eventType(type: string | undefined, host: string | undefined): udm.EventType {
  if (type === 'authentication') return 'USER_LOGIN';
  if (type !== 'enrollment') return 'GENERIC_EVENT';
  return host === undefined ? 'USER_UNCATEGORIZED' : 'USER_CREATION';
}

const notIpv4 = (ip: string | undefined) => (udm.ipv4(ip) === undefined ? ip : undefined);

const settings = [
  'browser',
  'browser_version',
  'epkey',
  'flash_version',
  'is_encryption_enabled',
  'is_firewall_enabled',
  'is_password_set',
  'java_version',
].map((name) => `access_device.${name}`);

const assessed = (fields: readonly string[]) =>
  ['more_secure_auth', 'remember_me'].flatMap((which) =>
    fields.map((field) => `adaptive_trust_assessments.${which}.${field}`),
  );

/** Google names the four mechanisms, but of the factors only one. The rest is ours. */
const mechanisms: readonly (readonly [RegExp, udm.Mechanism])[] = [
  [/passcode|bypass_code|yubikey_code/i, 'OTP'],
  [/webauthn|u2f|token|security.?key/i, 'HARDWARE_KEY'],
  [/push|phone_call/i, 'REMOTE_INTERACTIVE'],
  [/remembered|trusted_network/i, 'LOCAL'],
];
