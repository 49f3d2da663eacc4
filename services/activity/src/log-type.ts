import { defineLogType, fields } from 'duo-core';
import * as z from 'zod/mini';

const text = z.nullish(z.string());
const party = z.nullish(fields({ details: text, key: text, name: text, type: text }));

/**
 * What administrators, users and integrations changed, offline enrollments included (`o2fa_…`):
 * https://duo.com/docs/adminapi#activity-logs
 */
export const activity = defineLogType({
  name: 'activity',
  path: '/admin/v2/logs/activity',
  paging: { style: 'cursor', limit: 1000 },
  records: 'items',
  time: { field: 'ts', unit: 'iso' },
  id: 'activity_id',
  schema: fields({
    access_device: z.nullish(fields({ ip: z.nullish(fields({ address: text })) })),
    // A plain string in the log's public preview.
    action: z.union([z.string(), fields({ details: text, name: z.string() })]),
    activity_id: z.string(),
    actor: party,
    akey: text,
    application: party,
    old_target: party,
    outcome: z.nullish(fields({ result: text })),
    target: party,
    ts: z.string(),
  }),
});

/**
 * What Google SecOps calls it, for `pnpm duo feed`:
 * https://docs.cloud.google.com/chronicle/docs/ingestion/parser-list/supported-default-parsers
 */
export const secops = { logType: 'DUO_ACTIVITY', title: 'Duo Activity Logs', defaultParser: true };
