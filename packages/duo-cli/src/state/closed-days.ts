import {
  type Checkpoint,
  dayLength,
  defaultLookback,
  defaultOverlap,
  type LogType,
  loadCheckpoint,
  longestLookback,
  midnightOf,
  settledUpTo,
  standingOf,
  utcDay,
} from 'duo-core';
import { UsageError } from '../operator/usage-error';
import { momentText } from '../operator/words';
import { logOf, type Target } from '../store/target';

/** Which days of a log can be reconciled, by its checkpoint at one moment. Times in ms. */
export interface ClosedDays {
  readonly live: Checkpoint | null;
  readonly now: number;
  /** The moment up to which the live log stores nothing more. */
  readonly settled: number;
  /** The last day that is closed. */
  readonly last: string;
  /** Throws a `UsageError` for a day that is still to come, and for one that Duo no longer has the whole of. */
  refuseImpossible(days: readonly string[]): void;
  /** The days that are not closed yet. */
  open(days: readonly string[]): readonly string[];
  /** Why a day is not closed, and when it will be. */
  whenClosed(day: string): string;
}

/** Looks at a log's checkpoint. Throws a `CheckpointError` if it cannot be understood. */
export async function closedDays(
  target: Pick<Target, 'store' | 'account'>,
  logType: LogType,
  now: number,
): Promise<ClosedDays> {
  const { name } = logType;
  const { store } = target;
  const live = (await loadCheckpoint(store, logOf(target, name)))?.state ?? null;
  const settled = settledUpTo(live, defaultLookback, now);
  return {
    live,
    now,
    settled,
    last: utcDay(midnightOf(utcDay(settled)) - 1),
    refuseImpossible(days) {
      const future = days.find((day) => midnightOf(day) > now);
      if (future !== undefined)
        throw new UsageError(
          `${future} is in the future: it is ${momentText(now)} now. Give an earlier --to.`,
        );
      if (!days.some((day) => standingOf(day, settled, now) === 'past')) return;
      const first = utcDay(now - longestLookback + dayLength);
      throw new UsageError(
        `Duo keeps records for 180 days, and refuses requests for more than 179: give --from ${first} or later. Earlier records cannot be compared or stored.`,
      );
    },
    open: (days) => days.filter((day) => standingOf(day, settled, now) === 'open'),
    whenClosed(day) {
      const until = midnightOf(day) + dayLength;
      if (live === null)
        return `${day} is not closed: the log has no checkpoint in ${store.url} yet, and its first run reads that day.`;
      const upTo = until + Math.max(defaultOverlap, (logType.overlapSeconds ?? 0) * 1000) + 3_000;
      return `${day} is not closed: the log still stores records of it, until it is collected up to ${momentText(upTo)}. It is collected up to ${momentText(live.watermark)}.`;
    },
  };
}
