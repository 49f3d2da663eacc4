import {
  type Checkpoint,
  defaultLookback,
  dueDays,
  type LogType,
  loadCheckpoint,
  loadWanted,
  longestLookback,
  pagingStyles,
  type Store,
  utcDay,
} from 'duo-core';
import { saidBy } from '../../operator/command';
import { isByOperator } from '../../state/by-operator';
import { goneCheckpoint } from '../../state/gone-checkpoint';
import { lastOfEach, listReceipts, openGaps } from '../../state/receipts';
import { countedToday, type LastDay } from '../../store/last-day';
import { logOf, type Target } from '../../store/target';

/** How far a log is, as its checkpoint and its objects say; times in ms. */
export interface LogStatus {
  readonly logType: string;
  /** Null where there is no stage. */
  readonly deployed: boolean | null;
  /** When a run has last saved what it had come to. */
  readonly savedAt: number | null;
  /** Null if there is none, or if `problem` says why it cannot be used. */
  readonly checkpoint: Checkpoint | null;
  /** Null if `problem` says why it cannot be known. */
  readonly days: DaysStatus | null;
  /** How much of the open window is read, from 0 to 1; null without one, and where a log promises no order. */
  readonly progress: number | null;
  /** Null if `problem` says why they cannot be read. */
  readonly lastDay: LastDay | null;
  readonly problem: string | null;
}

/** How far the days of a log were compared with Duo. */
export interface DaysStatus {
  /** The last day that has a receipt. */
  readonly compared: string | null;
  /** How many are to be compared now. */
  readonly due: number | null;
  /** What the scheduled runs have left out (ms) and of which some day has no receipt. */
  readonly gaps: readonly (readonly [from: number, to: number])[];
}

/** How the last run that saved has left a log. A run that fails before it saves leaves no trace in the store. */
type Left = 'caught-up' | 'more' | 'cut-off';

/** Null before the first run, and where an operator has saved it last. `cut-off`: it ended before the object that it had decided on was surely stored. */
export function leftBy(checkpoint: Checkpoint | null): Left | null {
  if (checkpoint === null || isByOperator(checkpoint)) return null;
  if (checkpoint.window !== null) return 'more';
  return checkpoint.outbox === null ? 'caught-up' : 'cut-off';
}

/** Looks at one log. What cannot be read is told as its problem, so that the other logs are shown all the same. */
export async function statusOfLog(
  logType: LogType,
  target: Pick<Target, 'store' | 'account'>,
  known: Pick<LogStatus, 'deployed' | 'savedAt'>,
  now: number,
  lastDay: (counted: number) => Promise<LastDay>,
): Promise<LogStatus> {
  const { name, paging } = logType;
  const { store } = target;
  const problems: string[] = [];
  const attempt = <T>(work: Promise<T>) =>
    work.catch((error: unknown) => {
      problems.push(saidBy(error));
      return null;
    });
  const checkpoint = (await attempt(loadCheckpoint(store, logOf(target, name))))?.state ?? null;
  if (checkpoint === null && problems.length === 0)
    problems.push(
      ...[await attempt(goneCheckpoint(logType, target))].filter((one) => typeof one === 'string'),
    );
  return {
    logType: name,
    ...known,
    checkpoint,
    days: checkpoint && (await attempt(daysOfLog(store, checkpoint, now))),
    progress: pagingStyles[paging.style].sorted ? progressOf(checkpoint) : null,
    lastDay: await attempt(lastDay(countedToday(checkpoint, now))),
    problem: problems.length === 0 ? null : problems.join(' '),
  };
}

async function daysOfLog(store: Store, live: Checkpoint, now: number): Promise<DaysStatus> {
  const { gaps } = live;
  const span = { first: utcDay(now - longestLookback), last: utcDay(now) };
  const receipts = lastOfEach(await listReceipts(store, live, span));
  const wanted = await loadWanted(store, live);
  const due = await dueDays(store, live, live, wanted, defaultLookback, now);
  return {
    compared: [...receipts.keys()].at(-1) ?? null,
    due: due.length,
    gaps: openGaps(gaps, receipts),
  };
}

/** The watermark moves with every page. */
function progressOf(checkpoint: Checkpoint | null): number | null {
  if (checkpoint === null || checkpoint.window === null) return null;
  const { from, to } = checkpoint.window;
  return Math.max(0, Math.min(1, (checkpoint.watermark - from) / (to - from)));
}
