import { defineLogType, fields } from 'duo-core';
import * as z from 'zod/mini';

/**
 * What administrators did, for accounts that are still served it: https://duo.com/docs/adminapi#administrator-logs
 * Duo retires this log (on 2026-09-30, according to secondary sources); the activity log has these events today.
 */
export const administrator = defineLogType({
  name: 'administrator',
  path: '/admin/v1/logs/administrator',
  paging: { style: 'time', limit: 1000 },
  time: { field: 'timestamp', unit: 's' },
  // No page of Duo's that names the day was found: Alert Logic's collector and an adapter of protectNIL do; Datadog announces it
  // without a day (DataDog/integrations-core, 24256).
  retirement: {
    on: '2026-09-30',
    source: 'secondary sources',
    note: 'The activity log has its events.',
  },
  schema: fields({
    action: z.string(),
    description: z.nullish(z.string()),
    isotimestamp: z.nullish(z.string()),
    object: z.nullable(z.string()),
    timestamp: z.int(),
    username: z.string(),
  }),
});

/**
 * What Google SecOps calls it, for `pnpm duo feed`:
 * https://docs.cloud.google.com/chronicle/docs/ingestion/parser-list/supported-default-parsers
 */
export const secops = { logType: 'DUO_ADMIN', title: 'Duo Administrator Logs', defaultParser: true };
