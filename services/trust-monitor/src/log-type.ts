import { defineLogType, fields } from 'duo-core';
import * as z from 'zod/mini';

const party = z.nullish(fields({ key: z.nullable(z.string()), name: z.nullable(z.string()) }));

/**
 * Logins, devices and bypasses that Duo finds suspicious: https://duo.com/docs/adminapi#trust-monitor
 * Duo changes an event when someone triages it; within the overlap, each change is a record of its own.
 */
export const trustMonitor = defineLogType({
  name: 'trust-monitor',
  path: '/admin/v1/trust_monitor/events',
  paging: { style: 'offset', limit: 200 },
  records: 'events',
  time: { field: 'surfaced_timestamp', unit: 'ms' },
  id: 'sekey',
  overlapSeconds: 7 * 24 * 3600,
  // A comment in the source of a public compliance product, in three versions; no text of Duo's was found.
  retirement: {
    on: '2027-01-31',
    source: 'a secondary source',
    note: 'It is said to be closed to customers created after 2025-09-29.',
  },
  schema: fields({
    bypass_status_enabled: z.nullish(z.int()),
    enabled_by: party,
    enabled_for: party,
    explanations: z.nullish(z.array(fields({ summary: z.string(), type: z.string() }))),
    priority_event: z.boolean(),
    priority_reasons: z.array(fields({})),
    sekey: z.string(),
    state: z.nullable(z.string()),
    state_updated_timestamp: z.nullable(z.int()),
    surfaced_auth: z.nullish(fields({ txid: z.string() })),
    surfaced_timestamp: z.int(),
    triaged_as_interesting: z.boolean(),
    type: z.string(),
  }),
});

/**
 * What Google SecOps calls it, for `pnpm duo feed`:
 * https://docs.cloud.google.com/chronicle/docs/ingestion/parser-list/supported-default-parsers
 */
export const secops = { logType: 'DUO_TRUST_MONITOR', defaultParser: false };
