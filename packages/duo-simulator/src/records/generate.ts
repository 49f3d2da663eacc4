import { createHash } from 'node:crypto';
import type { LogType } from 'duo-core';
import * as z from 'zod/mini';
import { seededRandom } from './random';
import type { Moment } from './record-time';
import { createRetimer } from './retimer';

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
  /** How many records in a row happen at one and the same time. @default 1 */
  readonly burst?: number;
}

/**
 * Makes the texts of `count` records, oldest first: copies of the samples with a time of their own and, where the log's
 * records have one, an id (a UUID). Every other field is as in the sample, except those that say the sample's time again.
 * Some share a second with the record before, some a millisecond, unless they come in bursts, which are evenly spread.
 * The same options make the same texts, spaced as in Duo's own samples.
 */
export function generate(options: GenerateOptions): string[] {
  const { logType, samples, count, seed, startIndex = 0, burst = 1 } = options;
  if (samples.length === 0) throw new TypeError(`there are no samples of the ${logType.name} log to copy`);
  const copiers = samples.map((sample) => createCopier(sample, options));
  const random = seededRandom(seed + startIndex);
  const moments = (burst > 1 ? evenTimes(options, Math.ceil(count / burst)) : times(options, random))
    .map((ms) => ({ ms, microseconds: Math.floor(random() * 1000) }))
    .flatMap((moment) => Array.from({ length: burst }, () => moment));
  return moments.slice(0, count).map((moment, n) => {
    const index = startIndex + n;
    return copiers[index % copiers.length]?.(index, moment) ?? '';
  });
}

/** What makes copies of one sample. */
function createCopier(text: string, { logType, seed }: GenerateOptions) {
  const sample = jsonObject.parse(JSON.parse(text));
  const timesAt = createRetimer(sample, logType.time);
  return (index: number, moment: Moment) => {
    const id = logType.id !== undefined && { [logType.id]: uuid(`${logType.name} ${seed} ${index}`) };
    return print({ ...sample, ...id, ...timesAt(moment) });
  };
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

function evenTimes({ from, to }: GenerateOptions, count: number): number[] {
  return Array.from({ length: count }, (_, n) => from + Math.floor(((to - from) * (n + 0.5)) / count));
}

function uuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  // The 4 and the 8 are where a UUID says that it is a random one.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** JSON with a space after every comma and colon, as Python prints it and Duo's samples have it. */
function print(value: unknown): string {
  // A line break inside of a text is escaped: those that are there are between the parts.
  return JSON.stringify(value, null, 1).replaceAll(/,\n */g, ', ').replaceAll(/\n */g, '');
}
