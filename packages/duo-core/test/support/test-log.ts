import * as z from 'zod/mini';
import { defineLogType } from '../../src/log-type';

/** An invented log, so that the core is shown to know none by name. Pages are short so that few records make many. */
export const visits = defineLogType({
  name: 'visits',
  path: '/admin/v2/logs/visits',
  paging: { style: 'cursor', limit: 10 },
  records: 'items',
  time: { field: 'ts', unit: 'iso' },
  id: 'visit_id',
  schema: z.looseObject({ visit_id: z.string(), ts: z.string(), door: z.string() }),
});

/** A record of it at `time` (ms). */
export function visit(id: string, time: number): string {
  return `{"visit_id": "${id}", "ts": "${new Date(time).toISOString().replace('Z', '000+00:00')}", "door": "main"}`;
}
