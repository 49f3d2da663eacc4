import type { LogType, TimeField } from '../log-type';

/** One log entry: its text as Duo sent it, its time in ms (null if it cannot be read), and whether it fits the schema. */
export interface LogRecord {
  readonly text: string;
  readonly time: number | null;
  readonly fits: boolean;
}

/** Reads a record, given its text and what a parser makes of it; see `readTime` for `latest`. */
export function readRecord(
  value: unknown,
  text: string,
  { time: field, schema }: LogType,
  latest: number,
): LogRecord {
  const time = readTime(value, field, latest);
  return { text, time, fits: time !== null && schema.safeParse(value).success };
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/**
 * A record's time in ms, rounded down as in Duo's cursor; null if it cannot be read. One after `latest` (ms) is none: what
 * has not happened yet is not in a log, unless its unit has changed.
 */
export function readTime(record: unknown, { field, unit }: TimeField, latest: number): number | null {
  if (typeof record !== 'object' || record === null) return null;
  const value: unknown = Object.hasOwn(record, field) ? Reflect.get(record, field) : undefined;
  const time = unit === 'iso' ? readIso(value) : readNumber(value, unit);
  return time === null || time > latest ? null : time;
}

function readIso(value: unknown): number | null {
  if (typeof value !== 'string' || !isoTime.test(value)) return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : time;
}

function readNumber(value: unknown, unit: 's' | 'ms'): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  return Math.floor(unit === 's' ? value * 1000 : value);
}
