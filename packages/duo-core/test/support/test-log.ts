import * as z from 'zod/mini';
import { defineLogType, fields } from '../../src/log-type';

/** An invented log of the `cursor` style, so that the core is shown to know none by name. Pages are short so that few records make many. */
export const visits = defineLogType({
  name: 'visits',
  path: '/admin/v2/logs/visits',
  paging: { style: 'cursor', limit: 10 },
  records: 'items',
  time: { field: 'ts', unit: 'iso' },
  id: 'visit_id',
  schema: fields({ visit_id: z.string(), ts: z.string(), door: z.string() }),
});

/** A record of it at `time` (ms). */
export function visit(id: string, time: number, door = 'main'): string {
  return `{"visit_id": "${id}", "ts": "${new Date(time).toISOString().replace('Z', '000+00:00')}", "door": "${door}"}`;
}

/** An invented log of the `offset` style. Its events may change, and are met again for an hour. */
export const alarms = defineLogType({
  name: 'alarms',
  path: '/admin/v1/alarms/events',
  paging: { style: 'offset', limit: 10 },
  records: 'events',
  time: { field: 'at', unit: 'ms' },
  id: 'alarm_id',
  schema: fields({ alarm_id: z.string(), at: z.number(), state: z.string() }),
  overlapSeconds: 3_600,
});

/** An invented log of the `time` style: no ids, so equal records happen. */
export const badges = defineLogType({
  name: 'badges',
  path: '/admin/v1/logs/badges',
  paging: { style: 'time', limit: 10 },
  time: { field: 'timestamp', unit: 's' },
  schema: fields({ timestamp: z.number(), door: z.string() }),
});
