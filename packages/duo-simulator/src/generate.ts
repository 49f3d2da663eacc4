import { createHash } from 'node:crypto';
import type { LogType, TimeField } from 'duo-core';
import * as z from 'zod/mini';
import { seededRandom } from './random';

/** What to generate. */
export interface GenerateOptions {
  readonly logType: LogType;
  /** Texts of records to copy, one after the other. */
  readonly samples: readonly string[];
  readonly count: number;
  /** The span of the records' times in milliseconds, both ends included. */
  readonly from: number;
  readonly to: number;
  readonly seed: number;
  /** The number of the first record; records with different numbers have different ids. @default 0 */
  readonly startIndex?: number;
}

/**
 * Makes the texts of `count` records, oldest first: copies of the samples with an id (a UUID) and a time of their own,
 * every other field as in the sample. Some share a second with the record before, some a millisecond. The same options
 * make the same texts, spaced as in Duo's own samples.
 */
export function generate(options: GenerateOptions): string[] {
  const { logType, samples, seed, startIndex = 0 } = options;
  if (samples.length === 0) throw new TypeError(`there are no samples of the ${logType.name} log to copy`);
  const parsed = samples.map((sample) => jsonObject.parse(JSON.parse(sample)));
  const random = seededRandom(seed + startIndex);
  return times(options, random).map((ms, n) => {
    const index = startIndex + n;
    return print({
      ...parsed[index % parsed.length],
      [logType.id]: uuid(`${logType.name} ${seed} ${index}`),
      [logType.time.field]: printTime(ms, logType.time.unit, random),
    });
  });
}

const jsonObject = z.record(z.string(), z.unknown());

/** Evenly spread with some jitter, except that one in ten shares the last one's millisecond and one in ten its second. */
function times({ count, from, to }: GenerateOptions, random: () => number): number[] {
  const all: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const last = all.at(-1) ?? from;
    const kind = n === 0 ? 1 : random();
    const spread = from + Math.floor(((to - from) * (n + random())) / count);
    const endOfSecond = Math.floor(last / 1000) * 1000 + 999;
    if (kind < 0.1) all.push(last);
    else if (kind < 0.2) all.push(Math.min(to, last + Math.floor(random() * (endOfSecond - last + 1))));
    else all.push(Math.max(last, spread));
  }
  return all;
}

function printTime(ms: number, unit: TimeField['unit'], random: () => number): string | number {
  if (unit === 's') return Math.floor(ms / 1000);
  if (unit === 'ms') return ms;
  const microseconds = String(Math.floor(random() * 1000)).padStart(3, '0');
  return new Date(ms).toISOString().replace('Z', `${microseconds}+00:00`);
}

function uuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  // The 4 and the 8 are where a UUID says that it is a random one.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** JSON with a space after every comma and colon, as Python prints it and Duo's samples have it. */
function print(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(print).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${print(member)}`);
  return `{${members.join(', ')}}`;
}
