import type { LogRecord } from '../duo/record';
import { retention } from '../limits';
import { dayLength, utcDay } from '../utc-day';
import { isBelieved } from './records';

/** How many records the live log has decided on, by the UTC day (`YYYY-MM-DD`) that they are dated in; see `counts`. */
export type Ledger = Readonly<Record<string, number>>;

/** Whether a record counts for the day that it is dated in: only if its own time lies in the window it was asked for with. */
export function counts(
  time: number | null,
  window: { readonly from: number; readonly to: number },
): time is number {
  return isBelieved(time, window);
}

/** The ledger and these records, of the days that Duo still keeps (`now` in ms). */
export function enter(
  ledger: Ledger,
  records: readonly LogRecord[],
  window: { readonly from: number; readonly to: number },
  now: number,
): Ledger {
  if (records.length === 0) return ledger;
  const oldest = utcDay(now - retention);
  const entered = Object.fromEntries(Object.entries(ledger).filter(([day]) => day >= oldest));
  for (const [day, count] of days(records, window)) {
    const name = utcDay(day * dayLength);
    entered[name] = (entered[name] ?? 0) + count;
  }
  return entered;
}

/** How many records there are of each day that they are dated in, in days since 1970. */
function days(
  records: readonly LogRecord[],
  window: { readonly from: number; readonly to: number },
): ReadonlyMap<number, number> {
  const days = new Map<number, number>();
  for (const { time } of records) {
    if (!counts(time, window)) continue;
    const day = Math.floor(time / dayLength);
    days.set(day, (days.get(day) ?? 0) + 1);
  }
  return days;
}
