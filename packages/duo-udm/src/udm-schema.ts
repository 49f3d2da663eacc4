import * as z from 'zod/mini';

// The names are those of proto3's JSON. Everything is strict: what Google does not know, it refuses.
const text = z.string().check(z.minLength(1));
const texts = z.optional(z.array(text).check(z.minLength(1)));
const maybe = z.optional(text);
/** RFC 3339 in UTC with 0 to 9 digits of a second, as protobuf prints a Timestamp. */
const timestamp = z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/));
const label = z.strictObject({ key: text, value: text });
const labels = z.optional(z.array(label).check(z.minLength(1)));
const attribute = z.optional(z.strictObject({ labels }));

/** The event types that the mappings choose from. */
const eventType = z.enum([
  'DEVICE_CONFIG_UPDATE',
  'DEVICE_PROGRAM_DOWNLOAD',
  'EMAIL_TRANSACTION',
  'GENERIC_EVENT',
  'GROUP_CREATION',
  'GROUP_DELETION',
  'GROUP_MODIFICATION',
  'GROUP_UNCATEGORIZED',
  'RESOURCE_CREATION',
  'RESOURCE_DELETION',
  'RESOURCE_PERMISSIONS_CHANGE',
  'RESOURCE_READ',
  'RESOURCE_WRITTEN',
  'STATUS_UPDATE',
  'USER_CHANGE_PASSWORD',
  'USER_CHANGE_PERMISSIONS',
  'USER_COMMUNICATION',
  'USER_CREATION',
  'USER_LOGIN',
  'USER_RESOURCE_DELETION',
  'USER_UNCATEGORIZED',
]);

const noun = z.strictObject({
  application: maybe,
  asset: z.optional(
    z.strictObject({
      attribute,
      category: maybe,
      hostname: maybe,
      ip: texts,
      productObjectId: maybe,
    }),
  ),
  group: z.optional(z.strictObject({ attribute, groupDisplayName: maybe })),
  hostname: maybe,
  ip: texts,
  location: z.optional(z.strictObject({ city: maybe, countryOrRegion: maybe, state: maybe })),
  platform: z.optional(
    z.enum(['ANDROID', 'CHROME_OS', 'IOS', 'LINUX', 'MAC', 'UNKNOWN_PLATFORM', 'WINDOWS']),
  ),
  platformVersion: maybe,
  resource: z.optional(
    z.strictObject({ attribute, id: maybe, name: maybe, productObjectId: maybe, resourceSubtype: maybe }),
  ),
  user: z.optional(
    z.strictObject({
      attribute,
      emailAddresses: texts,
      firstName: maybe,
      firstSeenTime: z.optional(timestamp),
      groupIdentifiers: texts,
      lastLoginTime: z.optional(timestamp),
      lastName: maybe,
      phoneNumbers: texts,
      productObjectId: maybe,
      userDisplayName: maybe,
      userid: maybe,
      // An enum of UDM; spelled out, one of its values would be the name of a log.
      userRole: z.optional(z.string().check(z.regex(/^[A-Z_]+$/))),
    }),
  ),
});

/**
 * The part of a UDM event that the mappings fill, with what every event must have:
 * https://docs.cloud.google.com/chronicle/docs/unified-data-model/format-events-as-udm
 */
export const udmSchema = z.strictObject({
  metadata: z.strictObject({
    eventTimestamp: timestamp,
    eventType,
    vendorName: text,
    productName: text,
    productVersion: maybe,
    productEventType: maybe,
    productLogId: maybe,
    description: maybe,
    logType: maybe,
    urlBackToProduct: maybe,
  }),
  principal: z.optional(noun),
  target: z.optional(noun),
  about: z.optional(z.array(noun).check(z.minLength(1))),
  network: z.optional(
    z.strictObject({ http: z.optional(z.strictObject({ userAgent: text })), sessionId: maybe }),
  ),
  securityResult: z.optional(
    z
      .array(
        z.strictObject({
          action: z.optional(z.array(z.enum(['ALLOW', 'BLOCK'])).check(z.minLength(1))),
          actionDetails: maybe,
          description: maybe,
          detectionFields: labels,
          severity: z.optional(z.enum(['HIGH', 'INFORMATIONAL', 'LOW'])),
          summary: maybe,
        }),
      )
      .check(z.minLength(1)),
  ),
  extensions: z.optional(
    z.strictObject({
      auth: z.strictObject({
        type: z.optional(z.enum(['SSO'])),
        mechanism: z.optional(
          z
            .array(
              z.enum([
                'HARDWARE_KEY',
                'LOCAL',
                'MECHANISM_UNSPECIFIED',
                'OTP',
                'REMOTE_INTERACTIVE',
                'USERNAME_PASSWORD',
              ]),
            )
            .check(z.minLength(1)),
        ),
        authDetails: maybe,
      }),
    }),
  ),
  /** A protobuf Struct: in JSON a plain object, which Google SecOps shows as `additional.fields`. */
  additional: z.optional(z.record(z.string(), text)),
});

/** One event of Google's Unified Data Model. */
export type UdmEvent = z.infer<typeof udmSchema>;
/** What kind of event it is; it decides which nouns UDM asks for. */
export type EventType = z.infer<typeof eventType>;
/** Someone or something that takes part in an event. */
export type Noun = z.infer<typeof noun>;
/** A key and a value, where UDM has no field for something. */
export type Label = z.infer<typeof label>;
/** How someone has shown who they are. */
export type Mechanism = NonNullable<NonNullable<UdmEvent['extensions']>['auth']['mechanism']>[number];
