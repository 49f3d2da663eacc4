import type { EventType } from 'duo-udm';

const system = 'management_system\\w*';
const objects = `(bypass|hardtoken|integration|${system}|phone|policy|u2ftoken|webauthncredential)`;

/** The table of https://docs.cloud.google.com/chronicle/docs/ingestion/default-parsers/duo-activity; the first that fits. */
const actions: readonly (readonly [string, EventType])[] = [
  // Google's own spelling; Duo's, if it is another, is not known.
  [
    `admin_activate_duo_push|admin_rectivates_duo_push|${system}_download_device_api_script`,
    'DEVICE_PROGRAM_DOWNLOAD',
  ],
  ['admin_factor_restrictions', 'RESOURCE_PERMISSIONS_CHANGE'],
  ['admin_login|integration_policy_(un)?assign|log_export_(start|complete|failure)', 'USER_UNCATEGORIZED'],
  [`${system}_(sync_failure|sync_success|update)`, 'USER_UNCATEGORIZED'],
  ['admin_reset_password', 'USER_CHANGE_PASSWORD'],
  ['admin_send_reset_password_email', 'EMAIL_TRANSACTION'],
  ['integration_group_policy_(add|remove)', 'GROUP_UNCATEGORIZED'],
  [`${objects}_(create|add|associate)|device_change_notification_create`, 'RESOURCE_CREATION'],
  ['pkcs12_enrollment|phone_activation_code_regenerated|phone_new_sms_passcode', 'RESOURCE_CREATION'],
  [`${objects}_(delete|disassociate)`, 'RESOURCE_DELETION'],
  [`bypass_view|integration_skey_(bulk_)?view|${system}_view_(password|token)`, 'RESOURCE_READ'],
  [
    'hardtoken_(resync|update)|(integration|phone|policy)_update|webauthncredential_rename',
    'RESOURCE_WRITTEN',
  ],
  ['\\w+_edit_devices', 'RESOURCE_WRITTEN'],
  ['deregister_devices', 'USER_RESOURCE_DELETION'],
  ['device_change_\\w*notification\\w*_(answered|sent)', 'USER_COMMUNICATION'],
  ['group_create', 'GROUP_CREATION'],
  ['group_delete', 'GROUP_DELETION'],
  ['group_update', 'GROUP_MODIFICATION'],
  [`${system}_activate_device_cache`, 'DEVICE_CONFIG_UPDATE'],
  ['user_(not_enrolled_lockout|adminapi_lockout|lockout_cleared)', 'USER_CHANGE_PERMISSIONS'],
];

/** The event type of an action; GENERIC_EVENT for those that Google does not list, as `user_update`. */
export function eventTypeOf(action = ''): EventType {
  return actions.find(([names]) => new RegExp(`^(${names})$`).test(action))?.[1] ?? 'GENERIC_EVENT';
}
