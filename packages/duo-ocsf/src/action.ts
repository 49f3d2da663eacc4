/** A class for what Duo's administrators, users and integrations do, and the class's activity. */
export type ActionKind =
  | { readonly class_uid: 3002; readonly activity_id: 1 }
  | { readonly class_uid: 3001; readonly activity_id: 1 | 2 | 3 | 4 | 6 | 9 | 10 | 11 | 99 }
  | { readonly class_uid: 3004; readonly activity_id: 1 | 3 | 4 | 99 }
  | { readonly class_uid: 3006; readonly activity_id: 1 | 2 | 5 | 6 | 99 }
  | { readonly class_uid: 6003; readonly activity_id: 1 | 2 | 3 | 4 | 99 };

const factors =
  '(phone|hardtoken|u2ftoken|webauthncredential|webauthn|duo_mobile|desktoptoken|passkey)(_\\w+)?';

/** The first that fits; the names of actions are in the logs of administrators (v1) and of activity (v2). */
const kinds: readonly (readonly [string, ActionKind])[] = [
  ['\\w*login\\w*|admin_2fa_error', { class_uid: 3002, activity_id: 1 }],
  ['\\w+_lockout', { class_uid: 3001, activity_id: 9 }],
  ['\\w*reset_password\\w*', { class_uid: 3001, activity_id: 4 }],
  ['\\w+_set_password', { class_uid: 3001, activity_id: 3 }],
  ['admin_factor_restrictions', { class_uid: 6003, activity_id: 3 }],
  ['admin_create', { class_uid: 3004, activity_id: 1 }],
  ['admin_update', { class_uid: 3004, activity_id: 3 }],
  ['admin_delete', { class_uid: 3004, activity_id: 4 }],
  ['(admin|activation)_\\w+', { class_uid: 3004, activity_id: 99 }],
  ['user_(create|import|bulk_enroll)', { class_uid: 3001, activity_id: 1 }],
  ['user_(restore|bulk_activate)', { class_uid: 3001, activity_id: 2 }],
  ['user_(pending_)?delete', { class_uid: 3001, activity_id: 6 }],
  ['o2fa_user_(provisioned|reenrolled)|pkcs12_enrollment', { class_uid: 3001, activity_id: 10 }],
  ['o2fa_user_deprovisioned|deregister_devices', { class_uid: 3001, activity_id: 11 }],
  [`${factors}_(create|add|associate)`, { class_uid: 3001, activity_id: 10 }],
  [`${factors}_(delete|disassociate)`, { class_uid: 3001, activity_id: 11 }],
  ['(user|bypass|o2fa)_\\w+', { class_uid: 3001, activity_id: 99 }],
  ['group_create', { class_uid: 3006, activity_id: 6 }],
  ['group_delete', { class_uid: 3006, activity_id: 5 }],
  ['group_\\w+', { class_uid: 3006, activity_id: 99 }],
  ['\\w+_(create|add|associate|assign)', { class_uid: 6003, activity_id: 1 }],
  ['\\w+_view(_\\w+)?', { class_uid: 6003, activity_id: 2 }],
  [
    '\\w+_(update|edit(_\\w+)?|rename|resync|regenerated|activate(_\\w+)?)',
    { class_uid: 6003, activity_id: 3 },
  ],
  ['\\w+_(delete|remove|disassociate|unassign)', { class_uid: 6003, activity_id: 4 }],
];

const patterns = kinds.map(([names, kind]): [RegExp, ActionKind] => [new RegExp(`^(${names})$`), kind]);

/** The class and the activity of an action by its name, as docs/ocsf.md lists them. */
export function actionKind(action = ''): ActionKind {
  return patterns.find(([pattern]) => pattern.test(action))?.[1] ?? { class_uid: 6003, activity_id: 99 };
}
