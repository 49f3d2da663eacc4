import type { RecordKey } from '../records/log';
import type { Window } from './parameters';

/** The index of the first record and the index after the last one. */
export type Span = readonly [start: number, end: number];

/** Where a window lies in a log. Duo does not say how it compares microseconds with its ends: here they are cut off. */
export function windowOf(visible: readonly RecordKey[], { mintime, maxtime }: Window): Span {
  return [startOf(visible, mintime), countWhile(visible, ({ ms }) => ms <= maxtime)];
}

/** The index of the first record at or after a time in milliseconds. */
export function startOf(visible: readonly RecordKey[], time: number): number {
  return countWhile(visible, ({ ms }) => ms < time);
}

/** How many of the records, which are in order, come before the first that the condition does not hold for. */
export function countWhile(records: readonly RecordKey[], holds: (one: RecordKey) => boolean): number {
  let [low, high] = [0, records.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const one = records[middle];
    if (one !== undefined && holds(one)) low = middle + 1;
    else high = middle;
  }
  return low;
}
