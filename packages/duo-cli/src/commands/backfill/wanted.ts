import { changeWanted, type LogType, lastReceipt, type Receipt } from 'duo-core';
import { command } from '../../operator/command';
import { daysText } from '../../operator/day-span';
import { plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { functionName } from '../../stage/names';
import { scheduleOf } from '../../stage/schedule';
import { backfillCommand } from '../../state/backfill-command';
import { refuseUnknown } from '../../state/one-account';
import { logOf, type Target } from '../../store/target';
import { watchFunction } from './watch';

/** What the function of a stage is asked for; `open` are those of the days that are not closed yet. */
interface Asked {
  readonly logType: LogType;
  readonly stage: string;
  readonly days: readonly string[];
  readonly open: readonly string[];
  readonly again: boolean;
  readonly detach: boolean;
}

/**
 * Puts the days down for the function `reconcile`, and watches until it has done those that are closed. Resolves to their
 * receipts, or to null where nobody watches. Throws if the stage has no such function.
 */
export async function askFunction(
  { logType, stage, days, open, again, detach }: Asked,
  target: Target,
  world: World,
  say: (text: string) => void,
): Promise<Receipt[] | null> {
  const { name } = logType;
  const schedule = await scheduleOf(logOf(target, name), stage, 'reconcile', target.env);
  if (schedule === null) {
    const [first = '', last = first] = [days[0], days.at(-1)];
    throw new Error(
      `The stage ${stage} does not reconcile ${name}: the setting reconcile is off, or an earlier version is deployed. Without the function: ${backfillCommand(name, target, { first, last }, again ? '--local --again' : '--local')}`,
    );
  }
  if (target.account !== undefined) await refuseUnknown(target, stage, target.account);
  const at = world.clock.now();
  await changeWanted(
    target.store,
    logOf(target, name),
    (wanted) => ({
      ...wanted,
      ...Object.fromEntries(days.map((day) => [day, { at, again: again || wanted[day]?.again === true }])),
    }),
    { clock: world.clock, random: Math.random },
  );
  const log = `${command} logs ${name} --stage ${stage}${target.account === undefined ? '' : ` --account ${target.account}`} --since 1h`;
  say(
    `${plural(days.length, 'day')} requested from ${functionName(name, stage, 'reconcile')} (${schedule.expression}): ${daysText(days)}.\nTo see what its runs say: ${log}\n`,
  );
  const closed = days.filter((day) => !open.includes(day));
  if (detach || closed.length === 0) return null;
  say('The function goes on without this command: Ctrl-C only stops watching.\n');
  await watchFunction(logType, closed, at, target, world);
  const receipts = await Promise.all(
    closed.map((day) => lastReceipt(target.store, logOf(target, name), day)),
  );
  return receipts.flatMap((receipt) => (receipt !== null && receipt.at >= at ? [receipt] : []));
}
