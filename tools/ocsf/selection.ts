/** The fields of every class that an event of ours can have. */
const ofEach =
  'activity_id activity_name category_name category_uid class_name class_uid message metadata observables raw_data severity severity_id status status_code status_detail status_id time type_name type_uid unmapped';

const of = (names: string) => names.split(' ');

/**
 * The part of OCSF that the mappings fill: its classes by `class_uid`, and its objects, each with the fields that are used.
 * A table in Parquet has a column for each, so that nothing stands here that no mapping fills. `npx pnpm ocsf:types` makes
 * `packages/duo-ocsf/src/schema.ts` from it.
 */
export const selection = {
  classes: {
    0: of(ofEach),
    2004: of(`${ofEach} actor evidences finding_info resources`),
    3001: of(`${ofEach} actor device http_request src_endpoint user user_result`),
    3002: of(`${ofEach} auth_protocol auth_protocol_id device is_mfa service src_endpoint user`),
    3004: of(`${ofEach} actor device entity entity_result`),
    3005: of(`${ofEach} actor device privileges resource user`),
    3006: of(`${ofEach} actor device group privileges resource`),
    6003: of(`${ofEach} actor api resources src_endpoint`),
  },
  objects: {
    actor: of('invoked_by user'),
    api: of('operation service'),
    device: of('hostname ip is_trusted location os type type_id uid'),
    evidences: of('actor src_endpoint'),
    feature: of('name'),
    finding_info: of('created_time desc src_url title types uid'),
    group: of('name uid'),
    http_request: of('user_agent'),
    location: of('city country desc region'),
    managed_entity: of('data name type uid'),
    metadata: of(
      'correlation_uid event_code labels log_name modified_time original_time product profiles tenant_uid uid version',
    ),
    network_endpoint: of('hostname ip location port svc_name'),
    observable: of('name type type_id value'),
    os: of('name type type_id version'),
    product: of('feature name vendor_name'),
    resource_details: of('data name type uid'),
    service: of('name uid'),
    user: of('email_addr full_name groups name type type_id uid uid_alt'),
  },
} as const satisfies Selection;

/** Which fields of which classes and objects there are. */
export interface Selection {
  readonly classes: Readonly<Record<number, readonly string[]>>;
  readonly objects: Readonly<Record<string, readonly string[]>>;
}
