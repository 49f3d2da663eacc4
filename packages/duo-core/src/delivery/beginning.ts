import { type AccountLog, logFolder, receiptFolder, stateFolder } from '../account-log';
import { longestLookback, publishingDelay } from '../limits';
import { dayOfFolder } from '../store/object';
import type { Store } from '../store/store';
import { dayLength, midnightOf, utcDay } from '../utc-day';
import { type Checkpoint, firstCheckpoint } from './checkpoint';

/**
 * The checkpoint of a log that has none: it begins at the lookback, or where something is stored already, be it a receipt or the state of
 * a day, which may have decided on an object that is not put yet, now. The days from the first one on are then reconciled, and so is at
 * once what lies between the last one and now: nothing is stored twice. Times in ms.
 */
export async function beginning(
  store: Store,
  log: AccountLog,
  lookback: number,
  now: number,
): Promise<Checkpoint> {
  const folders = foldersOf(log);
  const firsts = await Promise.all(folders.map((folder) => firstDayIn(store, folder)));
  const first = firsts.filter((day) => day !== null).sort()[0];
  if (first === undefined) return firstCheckpoint(log, now - lookback, now);
  const oldest = Math.max(midnightOf(first), now - longestLookback);
  const watermark = now - publishingDelay;
  const lasts = await Promise.all(folders.map((folder) => lastDayIn(store, folder, oldest, now)));
  const newest = Math.max(oldest, ...lasts);
  return {
    ...firstCheckpoint(log, oldest, now),
    watermark,
    reach: watermark,
    gaps: [[Math.min(newest, watermark), watermark]],
  };
}

/** Keys that sort by the day which they name. */
interface Folder {
  readonly prefix: string;
  /** What the key of a day (`YYYY-MM-DD`) goes on with. */
  place(day: string): string;
  dayOf(key: string): string | null;
}

function foldersOf(log: AccountLog): readonly Folder[] {
  const byFolder = { place: (day: string) => day.replaceAll('-', '/'), dayOf: dayOfFolder };
  return [
    { prefix: logFolder(log), ...byFolder },
    { prefix: receiptFolder(log), ...byFolder },
    {
      prefix: `${stateFolder(log)}days/`,
      place: (day) => day,
      dayOf: (key) => /\/(\d{4}-\d\d-\d\d)\.json$/.exec(key)?.[1] ?? null,
    },
  ];
}

/** The day of the first object in a folder, of those after a key if it is given; null if there is none. */
async function firstDayIn(store: Store, { prefix, dayOf }: Folder, after?: string): Promise<string | null> {
  for await (const object of store.list(prefix, after)) {
    const day = dayOf(object.key);
    if (day !== null) return day;
  }
  return null;
}

/** The midnight at the beginning of the last day that has an object: found by halves, since a listing goes forward only. */
async function lastDayIn(store: Store, folder: Folder, oldest: number, now: number): Promise<number> {
  let low = Math.floor(oldest / dayLength);
  let high = Math.floor(now / dayLength) + 1;
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2);
    const after = `${folder.prefix}${folder.place(utcDay(middle * dayLength))}`;
    if ((await firstDayIn(store, folder, after)) === null) high = middle;
    else low = middle;
  }
  return low * dayLength;
}
