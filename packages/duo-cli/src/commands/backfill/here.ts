import { dayLength, type LogType, type Receipt } from 'duo-core';
import { startProgress } from '../../operator/progress';
import { plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { localReconciliation, passToTheEnd } from '../../state/reconciliation';
import type { Target } from '../../store/target';

/**
 * Reconciles the days in this process, the oldest first, because Duo deletes the oldest first. A pass that was broken off less
 * than a day ago is gone on with, unless all is to be stored `again`.
 */
export async function passHere(
  logType: LogType,
  days: readonly string[],
  again: boolean,
  target: Target,
  world: World,
): Promise<Receipt[]> {
  const started = world.clock.now();
  const due = again ? started : started - dayLength;
  const progress = startProgress(world);
  const receipts: Receipt[] = [];
  const tell = () => {
    const { repaired } = context.report;
    progress.show(
      receipts.length / days.length,
      `${receipts.length} of ${plural(days.length, 'day')}, ${plural(repaired, 'new record')}`,
    );
  };
  const context = localReconciliation(logType, target, world, progress.say, tell);
  try {
    for (const day of days) {
      receipts.push(await passToTheEnd(context, { day, due, again, dry: false }, progress.say));
      tell();
    }
    return receipts;
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${/[.?]$/.test(what) ? what : `${what}.`} Nothing is lost or stored twice: the same command goes on from here.`,
      { cause: error },
    );
  } finally {
    progress.end();
  }
}
