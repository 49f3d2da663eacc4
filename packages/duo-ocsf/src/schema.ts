// Made by `npx pnpm ocsf:types` from OCSF 1.1.0, as tools/ocsf/selection.ts selects from it. Not to be edited.
import { choice, classShape, constant, flag, json, list, must, object, shape, text, whole } from './shape';

/** The version of OCSF. */
export const ocsfVersion = '1.1.0';

/** The object Group. */
export interface Group {
  /** Name. */
  readonly name?: string;
  /** Unique ID. */
  readonly uid?: string;
}

/** The object User. */
export interface User {
  /** Email Address. */
  readonly email_addr?: string;
  /** Full Name. */
  readonly full_name?: string;
  /** Groups. */
  readonly groups?: readonly Group[];
  /** Name. */
  readonly name?: string;
  /** Type. */
  readonly type?: string;
  /** Type ID. */
  readonly type_id?: 0 | 1 | 2 | 3 | 99;
  /** Unique ID. */
  readonly uid?: string;
  /** Alternate ID. */
  readonly uid_alt?: string;
}

/** The object Actor. */
export interface Actor {
  /** Invoked by. */
  readonly invoked_by?: string;
  /** User. */
  readonly user?: User;
}

/** The object Service. */
export interface Service {
  /** Name. */
  readonly name?: string;
  /** Unique ID. */
  readonly uid?: string;
}

/** The object API. */
export interface Api {
  /** Operation. */
  readonly operation: string;
  /** Service. */
  readonly service?: Service;
}

/** The object Geo Location. */
export interface Location {
  /** City. */
  readonly city?: string;
  /** Country. */
  readonly country?: string;
  /** Description. */
  readonly desc?: string;
  /** Region. */
  readonly region?: string;
}

/** The object Operating System (OS). */
export interface Os {
  /** Name. */
  readonly name: string;
  /** Type. */
  readonly type?: string;
  /** Type ID. */
  readonly type_id: 0 | 99 | 100 | 101 | 200 | 201 | 300 | 301 | 302 | 400 | 401 | 402;
  /** Version. */
  readonly version?: string;
}

/** The object Device. */
export interface Device {
  /** Hostname. */
  readonly hostname?: string;
  /** IP Address. */
  readonly ip?: string;
  /** Trusted Device. */
  readonly is_trusted?: boolean;
  /** Geo Location. */
  readonly location?: Location;
  /** OS. */
  readonly os?: Os;
  /** Type. */
  readonly type?: string;
  /** Type ID. */
  readonly type_id: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 99;
  /** Unique ID. */
  readonly uid?: string;
}

/** The object Network Endpoint. */
export interface NetworkEndpoint {
  /** Hostname. */
  readonly hostname?: string;
  /** IP Address. */
  readonly ip?: string;
  /** Geo Location. */
  readonly location?: Location;
  /** Port. */
  readonly port?: number;
  /** Service Name. */
  readonly svc_name?: string;
}

/** The object Evidence Artifacts. */
export interface Evidences {
  /** Actor. */
  readonly actor?: Actor;
  /** Source Endpoint. */
  readonly src_endpoint?: NetworkEndpoint;
}

/** The object Feature. */
export interface Feature {
  /** Name. */
  readonly name?: string;
}

/** The object Finding Information. */
export interface FindingInfo {
  /** Created Time. */
  readonly created_time?: number;
  /** Description. */
  readonly desc?: string;
  /** Source URL. */
  readonly src_url?: string;
  /** Title. */
  readonly title: string;
  /** Types. */
  readonly types?: readonly string[];
  /** Unique ID. */
  readonly uid: string;
}

/** The object HTTP Request. */
export interface HttpRequest {
  /** HTTP User-Agent. */
  readonly user_agent?: string;
}

/** The object Managed Entity. */
export interface ManagedEntity {
  /** Data. */
  readonly data?: unknown;
  /** Name. */
  readonly name?: string;
  /** Type. */
  readonly type?: string;
  /** Unique ID. */
  readonly uid?: string;
}

/** The object Product. */
export interface Product {
  /** Feature. */
  readonly feature?: Feature;
  /** Name. */
  readonly name?: string;
  /** Vendor Name. */
  readonly vendor_name: string;
}

/** The object Metadata. */
export interface Metadata {
  /** Correlation UID. */
  readonly correlation_uid?: string;
  /** Event Code. */
  readonly event_code?: string;
  /** Labels. */
  readonly labels?: readonly string[];
  /** Log Name. */
  readonly log_name?: string;
  /** Modified Time. */
  readonly modified_time?: number;
  /** Original Time. */
  readonly original_time?: string;
  /** Product. */
  readonly product: Product;
  /** Profiles. */
  readonly profiles?: readonly string[];
  /** Tenant UID. */
  readonly tenant_uid?: string;
  /** Event UID. */
  readonly uid?: string;
  /** Version. */
  readonly version: string;
}

/** The object Observable. */
export interface Observable {
  /** Name. */
  readonly name: string;
  /** Type. */
  readonly type?: string;
  /** Type ID. */
  readonly type_id:
    | 0
    | 1
    | 2
    | 3
    | 4
    | 5
    | 6
    | 7
    | 8
    | 9
    | 10
    | 20
    | 21
    | 22
    | 23
    | 24
    | 25
    | 26
    | 27
    | 28
    | 29
    | 30
    | 99;
  /** Value. */
  readonly value?: string;
}

/** The object Resource Details. */
export interface ResourceDetails {
  /** Data. */
  readonly data?: unknown;
  /** Name. */
  readonly name?: string;
  /** Type. */
  readonly type?: string;
  /** Unique ID. */
  readonly uid?: string;
}

/** The class Base Event (0). */
export interface BaseEvent {
  /** Activity ID. */
  readonly activity_id: 0 | 99;
  /** Activity. */
  readonly activity_name?: string;
  /** Category. */
  readonly category_name?: string;
  /** Category ID. */
  readonly category_uid: 0;
  /** Class. */
  readonly class_name?: string;
  /** Class ID. */
  readonly class_uid: 0;
  /** Message. */
  readonly message?: string;
  /** Metadata. */
  readonly metadata: Metadata;
  /** Observables. */
  readonly observables?: readonly Observable[];
  /** Raw Data. */
  readonly raw_data?: string;
  /** Severity. */
  readonly severity?: string;
  /** Severity ID. */
  readonly severity_id: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 99;
  /** Status. */
  readonly status?: string;
  /** Status Code. */
  readonly status_code?: string;
  /** Status Details. */
  readonly status_detail?: string;
  /** Status ID. */
  readonly status_id?: 0 | 1 | 2 | 99;
  /** Event Time. */
  readonly time: number;
  /** Type Name. */
  readonly type_name?: string;
  /** Type ID. */
  readonly type_uid: 0 | 99;
  /** Unmapped Data. */
  readonly unmapped?: Readonly<Record<string, unknown>>;
}

/** The class Detection Finding (2004). */
export interface DetectionFinding {
  /** Activity ID. */
  readonly activity_id: 0 | 1 | 2 | 3 | 99;
  /** Activity. */
  readonly activity_name?: string;
  /** Actor. */
  readonly actor?: Actor;
  /** Category. */
  readonly category_name?: string;
  /** Category ID. */
  readonly category_uid: 2;
  /** Class. */
  readonly class_name?: string;
  /** Class ID. */
  readonly class_uid: 2004;
  /** Evidence Artifacts. */
  readonly evidences?: readonly Evidences[];
  /** Finding Information. */
  readonly finding_info: FindingInfo;
  /** Message. */
  readonly message?: string;
  /** Metadata. */
  readonly metadata: Metadata;
  /** Observables. */
  readonly observables?: readonly Observable[];
  /** Raw Data. */
  readonly raw_data?: string;
  /** Affected Resources. */
  readonly resources?: readonly ResourceDetails[];
  /** Severity. */
  readonly severity?: string;
  /** Severity ID. */
  readonly severity_id: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 99;
  /** Status. */
  readonly status?: string;
  /** Status Code. */
  readonly status_code?: string;
  /** Status Details. */
  readonly status_detail?: string;
  /** Status ID. */
  readonly status_id?: 0 | 1 | 2 | 3 | 4 | 99;
  /** Event Time. */
  readonly time: number;
  /** Type Name. */
  readonly type_name?: string;
  /** Type ID. */
  readonly type_uid: 200400 | 200401 | 200402 | 200403 | 200499;
  /** Unmapped Data. */
  readonly unmapped?: Readonly<Record<string, unknown>>;
}

/** The class Account Change (3001). */
export interface AccountChange {
  /** Activity ID. */
  readonly activity_id: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 99;
  /** Activity. */
  readonly activity_name?: string;
  /** Actor. */
  readonly actor?: Actor;
  /** Category. */
  readonly category_name?: string;
  /** Category ID. */
  readonly category_uid: 3;
  /** Class. */
  readonly class_name?: string;
  /** Class ID. */
  readonly class_uid: 3001;
  /** Device. */
  readonly device?: Device;
  /** HTTP Request. */
  readonly http_request?: HttpRequest;
  /** Message. */
  readonly message?: string;
  /** Metadata. */
  readonly metadata: Metadata;
  /** Observables. */
  readonly observables?: readonly Observable[];
  /** Raw Data. */
  readonly raw_data?: string;
  /** Severity. */
  readonly severity?: string;
  /** Severity ID. */
  readonly severity_id: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 99;
  /** Source Endpoint. */
  readonly src_endpoint?: NetworkEndpoint;
  /** Status. */
  readonly status?: string;
  /** Status Code. */
  readonly status_code?: string;
  /** Status Details. */
  readonly status_detail?: string;
  /** Status ID. */
  readonly status_id?: 0 | 1 | 2 | 99;
  /** Event Time. */
  readonly time: number;
  /** Type Name. */
  readonly type_name?: string;
  /** Type ID. */
  readonly type_uid:
    | 300100
    | 300101
    | 300102
    | 300103
    | 300104
    | 300105
    | 300106
    | 300107
    | 300108
    | 300109
    | 300110
    | 300111
    | 300199;
  /** Unmapped Data. */
  readonly unmapped?: Readonly<Record<string, unknown>>;
  /** User. */
  readonly user: User;
  /** User Result. */
  readonly user_result?: User;
}

/** The class Authentication (3002). */
export interface Authentication {
  /** Activity ID. */
  readonly activity_id: 0 | 1 | 2 | 3 | 4 | 5 | 99;
  /** Activity. */
  readonly activity_name?: string;
  /** Auth Protocol. */
  readonly auth_protocol?: string;
  /** Auth Protocol ID. */
  readonly auth_protocol_id?: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 99;
  /** Category. */
  readonly category_name?: string;
  /** Category ID. */
  readonly category_uid: 3;
  /** Class. */
  readonly class_name?: string;
  /** Class ID. */
  readonly class_uid: 3002;
  /** Device. */
  readonly device?: Device;
  /** Multi Factor Authentication. */
  readonly is_mfa?: boolean;
  /** Message. */
  readonly message?: string;
  /** Metadata. */
  readonly metadata: Metadata;
  /** Observables. */
  readonly observables?: readonly Observable[];
  /** Raw Data. */
  readonly raw_data?: string;
  /** Service. */
  readonly service?: Service;
  /** Severity. */
  readonly severity?: string;
  /** Severity ID. */
  readonly severity_id: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 99;
  /** Source Endpoint. */
  readonly src_endpoint?: NetworkEndpoint;
  /** Status. */
  readonly status?: string;
  /** Status Code. */
  readonly status_code?: string;
  /** Status Details. */
  readonly status_detail?: string;
  /** Status ID. */
  readonly status_id?: 0 | 1 | 2 | 99;
  /** Event Time. */
  readonly time: number;
  /** Type Name. */
  readonly type_name?: string;
  /** Type ID. */
  readonly type_uid: 300200 | 300201 | 300202 | 300203 | 300204 | 300205 | 300299;
  /** Unmapped Data. */
  readonly unmapped?: Readonly<Record<string, unknown>>;
  /** User. */
  readonly user: User;
}

/** The class Entity Management (3004). */
export interface EntityManagement {
  /** Activity ID. */
  readonly activity_id: 0 | 1 | 2 | 3 | 4 | 99;
  /** Activity. */
  readonly activity_name?: string;
  /** Actor. */
  readonly actor?: Actor;
  /** Category. */
  readonly category_name?: string;
  /** Category ID. */
  readonly category_uid: 3;
  /** Class. */
  readonly class_name?: string;
  /** Class ID. */
  readonly class_uid: 3004;
  /** Device. */
  readonly device?: Device;
  /** Entity. */
  readonly entity: ManagedEntity;
  /** Entity Result. */
  readonly entity_result?: ManagedEntity;
  /** Message. */
  readonly message?: string;
  /** Metadata. */
  readonly metadata: Metadata;
  /** Observables. */
  readonly observables?: readonly Observable[];
  /** Raw Data. */
  readonly raw_data?: string;
  /** Severity. */
  readonly severity?: string;
  /** Severity ID. */
  readonly severity_id: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 99;
  /** Status. */
  readonly status?: string;
  /** Status Code. */
  readonly status_code?: string;
  /** Status Details. */
  readonly status_detail?: string;
  /** Status ID. */
  readonly status_id?: 0 | 1 | 2 | 99;
  /** Event Time. */
  readonly time: number;
  /** Type Name. */
  readonly type_name?: string;
  /** Type ID. */
  readonly type_uid: 300400 | 300401 | 300402 | 300403 | 300404 | 300499;
  /** Unmapped Data. */
  readonly unmapped?: Readonly<Record<string, unknown>>;
}

/** The class User Access Management (3005). */
export interface UserAccess {
  /** Activity ID. */
  readonly activity_id: 0 | 1 | 2 | 99;
  /** Activity. */
  readonly activity_name?: string;
  /** Actor. */
  readonly actor?: Actor;
  /** Category. */
  readonly category_name?: string;
  /** Category ID. */
  readonly category_uid: 3;
  /** Class. */
  readonly class_name?: string;
  /** Class ID. */
  readonly class_uid: 3005;
  /** Device. */
  readonly device?: Device;
  /** Message. */
  readonly message?: string;
  /** Metadata. */
  readonly metadata: Metadata;
  /** Observables. */
  readonly observables?: readonly Observable[];
  /** Privileges. */
  readonly privileges: readonly string[];
  /** Raw Data. */
  readonly raw_data?: string;
  /** Resource. */
  readonly resource?: ResourceDetails;
  /** Severity. */
  readonly severity?: string;
  /** Severity ID. */
  readonly severity_id: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 99;
  /** Status. */
  readonly status?: string;
  /** Status Code. */
  readonly status_code?: string;
  /** Status Details. */
  readonly status_detail?: string;
  /** Status ID. */
  readonly status_id?: 0 | 1 | 2 | 99;
  /** Event Time. */
  readonly time: number;
  /** Type Name. */
  readonly type_name?: string;
  /** Type ID. */
  readonly type_uid: 300500 | 300501 | 300502 | 300599;
  /** Unmapped Data. */
  readonly unmapped?: Readonly<Record<string, unknown>>;
  /** User. */
  readonly user: User;
}

/** The class Group Management (3006). */
export interface GroupManagement {
  /** Activity ID. */
  readonly activity_id: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 99;
  /** Activity. */
  readonly activity_name?: string;
  /** Actor. */
  readonly actor?: Actor;
  /** Category. */
  readonly category_name?: string;
  /** Category ID. */
  readonly category_uid: 3;
  /** Class. */
  readonly class_name?: string;
  /** Class ID. */
  readonly class_uid: 3006;
  /** Device. */
  readonly device?: Device;
  /** Group. */
  readonly group: Group;
  /** Message. */
  readonly message?: string;
  /** Metadata. */
  readonly metadata: Metadata;
  /** Observables. */
  readonly observables?: readonly Observable[];
  /** Privileges. */
  readonly privileges?: readonly string[];
  /** Raw Data. */
  readonly raw_data?: string;
  /** Resource. */
  readonly resource?: ResourceDetails;
  /** Severity. */
  readonly severity?: string;
  /** Severity ID. */
  readonly severity_id: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 99;
  /** Status. */
  readonly status?: string;
  /** Status Code. */
  readonly status_code?: string;
  /** Status Details. */
  readonly status_detail?: string;
  /** Status ID. */
  readonly status_id?: 0 | 1 | 2 | 99;
  /** Event Time. */
  readonly time: number;
  /** Type Name. */
  readonly type_name?: string;
  /** Type ID. */
  readonly type_uid: 300600 | 300601 | 300602 | 300603 | 300604 | 300605 | 300606 | 300699;
  /** Unmapped Data. */
  readonly unmapped?: Readonly<Record<string, unknown>>;
}

/** The class API Activity (6003). */
export interface ApiActivity {
  /** Activity ID. */
  readonly activity_id: 0 | 1 | 2 | 3 | 4 | 99;
  /** Activity. */
  readonly activity_name?: string;
  /** Actor. */
  readonly actor: Actor;
  /** API Details. */
  readonly api: Api;
  /** Category. */
  readonly category_name?: string;
  /** Category ID. */
  readonly category_uid: 6;
  /** Class. */
  readonly class_name?: string;
  /** Class ID. */
  readonly class_uid: 6003;
  /** Message. */
  readonly message?: string;
  /** Metadata. */
  readonly metadata: Metadata;
  /** Observables. */
  readonly observables?: readonly Observable[];
  /** Raw Data. */
  readonly raw_data?: string;
  /** Resources Array. */
  readonly resources?: readonly ResourceDetails[];
  /** Severity. */
  readonly severity?: string;
  /** Severity ID. */
  readonly severity_id: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 99;
  /** Source Endpoint. */
  readonly src_endpoint: NetworkEndpoint;
  /** Status. */
  readonly status?: string;
  /** Status Code. */
  readonly status_code?: string;
  /** Status Details. */
  readonly status_detail?: string;
  /** Status ID. */
  readonly status_id?: 0 | 1 | 2 | 99;
  /** Event Time. */
  readonly time: number;
  /** Type Name. */
  readonly type_name?: string;
  /** Type ID. */
  readonly type_uid: 600300 | 600301 | 600302 | 600303 | 600304 | 600399;
  /** Unmapped Data. */
  readonly unmapped?: Readonly<Record<string, unknown>>;
}

/** The classes, by their `class_uid`. */
export interface Events {
  0: BaseEvent;
  2004: DetectionFinding;
  3001: AccountChange;
  3002: Authentication;
  3004: EntityManagement;
  3005: UserAccess;
  3006: GroupManagement;
  6003: ApiActivity;
}

/** The `class_uid` of a class that the mappings use. */
export type ClassUid = keyof Events;

/** An event of any of these classes. */
export type OcsfEvent = Events[ClassUid];

const boolean_t = flag;
const email_t = text({ pattern: /^[a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+\.[a-zA-Z0-9-.]+$/u, observable: 5 });
const hostname_t = text({
  pattern:
    /^(([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])\.)*([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])$/u,
  observable: 1,
});
const ip_t = text({
  most: 40,
  pattern:
    /((^\s*((([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]).){3}([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]))\s*$)|(^\s*((([0-9A-Fa-f]{1,4}:){7}([0-9A-Fa-f]{1,4}|:))|(([0-9A-Fa-f]{1,4}:){6}(:[0-9A-Fa-f]{1,4}|((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3})|:))|(([0-9A-Fa-f]{1,4}:){5}(((:[0-9A-Fa-f]{1,4}){1,2})|:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3})|:))|(([0-9A-Fa-f]{1,4}:){4}(((:[0-9A-Fa-f]{1,4}){1,3})|((:[0-9A-Fa-f]{1,4})?:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9A-Fa-f]{1,4}:){3}(((:[0-9A-Fa-f]{1,4}){1,4})|((:[0-9A-Fa-f]{1,4}){0,2}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9A-Fa-f]{1,4}:){2}(((:[0-9A-Fa-f]{1,4}){1,5})|((:[0-9A-Fa-f]{1,4}){0,3}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9A-Fa-f]{1,4}:){1}(((:[0-9A-Fa-f]{1,4}){1,6})|((:[0-9A-Fa-f]{1,4}){0,4}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(:(((:[0-9A-Fa-f]{1,4}){1,7})|((:[0-9A-Fa-f]{1,4}){0,5}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:)))(%.+)?\s*$))/u,
  observable: 2,
});
const json_t = json;
const port_t = whole(65_535);
const string_t = text({ most: 65535 });
const timestamp_t = whole();
const url_t = text({ observable: 6 });
const username_t = text({ observable: 4 });

const group = shape(
  {
    name: string_t,
    uid: string_t,
  },
  'name uid',
);
const user = shape(
  {
    email_addr: email_t,
    full_name: string_t,
    groups: list(object(group)),
    name: username_t,
    type: string_t,
    type_id: choice({ 0: 'Unknown', 1: 'User', 2: 'Admin', 3: 'System', 99: 'Other' }, 'type'),
    uid: string_t,
    uid_alt: string_t,
  },
  'name uid',
);
const actor = shape(
  {
    invoked_by: string_t,
    user: object(user),
  },
  'user invoked_by',
);
const service = shape(
  {
    name: string_t,
    uid: string_t,
  },
  'name uid',
);
const api = shape({
  operation: must(string_t),
  service: object(service),
});
const location = shape(
  {
    city: string_t,
    country: string_t,
    desc: string_t,
    region: string_t,
  },
  'city country region',
);
const os = shape({
  name: must(string_t),
  type: string_t,
  type_id: must(
    choice(
      {
        0: 'Unknown',
        99: 'Other',
        100: 'Windows',
        101: 'Windows Mobile',
        200: 'Linux',
        201: 'Android',
        300: 'macOS',
        301: 'iOS',
        302: 'iPadOS',
        400: 'Solaris',
        401: 'AIX',
        402: 'HP-UX',
      },
      'type',
    ),
  ),
  version: string_t,
});
const device = shape(
  {
    hostname: hostname_t,
    ip: ip_t,
    is_trusted: boolean_t,
    location: object(location),
    os: object(os),
    type: string_t,
    type_id: must(
      choice(
        {
          0: 'Unknown',
          1: 'Server',
          2: 'Desktop',
          3: 'Laptop',
          4: 'Tablet',
          5: 'Mobile',
          6: 'Virtual',
          7: 'IOT',
          8: 'Browser',
          9: 'Firewall',
          10: 'Switch',
          11: 'Hub',
          99: 'Other',
        },
        'type',
      ),
    ),
    uid: string_t,
  },
  'ip uid hostname',
);
const network_endpoint = shape(
  {
    hostname: hostname_t,
    ip: ip_t,
    location: object(location),
    port: port_t,
    svc_name: string_t,
  },
  'ip hostname svc_name',
);
const evidences = shape(
  {
    actor: object(actor),
    src_endpoint: object(network_endpoint),
  },
  'actor src_endpoint',
);
const feature = shape(
  {
    name: string_t,
  },
  'name',
);
const finding_info = shape({
  created_time: timestamp_t,
  desc: string_t,
  src_url: url_t,
  title: must(string_t),
  types: list(string_t),
  uid: must(string_t),
});
const http_request = shape({
  user_agent: string_t,
});
const managed_entity = shape(
  {
    data: json_t,
    name: string_t,
    type: string_t,
    uid: string_t,
  },
  'name uid',
);
const product = shape(
  {
    feature: object(feature),
    name: string_t,
    vendor_name: must(string_t),
  },
  'name',
);
const metadata = shape({
  correlation_uid: string_t,
  event_code: string_t,
  labels: list(string_t),
  log_name: string_t,
  modified_time: timestamp_t,
  original_time: string_t,
  product: must(object(product)),
  profiles: list(string_t),
  tenant_uid: string_t,
  uid: string_t,
  version: must(string_t),
});
const observable = shape({
  name: must(string_t),
  type: string_t,
  type_id: must(
    choice(
      {
        0: 'Unknown',
        1: 'Hostname',
        2: 'IP Address',
        3: 'MAC Address',
        4: 'User Name',
        5: 'Email Address',
        6: 'URL String',
        7: 'File Name',
        8: 'Hash',
        9: 'Process Name',
        10: 'Resource UID',
        20: 'Endpoint',
        21: 'User',
        22: 'Email',
        23: 'Uniform Resource Locator',
        24: 'File',
        25: 'Process',
        26: 'Geo Location',
        27: 'Container',
        28: 'Registry Key',
        29: 'Registry Value',
        30: 'Fingerprint',
        99: 'Other',
      },
      'type',
    ),
  ),
  value: string_t,
});
const resource_details = shape(
  {
    data: json_t,
    name: string_t,
    type: string_t,
    uid: string_t,
  },
  'name uid',
);

/** What OCSF says of each class, by its `class_uid`. */
export const classes = {
  0: classShape(
    {
      activity_id: must(choice({ 0: 'Unknown', 99: 'Other' }, 'activity_name')),
      activity_name: string_t,
      category_name: string_t,
      category_uid: must(constant(0, 'Uncategorized', 'category_name')),
      class_name: string_t,
      class_uid: must(constant(0)),
      message: string_t,
      metadata: must(object(metadata)),
      observables: list(object(observable)),
      raw_data: string_t,
      severity: string_t,
      severity_id: must(
        choice(
          {
            0: 'Unknown',
            1: 'Informational',
            2: 'Low',
            3: 'Medium',
            4: 'High',
            5: 'Critical',
            6: 'Fatal',
            99: 'Other',
          },
          'severity',
        ),
      ),
      status: string_t,
      status_code: string_t,
      status_detail: string_t,
      status_id: choice({ 0: 'Unknown', 1: 'Success', 2: 'Failure', 99: 'Other' }, 'status'),
      time: must(timestamp_t),
      type_name: string_t,
      type_uid: must(choice({ 0: 'Base Event: Unknown', 99: 'Base Event: Other' }, 'type_name')),
      unmapped: json,
    },
    '',
    '',
  ),
  2004: classShape(
    {
      activity_id: must(
        choice({ 0: 'Unknown', 1: 'Create', 2: 'Update', 3: 'Close', 99: 'Other' }, 'activity_name'),
      ),
      activity_name: string_t,
      actor: object(actor),
      category_name: string_t,
      category_uid: must(constant(2, 'Findings', 'category_name')),
      class_name: string_t,
      class_uid: must(constant(2004)),
      evidences: list(object(evidences)),
      finding_info: must(object(finding_info)),
      message: string_t,
      metadata: must(object(metadata)),
      observables: list(object(observable)),
      raw_data: string_t,
      resources: list(object(resource_details)),
      severity: string_t,
      severity_id: must(
        choice(
          {
            0: 'Unknown',
            1: 'Informational',
            2: 'Low',
            3: 'Medium',
            4: 'High',
            5: 'Critical',
            6: 'Fatal',
            99: 'Other',
          },
          'severity',
        ),
      ),
      status: string_t,
      status_code: string_t,
      status_detail: string_t,
      status_id: choice(
        { 0: 'Unknown', 1: 'New', 2: 'In Progress', 3: 'Suppressed', 4: 'Resolved', 99: 'Other' },
        'status',
      ),
      time: must(timestamp_t),
      type_name: string_t,
      type_uid: must(
        choice(
          {
            200400: 'Detection Finding: Unknown',
            200401: 'Detection Finding: Create',
            200402: 'Detection Finding: Update',
            200403: 'Detection Finding: Close',
            200499: 'Detection Finding: Other',
          },
          'type_name',
        ),
      ),
      unmapped: json,
    },
    '',
    'host',
  ),
  3001: classShape(
    {
      activity_id: must(
        choice(
          {
            0: 'Unknown',
            1: 'Create',
            2: 'Enable',
            3: 'Password Change',
            4: 'Password Reset',
            5: 'Disable',
            6: 'Delete',
            7: 'Attach Policy',
            8: 'Detach Policy',
            9: 'Lock',
            10: 'MFA Factor Enable',
            11: 'MFA Factor Disable',
            99: 'Other',
          },
          'activity_name',
        ),
      ),
      activity_name: string_t,
      actor: object(actor),
      category_name: string_t,
      category_uid: must(constant(3, 'Identity & Access Management', 'category_name')),
      class_name: string_t,
      class_uid: must(constant(3001)),
      device: object(device),
      http_request: object(http_request),
      message: string_t,
      metadata: must(object(metadata)),
      observables: list(object(observable)),
      raw_data: string_t,
      severity: string_t,
      severity_id: must(
        choice(
          {
            0: 'Unknown',
            1: 'Informational',
            2: 'Low',
            3: 'Medium',
            4: 'High',
            5: 'Critical',
            6: 'Fatal',
            99: 'Other',
          },
          'severity',
        ),
      ),
      src_endpoint: object(network_endpoint),
      status: string_t,
      status_code: string_t,
      status_detail: string_t,
      status_id: choice({ 0: 'Unknown', 1: 'Success', 2: 'Failure', 99: 'Other' }, 'status'),
      time: must(timestamp_t),
      type_name: string_t,
      type_uid: must(
        choice(
          {
            300100: 'Account Change: Unknown',
            300101: 'Account Change: Create',
            300102: 'Account Change: Enable',
            300103: 'Account Change: Password Change',
            300104: 'Account Change: Password Reset',
            300105: 'Account Change: Disable',
            300106: 'Account Change: Delete',
            300107: 'Account Change: Attach Policy',
            300108: 'Account Change: Detach Policy',
            300109: 'Account Change: Lock',
            300110: 'Account Change: MFA Factor Enable',
            300111: 'Account Change: MFA Factor Disable',
            300199: 'Account Change: Other',
          },
          'type_name',
        ),
      ),
      unmapped: json,
      user: must(object(user)),
      user_result: object(user),
    },
    '',
    'host',
  ),
  3002: classShape(
    {
      activity_id: must(
        choice(
          {
            0: 'Unknown',
            1: 'Logon',
            2: 'Logoff',
            3: 'Authentication Ticket',
            4: 'Service Ticket Request',
            5: 'Service Ticket Renew',
            99: 'Other',
          },
          'activity_name',
        ),
      ),
      activity_name: string_t,
      auth_protocol: string_t,
      auth_protocol_id: choice(
        {
          0: 'Unknown',
          1: 'NTLM',
          2: 'Kerberos',
          3: 'Digest',
          4: 'OpenID',
          5: 'SAML',
          6: 'OAUTH 2.0',
          7: 'PAP',
          8: 'CHAP',
          9: 'EAP',
          10: 'RADIUS',
          99: 'Other',
        },
        'auth_protocol',
      ),
      category_name: string_t,
      category_uid: must(constant(3, 'Identity & Access Management', 'category_name')),
      class_name: string_t,
      class_uid: must(constant(3002)),
      device: object(device),
      is_mfa: boolean_t,
      message: string_t,
      metadata: must(object(metadata)),
      observables: list(object(observable)),
      raw_data: string_t,
      service: object(service),
      severity: string_t,
      severity_id: must(
        choice(
          {
            0: 'Unknown',
            1: 'Informational',
            2: 'Low',
            3: 'Medium',
            4: 'High',
            5: 'Critical',
            6: 'Fatal',
            99: 'Other',
          },
          'severity',
        ),
      ),
      src_endpoint: object(network_endpoint),
      status: string_t,
      status_code: string_t,
      status_detail: string_t,
      status_id: choice({ 0: 'Unknown', 1: 'Success', 2: 'Failure', 99: 'Other' }, 'status'),
      time: must(timestamp_t),
      type_name: string_t,
      type_uid: must(
        choice(
          {
            300200: 'Authentication: Unknown',
            300201: 'Authentication: Logon',
            300202: 'Authentication: Logoff',
            300203: 'Authentication: Authentication Ticket',
            300204: 'Authentication: Service Ticket Request',
            300205: 'Authentication: Service Ticket Renew',
            300299: 'Authentication: Other',
          },
          'type_name',
        ),
      ),
      unmapped: json,
      user: must(object(user)),
    },
    'service',
    'host',
  ),
  3004: classShape(
    {
      activity_id: must(
        choice(
          { 0: 'Unknown', 1: 'Create', 2: 'Read', 3: 'Update', 4: 'Delete', 99: 'Other' },
          'activity_name',
        ),
      ),
      activity_name: string_t,
      actor: object(actor),
      category_name: string_t,
      category_uid: must(constant(3, 'Identity & Access Management', 'category_name')),
      class_name: string_t,
      class_uid: must(constant(3004)),
      device: object(device),
      entity: must(object(managed_entity)),
      entity_result: object(managed_entity),
      message: string_t,
      metadata: must(object(metadata)),
      observables: list(object(observable)),
      raw_data: string_t,
      severity: string_t,
      severity_id: must(
        choice(
          {
            0: 'Unknown',
            1: 'Informational',
            2: 'Low',
            3: 'Medium',
            4: 'High',
            5: 'Critical',
            6: 'Fatal',
            99: 'Other',
          },
          'severity',
        ),
      ),
      status: string_t,
      status_code: string_t,
      status_detail: string_t,
      status_id: choice({ 0: 'Unknown', 1: 'Success', 2: 'Failure', 99: 'Other' }, 'status'),
      time: must(timestamp_t),
      type_name: string_t,
      type_uid: must(
        choice(
          {
            300400: 'Entity Management: Unknown',
            300401: 'Entity Management: Create',
            300402: 'Entity Management: Read',
            300403: 'Entity Management: Update',
            300404: 'Entity Management: Delete',
            300499: 'Entity Management: Other',
          },
          'type_name',
        ),
      ),
      unmapped: json,
    },
    '',
    'host',
  ),
  3005: classShape(
    {
      activity_id: must(
        choice(
          { 0: 'Unknown', 1: 'Assign Privileges', 2: 'Revoke Privileges', 99: 'Other' },
          'activity_name',
        ),
      ),
      activity_name: string_t,
      actor: object(actor),
      category_name: string_t,
      category_uid: must(constant(3, 'Identity & Access Management', 'category_name')),
      class_name: string_t,
      class_uid: must(constant(3005)),
      device: object(device),
      message: string_t,
      metadata: must(object(metadata)),
      observables: list(object(observable)),
      privileges: must(list(string_t)),
      raw_data: string_t,
      resource: object(resource_details),
      severity: string_t,
      severity_id: must(
        choice(
          {
            0: 'Unknown',
            1: 'Informational',
            2: 'Low',
            3: 'Medium',
            4: 'High',
            5: 'Critical',
            6: 'Fatal',
            99: 'Other',
          },
          'severity',
        ),
      ),
      status: string_t,
      status_code: string_t,
      status_detail: string_t,
      status_id: choice({ 0: 'Unknown', 1: 'Success', 2: 'Failure', 99: 'Other' }, 'status'),
      time: must(timestamp_t),
      type_name: string_t,
      type_uid: must(
        choice(
          {
            300500: 'User Access Management: Unknown',
            300501: 'User Access Management: Assign Privileges',
            300502: 'User Access Management: Revoke Privileges',
            300599: 'User Access Management: Other',
          },
          'type_name',
        ),
      ),
      unmapped: json,
      user: must(object(user)),
    },
    '',
    'host',
  ),
  3006: classShape(
    {
      activity_id: must(
        choice(
          {
            0: 'Unknown',
            1: 'Assign Privileges',
            2: 'Revoke Privileges',
            3: 'Add User',
            4: 'Remove User',
            5: 'Delete',
            6: 'Create',
            99: 'Other',
          },
          'activity_name',
        ),
      ),
      activity_name: string_t,
      actor: object(actor),
      category_name: string_t,
      category_uid: must(constant(3, 'Identity & Access Management', 'category_name')),
      class_name: string_t,
      class_uid: must(constant(3006)),
      device: object(device),
      group: must(object(group)),
      message: string_t,
      metadata: must(object(metadata)),
      observables: list(object(observable)),
      privileges: list(string_t),
      raw_data: string_t,
      resource: object(resource_details),
      severity: string_t,
      severity_id: must(
        choice(
          {
            0: 'Unknown',
            1: 'Informational',
            2: 'Low',
            3: 'Medium',
            4: 'High',
            5: 'Critical',
            6: 'Fatal',
            99: 'Other',
          },
          'severity',
        ),
      ),
      status: string_t,
      status_code: string_t,
      status_detail: string_t,
      status_id: choice({ 0: 'Unknown', 1: 'Success', 2: 'Failure', 99: 'Other' }, 'status'),
      time: must(timestamp_t),
      type_name: string_t,
      type_uid: must(
        choice(
          {
            300600: 'Group Management: Unknown',
            300601: 'Group Management: Assign Privileges',
            300602: 'Group Management: Revoke Privileges',
            300603: 'Group Management: Add User',
            300604: 'Group Management: Remove User',
            300605: 'Group Management: Delete',
            300606: 'Group Management: Create',
            300699: 'Group Management: Other',
          },
          'type_name',
        ),
      ),
      unmapped: json,
    },
    'privileges',
    'host',
  ),
  6003: classShape(
    {
      activity_id: must(
        choice(
          { 0: 'Unknown', 1: 'Create', 2: 'Read', 3: 'Update', 4: 'Delete', 99: 'Other' },
          'activity_name',
        ),
      ),
      activity_name: string_t,
      actor: must(object(actor)),
      api: must(object(api)),
      category_name: string_t,
      category_uid: must(constant(6, 'Application Activity', 'category_name')),
      class_name: string_t,
      class_uid: must(constant(6003)),
      message: string_t,
      metadata: must(object(metadata)),
      observables: list(object(observable)),
      raw_data: string_t,
      resources: list(object(resource_details)),
      severity: string_t,
      severity_id: must(
        choice(
          {
            0: 'Unknown',
            1: 'Informational',
            2: 'Low',
            3: 'Medium',
            4: 'High',
            5: 'Critical',
            6: 'Fatal',
            99: 'Other',
          },
          'severity',
        ),
      ),
      src_endpoint: must(object(network_endpoint)),
      status: string_t,
      status_code: string_t,
      status_detail: string_t,
      status_id: choice({ 0: 'Unknown', 1: 'Success', 2: 'Failure', 99: 'Other' }, 'status'),
      time: must(timestamp_t),
      type_name: string_t,
      type_uid: must(
        choice(
          {
            600300: 'API Activity: Unknown',
            600301: 'API Activity: Create',
            600302: 'API Activity: Read',
            600303: 'API Activity: Update',
            600304: 'API Activity: Delete',
            600399: 'API Activity: Other',
          },
          'type_name',
        ),
      ),
      unmapped: json,
    },
    '',
    '',
  ),
};
