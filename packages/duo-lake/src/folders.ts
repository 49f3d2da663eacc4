import {
  type AccountLog,
  dayFolder,
  dayLength,
  dayOfFolder,
  isAccountName,
  logFolder,
  midnightOf,
  readObjectName,
  type Store,
  utcDay,
} from 'duo-core';
import type { Folder } from './turn';

/** How many days' folders are looked at each hour, counted from now. */
const recentDays = 10;

/**
 * The folders that are looked at in the hour of `now` (ms): those of the last ten days, whether or not anything is listed in them,
 * and of the earlier ones every twenty-fourth, so that each has its hour of a day. A listing says what there is, never the time at which
 * something was put.
 */
export async function* foldersOfHour(store: Store, logType: string, now: number): AsyncGenerator<Folder> {
  for await (const { log, first } of logsOf(store, logType)) {
    const recent = midnightOf(utcDay(now)) - (recentDays - 1) * dayLength;
    const hour = new Date(now).getUTCHours();
    for (let day = midnightOf(first); day < recent; day += dayLength)
      if ((day / dayLength) % 24 === hour) yield await folderOf(store, log, utcDay(day));
    yield* foldersSince(store, log, recent, now);
  }
}

/** A log of each account that has any object, and the day of its earliest folder. */
async function* logsOf(
  store: Store,
  logType: string,
): AsyncGenerator<{ readonly log: AccountLog; readonly first: string }> {
  const all = `logs/${logType}/`;
  let after: string | undefined;
  for (let key = await firstKey(store, all, after); key !== null; key = await firstKey(store, all, after)) {
    const [name = ''] = key.slice(all.length).split('/');
    const log: AccountLog = isAccountName(name) ? { logType, account: name } : { logType };
    const first = dayOfFolder(key);
    if (first !== null) yield { log, first };
    // Behind all that begins so: 0 is what comes after a slash, and a colon what comes after the digits.
    after = log.account === undefined && first !== null ? `${all}:` : `${all}${name}0`;
  }
}

async function firstKey(store: Store, prefix: string, after: string | undefined): Promise<string | null> {
  for await (const { key } of store.list(prefix, after)) return key;
  return null;
}

async function folderOf(store: Store, log: AccountLog, day: string): Promise<Folder> {
  const keys: string[] = [];
  for await (const { key } of store.list(`${dayFolder(log, midnightOf(day))}/`))
    if (readObjectName(key) !== null) keys.push(key);
  return { log, day, keys };
}

/** The folders from a day (ms) to that of `now` and beyond, one after the other, by one listing. */
async function* foldersSince(
  store: Store,
  log: AccountLog,
  since: number,
  now: number,
): AsyncGenerator<Folder> {
  const found = new Map<string, string[]>();
  for (let day = since; day <= now; day += dayLength) found.set(utcDay(day), []);
  for await (const { key } of store.list(logFolder(log), dayFolder(log, since))) {
    const day = dayOfFolder(key);
    if (day === null || readObjectName(key) === null) continue;
    // A record may be dated after now, by a clock that is ahead.
    const keys = found.get(day) ?? [];
    keys.push(key);
    found.set(day, keys);
  }
  for (const [day, keys] of [...found].sort(([one], [other]) => (one < other ? -1 : 1)))
    yield { log, day, keys };
}
