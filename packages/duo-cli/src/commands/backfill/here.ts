import { dayLength, type LogType, lastReceipt, type Receipt } from 'duo-core';
import { saidBy } from '../../operator/command';
import type { World } from '../../operator/world';
import { daysInTurn } from '../../progress/days-in-turn';
import { lookOn } from '../../progress/look-on';
import { localReconciliation, passToTheEnd } from '../../state/reconciliation';
import { logOf, type Target } from '../../store/target';

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
  const receipts: Receipt[] = [];
  const earlier: Receipt[] = [];
  const looked = lookOn(
    world,
    daysInTurn(days, () => receipts.length + earlier.length),
  );
  const { progress, show } = looked;
  const context = localReconciliation(logType, target, world, looked);
  try {
    for (const day of days) {
      show();
      const last = again ? null : await lastReceipt(target.store, logOf(target, logType.name), day);
      if (last !== null && last.at >= due) earlier.push(last);
      else receipts.push(await passToTheEnd(context, { day, due, again, dry: false }, progress.say));
    }
    show();
    return { receipts, earlier };
  } catch (error) {
    const what = saidBy(error);
    if (context.report.pages === 0 && earlier.length === 0) throw error;
    throw new Error(
      `${/[.?]$/.test(what) ? what : `${what}.`} Nothing is lost or stored twice: give the same command again to go on from here.`,
      { cause: error },
    );
  } finally {
    progress.end();
  }
}
