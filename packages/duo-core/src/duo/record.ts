import type { LogType, TimeField } from '../log-type';

/** One log entry: its text as Duo sent it, and what was read of it. */
export interface LogRecord {
  readonly text: string;
  /** In ms; null if it cannot be read. */
  readonly time: number | null;
  /** Whether it fits the schema. */
  readonly fits: boolean;
  /** What stands for it whatever its text is; see `nameOf`. */
  readonly name: string | null;
}

/** Reads a record, given its text and what a parser makes of it; see `readTime` for `latest`. */
export function readRecord(value: unknown, text: string, logType: LogType, latest: number): LogRecord {
  const time = readTime(value, logType.time, latest);
  const fits = time !== null && logType.schema.safeParse(value).success;
  return { text, time, fits, name: nameOf(value, time, logType) };
}

/**
 * What stands for a record whatever its text is: its id, and where its log has none its second (`time` in ms). Null where there
 * is neither, or where an id is empty or a number that is not exact.
 */
export function nameOf(value: unknown, time: number | null, { id }: LogType): string | null {
  if (id === undefined) return time === null ? null : String(Math.floor(time / 1000));
  const is = typeof value === 'object' && value !== null && Object.hasOwn(value, id);
  const name: unknown = is ? Reflect.get(value, id) : undefined;
  return typeof name === 'string' || Number.isSafeInteger(name) ? String(name) || null : null;
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
