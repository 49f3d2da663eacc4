import type { LogType } from 'duo-core';
import * as z from 'zod/mini';
import { printTime } from './record-time';

const hour = 3_600_000;

/** Times that a record should not have, given where Duo has filed it (ms) and a number that no other record has. */
const oddTimes: readonly ((logType: LogType, filedAt: number, n: number) => unknown)[] = [
  (logType, filedAt) => timeOf(logType, filedAt + 2 * hour),
  (logType, filedAt) => timeOf(logType, filedAt + 365 * 24 * hour),
  (logType, filedAt) => timeOf(logType, filedAt - 200 * 24 * hour),
  (logType, _filedAt, n) => timeOf(logType, n * 1000),
  (_logType, _filedAt, n) => `soon, said the ${n}th`,
  ({ time: { unit } }, filedAt) => (unit === 's' ? filedAt : Math.floor(filedAt / 1000)),
];

/**
 * The text of a record with an absurd time: ahead, long past, at the beginning of 1970, not readable, or in another unit. `n`
 * decides which, and makes it one that no other record has.
 */
export function withOddTime(text: string, logType: LogType, filedAt: number, n: number): string {
  const record = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  const odd = oddTimes[n % oddTimes.length]?.(logType, filedAt, n);
  return JSON.stringify({ ...record, [logType.time.field]: odd });
}

function timeOf({ time: { unit } }: LogType, ms: number): string | number {
  return printTime({ ms, microseconds: 0 }, unit);
}
