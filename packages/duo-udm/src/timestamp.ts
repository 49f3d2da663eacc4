import { MappingError } from './mapping-error';
import type { RawRecord } from './raw-record';

/**
 * When the record says that it happened, as UDM wants it. `iso` is an ISO 8601 time with a zone, of which all digits are
 * kept; `s` and `ms` are numbers since 1970. Throws a `MappingError` if there is no such time.
 */
export function timestamp(raw: RawRecord, path: string, unit: 'iso' | 's' | 'ms'): string {
  const time =
    unit === 'iso'
      ? inUtc(raw.text(path))
      : fromNumber((raw.number(path) ?? Number.NaN) * (unit === 's' ? 1000 : 1));
  if (time !== undefined) return time;
  const wanted = unit === 'iso' ? 'an ISO 8601 time with a zone' : `a time in ${unit} since 1970`;
  throw new MappingError(`${path} is missing, or not ${wanted}`);
}

/** The same of a record that has an ISO 8601 time at one path or, in older forms, seconds at another. */
export function isoOrSeconds(raw: RawRecord, iso: string, seconds: string): string {
  return raw.text(iso) === undefined ? timestamp(raw, seconds, 's') : timestamp(raw, iso, 'iso');
}

/** The same of an ISO 8601 time that an event can do without: undefined if there is none that can be read. */
export function optionalTimestamp(raw: RawRecord, path: string): string | undefined {
  return inUtc(raw.text(path));
}

function inUtc(iso = ''): string | undefined {
  const [, seconds = '', fraction = '', zone = ''] = isoTime.exec(iso) ?? [];
  const whole = fromNumber(Date.parse(`${seconds}${zone}`));
  return whole?.replace('Z', `${fraction}Z`);
}

/** Undefined for what is no time of the years 0 to 9999, which RFC 3339 has. */
function fromNumber(ms: number): string | undefined {
  const time = new Date(ms);
  if (Number.isNaN(time.getTime())) return undefined;
  const iso = time.toISOString().replace('.000Z', 'Z');
  return /^\d{4}-/.test(iso) ? iso : undefined;
}

const isoTime = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
