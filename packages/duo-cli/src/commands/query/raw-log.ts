import {
  type AccountLog,
  accountsFolder,
  atMost,
  dayFolder,
  dayLength,
  type ListedObject,
  type LogType,
  logFolder,
  midnightOf,
  type Near,
  nearTo,
  pagingStyles,
  retention,
  unlikely,
} from 'duo-core';
import type { DaySpan } from '../../operator/day-span';
import { namesIn } from '../../state/accounts';
import { logOf, type Target } from '../../store/target';

/** An object that may hold records of some days, and whose they are. */
export interface RawObject extends ListedObject, Near {
  readonly account: string | undefined;
}

/**
 * The objects of a log that may hold records of these days, as far as their names tell, by the rules of a pass: of the account that is
 * worked on, or of all that there are.
 */
export async function rawObjects(target: Target, logType: LogType, days: DaySpan): Promise<RawObject[]> {
  const logs = await logsOf(target, logType.name);
  const since = midnightOf(days.first);
  const span = { since, until: midnightOf(days.last) + dayLength };
  const { sorted } = pagingStyles[logType.paging.style];
  const found: RawObject[] = [];
  await atMost(listedAtOnce, logs, async (log) => {
    // No window is longer, and no object lies in a folder from before its window.
    const earliest = dayFolder(log, Math.max(0, since - retention));
    const near: RawObject[] = [];
    for await (const object of target.store.list(logFolder(log), earliest)) {
      const one = nearTo(object.key, span);
      if (one !== null) near.push({ ...object, ...one, account: log.account });
    }
    const left = sorted ? unlikely(near, days.first, days.last) : new Set();
    found.push(...near.filter((one) => !left.has(one)));
  });
  return found.sort((one, other) => (one.key < other.key ? -1 : 1));
}

const listedAtOnce = 16;

async function logsOf(target: Target, logType: string): Promise<AccountLog[]> {
  if (target.account !== undefined) return [logOf(target, logType)];
  const accounts = await namesIn(accountsFolder(logType), target.store);
  return accounts.length === 0 ? [{ logType }] : accounts.map((account) => ({ logType, account }));
}
