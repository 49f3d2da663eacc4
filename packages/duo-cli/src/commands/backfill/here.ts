import { dayLength, type LogType, lastReceipt, type Receipt } from 'duo-core';
import { interruptible } from '../../operator/interrupt';
import { startProgress } from '../../operator/progress';
import { plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { localReconciliation, passToTheEnd } from '../../state/reconciliation';
import type { Target } from '../../store/target';

/** The receipts of the passes, and those of days that were left as they are. */
export interface Passed {
  readonly receipts: readonly Receipt[];
  readonly earlier: readonly Receipt[];
}

/**
 * Reconciles the days in this process, the oldest first, because Duo deletes the oldest first. Unless all is to be stored
 * `again`, days that were compared less than a day ago are left as they are, and a pass that was broken off since is gone on with:
 * a long backfill that is interrupted does not begin anew.
 */
export async function passHere(
  logType: LogType,
  days: readonly string[],
  again: boolean,
  target: Target,
  world: World,
): Promise<Passed> {
  const started = world.clock.now();
  const due = again ? started : started - dayLength;
  const progress = startProgress(world);
  const stopIfInterrupted = interruptible(world, progress);
  const receipts: Receipt[] = [];
  const earlier: Receipt[] = [];
  const tell = () => {
    stopIfInterrupted();
    const { repaired } = context.report;
    progress.show(
      (receipts.length + earlier.length) / days.length,
      `${receipts.length + earlier.length} of ${plural(days.length, 'day')}, ${plural(repaired, 'new record')}`,
    );
  };
  const context = localReconciliation(logType, target, world, progress.say, tell);
  try {
    for (const day of days) {
      const last = again ? null : await lastReceipt(target.store, logType.name, day);
      if (last !== null && last.at >= due) earlier.push(last);
      else receipts.push(await passToTheEnd(context, { day, due, again, dry: false }, progress.say));
      tell();
    }
    return { receipts, earlier };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    if (context.report.pages === 0 && earlier.length === 0) throw error;
    throw new Error(
      `${/[.?]$/.test(what) ? what : `${what}.`} Nothing is lost or stored twice: the same command goes on from here.`,
      { cause: error },
    );
  } finally {
    progress.end();
  }
}
