import * as udm from 'duo-udm';

/** One record as the parser of DUO_ADMIN maps it: docs/udm.md has its table. */
export function toUdm(record: unknown): udm.UdmEvent {
  const raw = udm.rawRecord(record);
  const description = raw.json('description');
  const action = raw.text('action') ?? '';
  const login = action.includes('login');
  const [username, uname] = [raw.text('username'), description.text('uname')];
  const status = (...paths: string[]) => ({ labels: udm.labels(description, paths, () => 'status') });
  return udm.udmEvent({
    metadata: {
      eventTimestamp: udm.isoOrSeconds(raw, 'isotimestamp', 'timestamp'),
      eventType: eventTypes.find(([pattern]) => pattern.test(action))?.[1] ?? 'GENERIC_EVENT',
      vendorName: 'DUO_SECURITY',
      productName: 'DUO_ADMIN',
      productVersion: 'MULTI-FACTOR_AUTHENTICATION',
      productEventType: action,
      description: description.text('desc') ?? raw.text('desc'),
      logType: 'DUO_ADMIN',
    },
    principal: {
      hostname: raw.text('host'),
      ip: [udm.ip(description.text('ip_address'))],
      platformVersion: description.text('os_version'),
      user: {
        userid: login ? undefined : username,
        firstName: description.text('firstname'),
        lastName: description.text('lastname'),
        userRole: raw.text('eventtype')?.includes('admin') ? 'ADMINISTRATOR' : undefined,
      },
    },
    target: {
      group: {
        groupDisplayName: description.text('groups.0.name') ?? description.text('name') ?? raw.text('object'),
        attribute: status('groups.0._status', '_status'),
      },
      user: {
        userid: (login ? username : undefined) ?? (uname?.includes('@') ? undefined : uname),
        userDisplayName: description.text('realname'),
        emailAddresses: [description.text('email'), uname?.includes('@') ? uname : undefined],
        phoneNumbers: [description.text('phones.phone1.number')],
        attribute: status('status'),
      },
    },
    securityResult: [
      { action: [action.includes('error') ? 'BLOCK' : 'ALLOW'], summary: description.text('error') },
    ],
    extensions: {
      auth: { mechanism: [login ? 'USERNAME_PASSWORD' : undefined], authDetails: description.text('factor') },
    },
    additional: udm.additional(description, [
      'count',
      'valid_secs',
      'remaining_uses',
      'bypass',
      'user_id',
      'directory',
    ]),
  });
}

/** Google lists these types, but not which action has which. */
const eventTypes: readonly (readonly [RegExp, udm.EventType])[] = [
  [/login/, 'USER_LOGIN'],
  [/^(user|admin)_create$/, 'USER_CREATION'],
  [/^group_create$/, 'GROUP_CREATION'],
  [/^group_delete$/, 'GROUP_DELETION'],
  [/^group_update$/, 'GROUP_MODIFICATION'],
  [/^(user|admin)_/, 'USER_UNCATEGORIZED'],
];
