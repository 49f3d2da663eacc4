import type { PageRead } from '../../duo/pages';
import type { LogRecord } from '../../duo/record';
import { boundsTolerance } from '../../limits';
import { identity, isBelieved } from '../records';
import type { Tally } from './tally';

/** What a page shows that concerns a day. */
export interface ShownOfDay {
  /** Those dated in it. */
  readonly own: readonly LogRecord[];
  /** Those whose time is unreadable, or outside of what was asked for: nobody can say which day they are of. */
  readonly astray: readonly LogRecord[];
}

/** How a page compares with what is stored. */
export interface SiftedDay {
  /** What is not stored. */
  readonly missing: readonly LogRecord[];
  /** What is stored under another text. */
  readonly changed: readonly LogRecord[];
  /** What is not stored and is astray. */
  readonly astray: readonly LogRecord[];
  /** How many were not met on an earlier page. */
  readonly shown: number;
  /** How many more are stored than Duo shows. */
  readonly doubled: number;
}

/**
 * What of a page concerns the day: `since` included and `until` excluded, asked for as `from` to `to`, in ms. What lies in between
 * is a neighbour's, and of a log without an upper bound what comes after the day a later day's. There, the last second of a page
 * is left to the next page, which has it whole.
 */
export function shownOfDay(
  { records, bounded, place }: PageRead,
  day: { readonly since: number; readonly until: number },
  asked: { readonly from: number; readonly to: number },
): ShownOfDay {
  // What stands behind the last one that is dated in between may be a later day's, whatever its time says.
  const end = bounded ? records.length : 1 + records.findLastIndex(({ time }) => isBelieved(time, asked));
  const held = bounded ? Number.POSITIVE_INFINITY : (place ?? Number.POSITIVE_INFINITY);
  const own = records.filter(
    ({ time }) => time !== null && time >= day.since && time < day.until && time < held,
  );
  const astray = records.slice(0, end).filter(({ time }) => !isBelieved(time, asked));
  return { own, astray: bounded ? astray : astray.filter(({ time }) => time === null || time < asked.from) };
}

/**
 * Compares what a page shows with what is stored: of a record that is n times on the page and m times stored, n − m are missing,
 * or m − n doubled. Where `mutable`, each text is a record of its own; elsewhere one whose name is stored under a text that the
 * page does not show has changed, and is not missing.
 */
export function siftDay({ own, astray }: ShownOfDay, tally: Tally, mutable: boolean): SiftedDay {
  const copies = new Map<string, number>();
  const marks = [...own, ...astray].map((record, n): Mark => {
    const id = identity(record.text);
    const copy = (copies.get(id) ?? 0) + 1;
    copies.set(id, copy);
    const isMet = copy <= tally.met(id);
    const isStored = copy <= tally.stored(id);
    if (isStored && !isMet && record.name !== null) tally.take(record.name);
    return { record, id, isOwn: n < own.length, isNew: !isStored && !isMet };
  });
  const fresh = marks.filter(({ isNew }) => isNew);
  const changed = mutable || fresh.length === 0 ? new Set<LogRecord>() : changedOf(marks, tally);
  const left = fresh.filter(({ record }) => !changed.has(record));
  let shown = 0;
  let doubled = 0;
  for (const { id, isOwn } of marks) {
    const copy = copies.get(id) ?? 0;
    const before = tally.met(id);
    if (copy <= before) continue;
    tally.meet(id, copy);
    if (!isOwn) continue;
    const more = (most: number) => Math.max(0, tally.stored(id) - most);
    shown += copy - before;
    doubled += more(copy) - (before > 0 ? more(before) : 0);
  }
  return {
    missing: left.flatMap(({ isOwn, record }) => (isOwn ? [record] : [])),
    astray: left.flatMap(({ isOwn, record }) => (isOwn ? [] : [record])),
    changed: [...changed],
    shown,
    doubled,
  };
}

/** A record of a page, and how it stands. */
interface Mark {
  readonly record: LogRecord;
  readonly id: string;
  readonly isOwn: boolean;
  /** Neither stored nor met on an earlier page of the pass. */
  readonly isNew: boolean;
}

/** Of the new ones, as many of a name as it is stored under texts that Duo has not shown so far. */
function changedOf(marks: readonly Mark[], tally: Tally): ReadonlySet<LogRecord> {
  const changed = marks.filter(({ record: { name }, isOwn, isNew }) => {
    const is = isOwn && isNew && name !== null && tally.named(name) > 0;
    if (is) tally.take(name);
    return is;
  });
  return new Set(changed.map(({ record }) => record));
}

/** What a page may share with the next one, which begins at its `place`: how often each was met on it. */
export function edgeOf({ records, place }: PageRead, tally: Tally): Record<string, number> {
  const from = (place ?? Number.NEGATIVE_INFINITY) - boundsTolerance;
  const ids = records.filter(({ time }) => time === null || time >= from).map(({ text }) => identity(text));
  return Object.fromEntries(ids.map((id) => [id, tally.met(id)]).filter(([, copies]) => copies !== 0));
}
