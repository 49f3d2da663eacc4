import type { TimeField } from 'duo-core';

/** A record's time in milliseconds, NaN if it is none. One without a zone is none: it would be another one elsewhere. */
export function readTime(value: unknown, unit: TimeField['unit']): number {
  if (unit === 'iso')
    return typeof value === 'string' && isoTime.test(value) ? Date.parse(value) : Number.NaN;
  if (typeof value !== 'number') return Number.NaN;
  return unit === 's' ? value * 1000 : value;
}

/** A moment as precise as Duo's: milliseconds since 1970, and the whole microseconds after them. */
export interface Moment {
  readonly ms: number;
  readonly microseconds: number;
}

/** Prints a moment in a unit; `iso` as most of Duo's logs do, with microseconds and the zone `+00:00`. */
export function printTime(moment: Moment, unit: TimeField['unit']): string | number {
  if (unit === 'iso') return printIso(moment, '1970-01-01T00:00:00.000000+00:00');
  return unit === 's' ? Math.floor(moment.ms / 1000) : moment.ms;
}

/** Prints a moment as precisely, and in the zone, as another ISO 8601 time. */
export function printIso({ ms, microseconds }: Moment, like: string): string {
  const [, local = '', digits = '', zone = ''] = isoTime.exec(like) ?? [];
  const ahead = Date.parse(`${local}Z`) - Date.parse(`${local}${zone}`);
  const [seconds, milliseconds] = new Date(ms + ahead).toISOString().slice(0, -1).split('.');
  const fraction = `${milliseconds}${String(microseconds).padStart(3, '0')}`.padEnd(digits.length, '0');
  return `${seconds}${digits && `.${fraction.slice(0, digits.length)}`}${zone}`;
}

const isoTime = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/;
