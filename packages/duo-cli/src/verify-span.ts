import { boundsTolerance, longestLookback } from 'duo-core';
import { storedByScheduledRuns } from './backfill-plan';
import { type ClosedSpan, overlap, spanText, subtract } from './closed-span';
import { momentText } from './moment';
import type { SavedCheckpoints } from './saved-checkpoints';
import { UsageError } from './usage-error';

/**
 * What of a span can be verified: up to where the collector reaches back no more, since what is later may be stored while it
 * is compared. Throws a `UsageError` for a span that Duo no longer has, or that was not collected, or not yet to its end.
 */
export function verifiableSpan(
  { since, until }: { readonly since: number; readonly until: number | undefined },
  { live, backfills }: SavedCheckpoints,
  now: number,
): ClosedSpan {
  const oldest = now - longestLookback;
  if (since < oldest) {
    throw new UsageError(
      `Duo keeps records for 180 days and refuses to be asked for more than 179: --from ${momentText(Math.ceil(oldest / 60_000 + 10) * 60_000)} or later.`,
    );
  }
  if (until !== undefined && until <= since) throw new UsageError('--to must be later than --from.');
  const done = backfills.filter((one) => one.watermark >= one.until && one.outbox === null);
  // No window begins before `reach`, so nothing before it is stored any more but what the outbox holds.
  const newest = live === null ? Math.max(0, ...done.map((one) => one.until)) : live.reach - boundsTolerance;
  const span = { since, until: Math.min(until ?? newest, newest) };
  if (newest === 0) throw new UsageError('Nothing of this log was collected into this store yet.');
  if (span.until <= since) {
    throw new UsageError(
      `What is later than ${momentText(newest)} may still be stored by the next runs, which look for late records back to there: give an earlier --from.`,
    );
  }
  const open = backfills.find((one) => !done.includes(one) && overlap(one, span));
  if (open !== undefined) {
    throw new UsageError(
      `A backfill of ${spanText(open)} is not finished. Finish it with npx pnpm duo backfill, or verify a span without it.`,
    );
  }
  const collected = live === null ? done : [...done, ...storedByScheduledRuns(live)];
  const never = subtract([span], collected);
  if (never.length > 0) {
    throw new UsageError(
      `${spanText(...never)} was never collected: npx pnpm duo backfill collects it. Verify the rest, or all of it after that.`,
    );
  }
  return span;
}
