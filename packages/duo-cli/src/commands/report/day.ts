import { type Checkpoint, type Receipt, retention, spanOfDay, standingOf, utcDay } from 'duo-core';
import { momentText } from '../../operator/words';
import type { DayJson } from './json';

/** What is known of a day of a log before anything is said about it. Times in ms. */
export interface KnownOfDay {
  readonly day: string;
  /** Those that can be read, as they were written. */
  readonly receipts: readonly Receipt[];
  /** Whether the last one can be read, if there is one. */
  readonly isReadable: boolean;
  /** Null if there is none; undefined if it cannot be read. */
  readonly live: Checkpoint | null | undefined;
  /** What lies in its folder. */
  readonly objects: number;
  readonly bytes: number;
}

/**
 * What is to be said of a day (`now` in ms), given the moment up to which the live log stores nothing more; null where nothing is
 * known of it. Only a receipt makes it complete.
 */
export function sayOfDay(known: KnownOfDay, settled: number, now: number): DayJson | null {
  const { day, receipts, isReadable, live, objects, bytes } = known;
  const stored = objects === 0 ? {} : { objects, bytes };
  const late = receipts
    .filter(({ repaired }) => repaired > 0)
    .map(({ at, repaired }) => ({ at: momentText(at), records: repaired }));
  const entered = live?.ledger[day] ?? (live && isEntered(day, live, now) ? 0 : undefined);
  const counted = { records: entered ?? null, by: entered === undefined ? null : ('ledger' as const) };
  const seen = { ...(late.length > 0 && { late }), ...stored };
  const last = receipts.at(-1);
  if (!isReadable) return { day, state: 'unknown', ...counted, ...seen };
  if (last !== undefined) {
    return {
      day,
      state: stateBy(last, late.length > 0),
      records: last.stored,
      by: 'receipt',
      compared: momentText(last.at),
      shown: last.shown,
      ...(last.changed > 0 && { changed: last.changed }),
      ...(last.doubled > 0 && { doubled: last.doubled }),
      ...(last.astray > 0 && { astray: last.astray }),
      ...(last.deleted > 0 && { deleted: last.deleted }),
      ...seen,
    };
  }
  if (live === undefined) return objects > 0 ? { day, state: 'unknown', ...counted, ...seen } : null;
  const { since, until } = spanOfDay(day);
  if (live?.gaps.some(([from, to]) => from < until && to > since))
    return { day, state: 'gap', why: whyNot(day, live, settled, now), ...counted, ...seen };
  const hasBegun = live !== null && until > live.since && since <= now;
  if (!hasBegun && objects === 0) return null;
  return { day, state: 'waiting', why: whyNot(day, live, settled, now), ...counted, ...seen };
}

/** Whether the ledger would say so if a record of the day were stored: the log has come to it, and it is not too old. */
function isEntered(day: string, { since, watermark }: Checkpoint, now: number): boolean {
  const span = spanOfDay(day);
  return span.until > since && span.since <= watermark && day >= utcDay(now - retention);
}

function stateBy({ deleted, doubled, astray, changed, shown, stored }: Receipt, isRepaired: boolean) {
  if (deleted > 0) return 'deleted';
  if (doubled + astray + changed > 0) return 'differs';
  if (shown + stored === 0) return 'empty';
  return isRepaired ? 'repaired' : 'complete';
}

/** The day in which a log begins is reconciled only when somebody asks; see `dueDays`. */
function whyNot(day: string, live: Checkpoint | null, settled: number, now: number) {
  const standing = standingOf(day, settled, now);
  if (standing !== 'closed') return standing;
  const isAfterBeginning = live !== null && spanOfDay(day).since >= live.since;
  const isInGap =
    live?.gaps.some(([from, to]) => from < spanOfDay(day).until && to > spanOfDay(day).since) === true;
  return isAfterBeginning || isInGap ? 'closed' : 'beginning';
}
