import { type Checkpoint, dayLength, type LogType, midnightOf, utcDay } from 'duo-core';
import type { Moment } from '../../operator/arguments';
import { command } from '../../operator/command';
import { type DaySpan, daySpan, daysOf } from '../../operator/day-span';
import { UsageError } from '../../operator/usage-error';
import { closedDays } from '../../state/closed-days';
import { goneCheckpoint } from '../../state/gone-checkpoint';
import { requireObjects } from '../../state/require-objects';
import type { Target } from '../../store/target';

/** The days to look at, and up to when (ms) of the last one, if it is not closed. */
export interface VerifyPlan {
  readonly span: DaySpan;
  readonly days: readonly string[];
  readonly openDay: string | null;
  readonly settled: number;
  /** Where the log begins, in ms: it has not collected what is before. */
  readonly since: number;
}

/**
 * The days of a span that can be verified: by default the last seven of those that the log has collected, with `repair` only closed ones. Throws a `UsageError` for
 * days that cannot be looked at, and for a store into which nothing was collected.
 */
export async function planVerify(
  logType: LogType,
  { from, to }: { readonly from: Moment | undefined; readonly to: Moment | undefined },
  repair: boolean,
  target: Pick<Target, 'store' | 'account'>,
  now: number,
): Promise<VerifyPlan> {
  const closed = await closedDays(target, logType, now);
  const { live, settled } = closed;
  if (live === null) {
    await requireObjects(target, logType);
    throw new Error(
      `${await goneCheckpoint(logType, target)} Until then nobody can say how far the log is collected. Where no run comes: ${command} checkpoint reset ${logType.name}`,
    );
  }
  const newest = repair ? closed.last : utcDay(settled - 1);
  const span = daySpan(from ?? { at: firstOfWeek(to, newest, live), isDay: true }, to, newest);
  const days = daysOf(span);
  closed.refuseImpossible(days);
  const [open, ...later] = closed.open(days);
  if (open !== undefined && repair)
    throw new UsageError(`${closed.whenClosed(open)} Leave out --repair, or give an earlier --to.`);
  const unsettled = [open, ...later].find((day) => day !== undefined && midnightOf(day) >= settled);
  if (unsettled !== undefined) throw new UsageError(`${closed.whenClosed(unsettled)} Give an earlier --to.`);
  return { span, days, openDay: open ?? null, settled, since: live?.since ?? 0 };
}

/** Six days before the last one (ms), but no day before the first whole one that the log itself has collected, if there is one. */
function firstOfWeek(to: Moment | undefined, newest: string, live: Checkpoint | null): number {
  const last = to === undefined ? midnightOf(newest) : midnightOf(utcDay(to.at - (to.isDay ? 0 : 1)));
  const begun = Math.ceil((live?.since ?? 0) / dayLength) * dayLength;
  return Math.max(last - 6 * dayLength, Math.min(begun, last));
}
