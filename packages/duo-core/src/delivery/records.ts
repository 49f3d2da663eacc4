import { hash } from 'node:crypto';
import type { LogRecord } from '../duo/record';
import { boundsTolerance } from '../limits';

/**
 * For each identity met within the overlap: the latest time in ms under which Duo may have filed the record, and the most copies
 * met on one page.
 */
export type Seen = Record<string, [time: number, copies: number]>;

/** A record's identity: 128 bits of the SHA-256 of its text. Two records are the same when their identities are. */
export function identity(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22);
}

/** Where Duo has filed the records of a page, in ms: it says so by showing them. */
export interface Filed {
  /** The window that they were asked for with, both ends included. */
  readonly from: number;
  readonly to: number;
  /** The latest time under which one whose own time is believed may be filed. */
  readonly last: number;
  /** The same of any other. */
  readonly latest: number;
}

/**
 * Whether a record's own time may be the one under which Duo has filed it. Any other says nothing: the record belongs to the
 * window because Duo has shown it there.
 */
export function isBelieved(time: number | null, { from, to }: Pick<Filed, 'from' | 'to'>): time is number {
  return time !== null && time >= from - boundsTolerance && time <= to + boundsTolerance;
}

/**
 * Separates what is new on a page from what was met before: of a record that is n times on the page and m times in
 * `seen`, n − m are new. Nothing is consumed, so a page may be sifted again with the same answer. A record is remembered
 * under the latest time at which Duo may have filed it, and one whose time is not believed anew each time it is met: Duo may
 * show it for as long as it likes. What is older than `forgetBefore` (ms) is left out of the `seen`
 * that comes of it.
 */
export function sift(
  records: readonly LogRecord[],
  seen: Readonly<Seen>,
  filed: Filed,
  forgetBefore: number,
): { fresh: LogRecord[]; seen: Seen } {
  const before = new Map(Object.entries(seen));
  const copies = new Map<string, number>();
  const met: Seen = {};
  for (const [id, known] of before) {
    if (known[0] >= forgetBefore) met[id] = known;
  }
  const fresh = records.filter(({ text, time }) => {
    const id = identity(text);
    const copy = (copies.get(id) ?? 0) + 1;
    copies.set(id, copy);
    const [known, most] = before.get(id) ?? [0, 0];
    const at = isBelieved(time, filed) ? Math.max(time, filed.last) : Math.max(known, filed.latest);
    if (at >= forgetBefore) met[id] = [at, Math.max(most, copy)];
    return copy > most;
  });
  return { fresh, seen: met };
}

/**
 * `seen`, and in it what is `known` of the records that are `shown` and left to another window: that one meets them again, and
 * they are remembered under `at` (ms) until then.
 */
export function keep(seen: Seen, known: Readonly<Seen>, shown: ReadonlySet<LogRecord>, at: number): Seen {
  if (shown.size === 0) return seen;
  const kept = { ...seen };
  for (const { text } of shown) {
    const id = identity(text);
    const entry = known[id];
    if (entry !== undefined) kept[id] = [Math.max(entry[0], at), entry[1]];
  }
  return kept;
}
