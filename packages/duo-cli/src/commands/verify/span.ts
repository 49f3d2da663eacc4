import { boundsTolerance, longestLookback } from 'duo-core';
import { UsageError } from '../../operator/usage-error';
import { momentText } from '../../operator/words';
import { type ClosedSpan, overlap, spanText, subtract } from '../../state/closed-span';
import { storedByScheduledRuns } from '../../state/gaps';
import { isPrepared } from '../../state/prepared-backfill';
import { isFinished, type SavedCheckpoints } from '../../state/saved-checkpoints';
import type { RecordMark } from '../../store/record-mark';

/** What of a span can be verified. */
interface VerifiableSpan extends ClosedSpan {
  /** Whether the collector no longer stores this copy of a record (1 is the first), so that it is missing if it is not there. */
  isDecided(mark: RecordMark, copy: number): boolean;
}

/**
 * What of a span was collected. The collector still looks for late records at its end: of what is not stored there, what it
 * has seen is missing, and the rest is left to the next run. Throws a `UsageError` for a span that Duo no longer has, or
 * that was not collected, with the command that `backfill` says to paste.
 */
export function verifiableSpan(
  { since, until }: { readonly since: number; readonly until: number | undefined },
  { live, backfills }: SavedCheckpoints,
  now: number,
  backfill: (span: ClosedSpan) => string,
): VerifiableSpan {
  const oldest = now - longestLookback;
  if (since < oldest) {
    throw new UsageError(
      `Duo keeps records for 180 days and refuses to be asked for more than 179: --from ${momentText(Math.ceil(oldest / 60_000 + 10) * 60_000)} or later.`,
    );
  }
  if (until !== undefined && until <= since) {
    throw new UsageError(`--to ${momentText(until)} is not after --from: swap them?`);
  }
  const done = backfills.filter(isFinished);
  const newest = live?.watermark ?? Math.max(0, ...done.map((one) => one.until));
  if (newest === 0)
    throw new UsageError(
      'Nothing of this log was collected into this store yet. Is it the right one (status shows what it has)?',
    );
  const span = { since, until: Math.min(until ?? newest, newest) };
  if (span.until <= since) {
    throw new UsageError(`This log is collected up to ${momentText(newest)}: give an earlier --from.`);
  }
  const open = backfills.find((one) => !done.includes(one) && !isPrepared(one) && overlap(one, span));
  if (open !== undefined) {
    throw new UsageError(
      `A backfill of ${spanText(open)} is not finished. Finish it, or verify a span without it:\n${backfill(open)}`,
    );
  }
  const collected = live === null ? done : [...done, ...storedByScheduledRuns(live)];
  const never = subtract([span], collected);
  if (never.length > 0) {
    throw new UsageError(
      `${spanText(...never)} was never collected. Verify the rest, or all of it after this:\n${never.map(backfill).join('\n')}`,
    );
  }
  // No window begins before `reach`, and from there on `seen` holds all that was decided on.
  const settled = live === null ? span.until : live.reach - boundsTolerance;
  return {
    ...span,
    isDecided: ({ identity, time }, copy) =>
      (time ?? span.until - 1) < settled || copy <= (live?.seen[identity]?.[1] ?? 0),
  };
}
