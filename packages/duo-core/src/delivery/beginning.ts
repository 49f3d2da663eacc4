import { longestLookback, publishingDelay } from '../limits';
import { dayFolder, dayOfFolder, logFolder } from '../store/object';
import type { Store } from '../store/store';
import { dayLength, midnightOf } from '../utc-day';
import { type Checkpoint, firstCheckpoint } from './checkpoint';

/**
 * The checkpoint of a log that has none: it begins at the lookback, or where something is stored already, now. The days from
 * the first one stored on are then reconciled, and so is at once what lies between the last one stored and now: nothing is
 * stored twice. Times in ms.
 */
export async function beginning(
  store: Store,
  logType: string,
  lookback: number,
  now: number,
): Promise<Checkpoint> {
  const first = await firstDayAfter(store, logType);
  if (first === null) return firstCheckpoint(logType, now - lookback, now);
  const oldest = Math.max(midnightOf(first), now - longestLookback);
  const watermark = now - publishingDelay;
  const newest = Math.max(oldest, await lastDay(store, logType, oldest, now));
  return {
    ...firstCheckpoint(logType, oldest, now),
    watermark,
    reach: watermark,
    gaps: [[Math.min(newest, watermark), watermark]],
  };
}

/** The day of the first object, of those after a key if it is given; null if there is none. */
async function firstDayAfter(store: Store, logType: string, key?: string): Promise<string | null> {
  for await (const object of store.list(logFolder(logType), key)) {
    const day = dayOfFolder(object.key);
    if (day !== null) return day;
  }
  return null;
}

/** The midnight at the beginning of the last day of which something is stored: found by halves, since a listing goes forward only. */
async function lastDay(store: Store, logType: string, oldest: number, now: number): Promise<number> {
  let low = Math.floor(oldest / dayLength);
  let high = Math.floor(now / dayLength) + 1;
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2);
    const isLater = (await firstDayAfter(store, logType, dayFolder(logType, middle * dayLength))) === null;
    if (isLater) high = middle;
    else low = middle;
  }
  return low * dayLength;
}
