import { longestLookback, publishingDelay } from 'duo-core';
import { UsageError } from '../../operator/usage-error';
import { momentText } from '../../operator/words';
import { type ClosedSpan, days, intersect, overlap, spanText, subtract } from '../../state/closed-span';
import { storedByScheduledRuns } from '../../state/gaps';
import type { SavedCheckpoints } from '../../state/saved-checkpoints';

/** What has to be read so that a span is stored, and what does not. */
export interface BackfillPlan {
  /** To be read one by one, each under a checkpoint of its own; `at` is where it goes on (ms). */
  readonly todo: readonly (ClosedSpan & { readonly at: number })[];
  /** What earlier backfills have stored of the span. */
  readonly done: readonly ClosedSpan[];
  /** What is left out because the scheduled runs store it. */
  readonly left: readonly ClosedSpan[];
  /** What the scheduled runs store as well. */
  readonly twice: readonly ClosedSpan[];
}

/** How a log may be read. */
interface PlanRules {
  /** Read what the scheduled runs store as well. */
  readonly again: boolean;
  /** Whether days can be read without one another. */
  readonly divisible: boolean;
  readonly now: number;
}

/**
 * Plans a backfill around all that is stored already. What was begun goes on under its own checkpoint, so whatever spans were
 * asked for before, no record is stored twice. Throws a `UsageError` for a span that cannot be read, or not now.
 */
export function planBackfill(
  span: ClosedSpan,
  { live, backfills }: SavedCheckpoints,
  { again, divisible, now }: PlanRules,
): BackfillPlan {
  const known = backfills.filter((one) => overlap(one, span));
  const begun = known.filter(({ watermark, until }) => watermark < until);
  const other = begun.find(({ since, until }) => since < span.since || until > span.until);
  if (other !== undefined) {
    throw new UsageError(
      `A backfill of ${spanText(other)} overlaps this one and is not finished. Finish it first: --from ${momentText(other.since)} --to ${momentText(other.until)}.`,
    );
  }
  const scheduled = live === null ? [] : storedByScheduledRuns(live);
  const open = subtract([span], known);
  const fresh = (again ? open : subtract(open, scheduled)).flatMap((one) => (divisible ? days(one) : [one]));
  const todo = [
    ...begun.map(({ since, until, watermark }) => ({ since, until, at: watermark })),
    ...fresh.map((one) => ({ ...one, at: one.since })),
  ].sort((one, next) => one.since - next.since);
  refuseUnreadable(fresh, todo, now);
  return {
    todo,
    done: intersect([span], subtract(known, begun)),
    left: again ? [] : intersect(open, scheduled),
    twice: intersect(
      todo.map(({ at, until }) => ({ since: at, until })),
      scheduled,
    ),
  };
}

function refuseUnreadable(fresh: readonly ClosedSpan[], todo: readonly ClosedSpan[], now: number): void {
  const oldest = now - longestLookback;
  // What has begun is not refused: it goes on where it stopped.
  if (fresh.some(({ since }) => since < oldest)) {
    throw new UsageError(
      `Duo keeps records for 180 days and refuses to be asked for more than 179: --from ${momentText(Math.ceil(oldest / 60_000 + 10) * 60_000)} or later. What is older is gone.`,
    );
  }
  const newest = now - publishingDelay;
  if (todo.some(({ until }) => until > newest)) {
    throw new UsageError(
      `Duo withholds what is newer than two minutes: --to ${momentText(Math.floor(newest / 60_000) * 60_000)} or earlier. The scheduled runs collect what is newer.`,
    );
  }
}
