import { type AccountLog, receiptFolder } from '../../account-log';
import { longestLookback } from '../../limits';
import type { Store } from '../../store/store';
import { dayLength, midnightOf, utcDay } from '../../utc-day';
import type { Checkpoint } from '../checkpoint';
import { settledUpTo, spanOfDay, standingOf } from './day';
import { readReceiptKey, receiptsOfDay } from './receipt';
import type { Wanted } from './wanted';

/** A day that is to be reconciled now. */
export interface DueDay {
  readonly day: string;
  /** The moment (ms) before which no pass of it counts. */
  readonly due: number;
  readonly again: boolean;
  /** What somebody has put down for it, or null. */
  readonly wanted: Wanted[string] | null;
}

/** How long after its end a day is reconciled, in ms: what Duo publishes late is there by then. */
const ages = [dayLength, 7 * dayLength];

/**
 * The days to reconcile, oldest first: a day and seven days after their end, those that the log has begun with or later; those
 * that a gap touches and that have no receipt yet; and those that somebody wants. All of them closed. Times in ms.
 */
export async function dueDays(
  store: Store,
  log: AccountLog,
  live: Checkpoint | null,
  wanted: Wanted,
  lookback: number,
  now: number,
): Promise<readonly DueDay[]> {
  const settled = settledUpTo(live, lookback, now);
  const isClosed = (day: string) => standingOf(day, settled, now) === 'closed';
  const receipts = live === null ? new Map<string, number>() : await receiptTimes(store, log, now);
  const due = new Map<string, DueDay>();
  for (const day of live === null ? [] : daysFrom(live.since, settled)) {
    const moment = ages.map((age) => spanOfDay(day).until + age).findLast((at) => at <= now);
    if (moment !== undefined && (receipts.get(day) ?? -1) < moment) due.set(day, scheduled(day, moment));
  }
  // What lies before a beginning is reconciled when asked for: nobody knows what was deleted of it.
  for (const [from, to] of live?.gaps ?? [])
    for (const day of daysFrom(midnightOf(utcDay(from)), to))
      if (!receipts.has(day) && !due.has(day) && spanOfDay(day).until > (live?.since ?? 0))
        due.set(day, scheduled(day, 0));
  for (const [day, entry] of Object.entries(wanted)) {
    // A clock that is ahead must not have every pass begin anew.
    const asked = Math.min(entry.at, now);
    due.set(day, { day, due: Math.max(asked, due.get(day)?.due ?? 0), again: entry.again, wanted: entry });
  }
  return [...due.values()]
    .filter(({ day }) => isClosed(day))
    .sort((one, other) => (one.day < other.day ? -1 : 1));
}

function scheduled(day: string, due: number): DueDay {
  return { day, due, again: false, wanted: null };
}

/** When the last pass of each day began of those that Duo still has, by the receipts: one listing. */
async function receiptTimes(
  store: Store,
  log: AccountLog,
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>();
  const oldest = receiptsOfDay(log, utcDay(now - longestLookback));
  for await (const { key } of store.list(receiptFolder(log), oldest)) {
    const receipt = readReceiptKey(key);
    if (receipt !== null) times.set(receipt.day, Math.max(receipt.at, times.get(receipt.day) ?? -1));
  }
  return times;
}

/** The days that begin from a moment on and before another one, in ms. */
function daysFrom(since: number, until: number): string[] {
  const days: string[] = [];
  for (let at = Math.ceil(since / dayLength) * dayLength; at < until; at += dayLength) days.push(utcDay(at));
  return days;
}
