import { type Checkpoint, checkpointKey, type LogType, loadCheckpoint, pagingStyles } from 'duo-core';
import type { ClosedSpan } from '../../state/closed-span';
import { gapsLeft, savedCheckpoints } from '../../state/saved-checkpoints';
import type { LastDay } from '../../store/last-day';
import type { Target } from '../../store/target';

/** How far a log is, as its checkpoint and its objects say; times in ms. */
export interface LogStatus {
  readonly logType: string;
  /** Null where there is no stage. */
  readonly deployed: boolean | null;
  /** When a run has last saved what it had come to. */
  readonly savedAt: number | null;
  /** Null if there is none, or if `problem` says why it cannot be used. */
  readonly checkpoint: Checkpoint | null;
  /** What the scheduled runs have not collected, and no finished backfill has either. */
  readonly gaps: readonly ClosedSpan[];
  /** How much of the open window is read, from 0 to 1; null without one, and where a log promises no order. */
  readonly progress: number | null;
  /** Null if `problem` says why they cannot be read. */
  readonly lastDay: LastDay | null;
  readonly problem: string | null;
}

/** How the last run that saved has left a log. A run that fails before it saves leaves no trace in the store. */
type Left = 'caught-up' | 'more' | 'cut-off';

/** Null before the first run. `cut-off`: it ended before the object that it had decided on was surely stored. */
export function leftBy(checkpoint: Checkpoint | null): Left | null {
  if (checkpoint === null) return null;
  if (checkpoint.window !== null) return 'more';
  return checkpoint.outbox === null ? 'caught-up' : 'cut-off';
}

/** Looks at one log. What cannot be read is told as its problem, so that the other logs are shown all the same. */
export async function statusOfLog(
  logType: LogType,
  target: Pick<Target, 'store' | 'objects'>,
  known: Pick<LogStatus, 'deployed' | 'savedAt'>,
  lastDay: () => Promise<LastDay>,
): Promise<LogStatus> {
  const { name, paging } = logType;
  const problems: string[] = [];
  const attempt = <T>(work: Promise<T>) =>
    work.catch((error: unknown) => {
      problems.push(error instanceof Error ? error.message : String(error));
      return null;
    });
  const checkpoint =
    (await attempt(loadCheckpoint(target.store, checkpointKey(name, null), name)))?.checkpoint ?? null;
  return {
    logType: name,
    ...known,
    checkpoint,
    // Only a log with gaps is looked at more closely: a long backfill has a checkpoint for each day.
    gaps: checkpoint?.gaps.length
      ? ((await attempt(savedCheckpoints(target, logType).then(gapsLeft))) ?? [])
      : [],
    progress: pagingStyles[paging.style].sorted ? progressOf(checkpoint) : null,
    lastDay: await attempt(lastDay()),
    problem: problems.length === 0 ? null : problems.join(' '),
  };
}

/** The watermark moves with every page. */
function progressOf(checkpoint: Checkpoint | null): number | null {
  if (checkpoint === null || checkpoint.window === null) return null;
  const { from, to } = checkpoint.window;
  return Math.max(0, Math.min(1, (checkpoint.watermark - from) / (to - from)));
}
