import { defineLogType, fields } from 'duo-core';
import * as z from 'zod/mini';

const text = z.nullable(z.string());
const named = z.nullable(fields({ key: z.nullish(z.string()), name: text }));
/** What Duo Desktop reports of a device, where it runs. */
const setting = z.nullish(z.literal([true, false, 'unknown']));

/** Who logged in to what, with which device, and how that ended: https://duo.com/docs/adminapi#authentication-logs */
export const authentication = defineLogType({
  name: 'authentication',
  path: '/admin/v2/logs/authentication',
  paging: { style: 'cursor', limit: 1000, cursorForm: 'array' },
  records: 'authlogs',
  time: { field: 'isotimestamp', unit: 'iso' },
  id: 'txid',
  schema: fields({
    access_device: z.nullable(
      fields({
        ip: z.nullish(z.string()),
        is_encryption_enabled: setting,
        is_firewall_enabled: setting,
        is_password_set: setting,
        security_agents: z.nullish(z.union([z.literal('unknown'), z.array(fields({}))])),
      }),
    ),
    application: named,
    auth_device: z.nullable(fields({ ip: z.nullish(z.string()), name: text })),
    event_type: text,
    factor: text,
    isotimestamp: z.string(),
    reason: text,
    result: z.string(),
    timestamp: z.int(),
    txid: z.string(),
    user: named,
  }),
});

/**
 * What Google SecOps calls it, for `pnpm duo feed`:
 * https://docs.cloud.google.com/chronicle/docs/ingestion/parser-list/supported-default-parsers
 */
export const secops = { logType: 'DUO_AUTH', title: 'Duo Auth', defaultParser: true };
