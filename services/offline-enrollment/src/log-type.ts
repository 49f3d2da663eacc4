import { defineLogType, fields } from 'duo-core';
import * as z from 'zod/mini';

/**
 * Who enrolled for logging in to Windows offline: https://duo.com/docs/adminapi#offline-enrollment-logs
 * Duo retires this log (on 2026-09-30, according to secondary sources); in the activity log, these events are those
 * whose `action.name` starts with `o2fa_`.
 */
export const offlineEnrollment = defineLogType({
  name: 'offline-enrollment',
  path: '/admin/v1/logs/offline_enrollment',
  paging: { style: 'time', limit: 1000 },
  time: { field: 'timestamp', unit: 's' },
  // No page of Duo's that names the day was found: Alert Logic's collector and an adapter of protectNIL do; Datadog announces it
  // without a day (DataDog/integrations-core, 24256).
  retirement: {
    on: '2026-09-30',
    source: 'secondary sources',
    note: 'The activity log has its events, those whose action begins with o2fa_.',
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
 * What `pnpm duo feed` says, since Google SecOps has no label for this log:
 * https://docs.cloud.google.com/chronicle/docs/ingestion/parser-list/supported-default-parsers
 */
export const secops = {
  advice:
    'The activity log has the same events, those with an action.name that begins with o2fa_: set up its feed instead.',
};
