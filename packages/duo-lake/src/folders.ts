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

/** A log that has any object, and the UTC day (`YYYY-MM-DD`) of its earliest folder. */
export interface Begun {
  readonly log: AccountLog;
  readonly first: string;
}

/** A log type's log of each account that has any object, in the order of their names. What others have put there is passed over. */
export async function* logsOf(store: Store, logType: string): AsyncGenerator<Begun> {
  const all = `logs/${logType}/`;
  let after: string | undefined;
  for (let found = await firstObject(store, all, after); found !== null; ) {
    const [name = ''] = found.key.slice(all.length).split('/');
    const isNamed = isAccountName(name);
    yield { log: isNamed ? { logType, account: name } : { logType }, first: found.day };
    // Behind all that begins so: 0 is what comes after a slash, and a colon what comes after the digits.
    after = isNamed ? `${all}${name}0` : `${all}:`;
    found = await firstObject(store, all, after);
  }
}

async function firstObject(store: Store, prefix: string, after: string | undefined) {
  for await (const { key } of store.list(prefix, after)) {
    const day = dayOf(key);
    if (day !== null) return { key, day };
  }
  return null;
}

/** The day of the folder that an object of a collector lies in; null for what others have put there. */
function dayOf(key: string): string | null {
  const day = dayOfFolder(key);
  return day === null || readObjectName(key) === null || Number.isNaN(midnightOf(day)) ? null : day;
}

/**
 * The folders of a log of the last ten days before `now` (ms), whether or not anything is listed in them, by one listing. A listing
 * says what there is, never the time at which something was put.
 */
export async function* recentFolders(store: Store, log: AccountLog, now: number): AsyncGenerator<Folder> {
  const since = recentFrom(now);
  const found = new Map<string, string[]>();
  for (let day = since; day <= now; day += dayLength) found.set(utcDay(day), []);
  for await (const { key } of store.list(logFolder(log), dayFolder(log, since))) {
    const day = dayOf(key);
    if (day === null || !isIn(key, log, day)) continue;
    // A record may be dated after now, by a clock that is ahead.
    const keys = found.get(day) ?? [];
    keys.push(key);
    found.set(day, keys);
  }
  for (const [day, keys] of [...found].sort(([one], [other]) => (one < other ? -1 : 1)))
    yield { log, day, keys };
}

/** Of the earlier folders of a log, every twenty-fourth, so that each has its hour of a day: those of the hour of `now` (ms). */
export async function* olderFolders(
  store: Store,
  { log, first }: Begun,
  now: number,
): AsyncGenerator<Folder> {
  const hour = new Date(now).getUTCHours();
  for (let day = midnightOf(first); day < recentFrom(now); day += dayLength)
    if ((day / dayLength) % 24 === hour) yield await folderOf(store, log, utcDay(day));
}

function recentFrom(now: number): number {
  return midnightOf(utcDay(now)) - (recentDays - 1) * dayLength;
}

async function folderOf(store: Store, log: AccountLog, day: string): Promise<Folder> {
  const keys: string[] = [];
  for await (const { key } of store.list(`${dayFolder(log, midnightOf(day))}/`))
    if (readObjectName(key) !== null && isIn(key, log, day)) keys.push(key);
  return { log, day, keys };
}

/** Whether a key is of that folder itself, and of none that somebody has made below it. */
function isIn(key: string, log: AccountLog, day: string): boolean {
  return key.slice(0, key.lastIndexOf('/')) === dayFolder(log, midnightOf(day));
}
