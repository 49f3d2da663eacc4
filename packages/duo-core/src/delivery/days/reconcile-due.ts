import { logOf } from '../../account-log';
import { BadRequestError, CheckpointError, StoreError, UnexpectedResponseError } from '../../errors';
import { loadCheckpoint } from '../checkpoint-store';
import { settledUpTo, standingOf } from './day';
import { type DueDay, dueDays } from './due';
import type { Reconciliation } from './pass';
import { type PassOutcome, reconcile } from './reconcile';
import { changeWanted, loadWanted, type Wanted } from './wanted';

/** How a run ended. `caught-up`: nothing is due any more. `more`: time or pages were used up. `throttled`: Duo asked to wait. */
export type ReconcileOutcome = 'caught-up' | 'more' | 'throttled';

/**
 * Reconciles the days of a log that are due, oldest first, until none is, or time is up, or Duo asks to wait. A day that cannot
 * be reconciled stops no other one: its error is thrown at the end. `onDay` is told of each.
 */
export async function reconcileDue(
  reconciliation: Reconciliation,
  onDay: (day: DueDay, outcome: PassOutcome) => void = () => {},
): Promise<ReconcileOutcome> {
  const { store, clock, lookback, report } = reconciliation;
  const of = logOf(reconciliation);
  const live = (await loadCheckpoint(store, of))?.state ?? null;
  const wanted = await loadWanted(store, of);
  const now = clock.now();
  const past = Object.keys(wanted).filter(
    (day) => standingOf(day, settledUpTo(live, lookback, now), now) === 'past',
  );
  if (past.length > 0) await forget(past, reconciliation);
  const days = await dueDays(store, of, live, wanted, lookback, now);
  report.unreconciled = days.length;
  const problems: unknown[] = [];
  let outcome: ReconcileOutcome = 'caught-up';
  for (const day of days) {
    try {
      const pass = await reconcile(reconciliation, { ...day, dry: false });
      onDay(day, pass);
      if (pass.kind === 'more' || pass.kind === 'throttled') {
        outcome = pass.kind;
        break;
      }
      if (pass.kind !== 'done') {
        // Another pass is ahead, or Duo has yet to show all: a later run looks again.
        outcome = 'more';
        continue;
      }
      report.unreconciled -= 1;
      if (day.wanted !== null) await fulfil(day.day, day.wanted, reconciliation);
    } catch (error) {
      if (!isOfDay(error)) throw error;
      problems.push(error);
    }
  }
  const [problem, ...others] = problems;
  for (const other of others) reconciliation.log.error(String(other));
  if (problem !== undefined) throw problem;
  return outcome;
}

/** Whether an error may be of one day alone: an account may keep less than others. What Duo refuses for good, it refuses for all. */
function isOfDay(error: unknown): boolean {
  return (
    error instanceof CheckpointError ||
    error instanceof StoreError ||
    error instanceof BadRequestError ||
    error instanceof UnexpectedResponseError
  );
}

/** Takes a day out of those that are wanted, unless something else was put down for it meanwhile. */
function fulfil(day: string, done: Wanted[string], context: Reconciliation): Promise<void> {
  return change(context, (one, { at, again }) => one !== day || at !== done.at || again !== done.again);
}

/** Takes out what Duo no longer has. */
async function forget(days: readonly string[], context: Reconciliation): Promise<void> {
  context.log.error(`Duo no longer has all of ${days.join(', ')}: these days can no longer be reconciled`);
  await change(context, (day) => !days.includes(day));
}

function change(
  context: Reconciliation,
  isKept: (day: string, entry: Wanted[string]) => boolean,
): Promise<void> {
  return changeWanted(
    context.store,
    logOf(context),
    (wanted) => Object.fromEntries(Object.entries(wanted).filter(([day, entry]) => isKept(day, entry))),
    context,
  );
}
