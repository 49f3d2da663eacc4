import { defineLogType, fields } from 'duo-core';
import * as z from 'zod/mini';

/** Who was called or texted, and what it cost: https://duo.com/docs/adminapi#telephony-logs */
export const telephony = defineLogType({
  name: 'telephony',
  path: '/admin/v2/logs/telephony',
  paging: { style: 'cursor', limit: 1000 },
  records: 'items',
  time: { field: 'ts', unit: 'iso' },
  id: 'telephony_id',
  schema: fields({
    context: z.string(),
    credits: z.number(),
    phone: z.string(),
    telephony_id: z.string(),
    ts: z.string(),
    txid: z.optional(z.nullable(z.string())),
    type: z.string(),
  }),
});

/**
 * What Google SecOps calls it, for `pnpm duo feed`:
 * https://docs.cloud.google.com/chronicle/docs/ingestion/parser-list/supported-default-parsers
 */
export const secops = { logType: 'DUO_TELEPHONY', title: 'Duo Telephony Logs', defaultParser: true };
