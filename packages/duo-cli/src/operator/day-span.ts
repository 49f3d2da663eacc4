import { InvalidArgumentError } from 'commander';
import { type Clock, dayLength, midnightOf, utcDay } from 'duo-core';
import { type Moment, momentReader } from './arguments';
import { UsageError } from './usage-error';

/** Some UTC days, one after the other, `YYYY-MM-DD`: both are included. */
export interface DaySpan {
  readonly first: string;
  readonly last: string;
}

/** Reads an end of a span of days: a day, or a moment in it; see `momentReader`. */
export function edgeReader(clock: Clock): (text: string) => Moment {
  const read = momentReader(clock);
  return (text) => {
    const moment = read(text);
    if (moment.at < 0 || moment.at > latest) throw new InvalidArgumentError('Write a day of this century.');
    return moment;
  };
}

const latest = Date.parse('2100-01-01');

/**
 * The days that a span has a part of: that of `from`, that of `to`, and those between. A `to` at midnight ends the day before it;
 * without one, `newest` is the last day. Throws a `UsageError` where that is no day.
 */
export function daySpan(from: Moment, to: Moment | undefined, newest: string): DaySpan {
  const { at, isDay } = to ?? { at: midnightOf(newest), isDay: true };
  const last = isDay ? at + dayLength - 1 : at - 1;
  if (last >= from.at) return { first: utcDay(from.at), last: utcDay(last) };
  throw new UsageError(
    to === undefined
      ? `--from is after ${newest}, which is the last day that this can be done for: give an earlier one.`
      : '--to is before --from: swap them?',
  );
}

/** Whether a span of these ends is made longer, so that it consists of whole days. */
export function isWidened(...edges: readonly (Moment | undefined)[]): boolean {
  return edges.some((edge) => edge !== undefined && edge.at % dayLength !== 0);
}

/** The days of a span, the oldest first. */
export function daysOf({ first, last }: DaySpan): string[] {
  const count = (midnightOf(last) - midnightOf(first)) / dayLength + 1;
  return Array.from({ length: Math.max(0, count) }, (_, n) => utcDay(midnightOf(first) + n * dayLength));
}

/** For messages: days in a row as a span, `2026-11-01 to 2026-11-07, 2026-11-09`. */
export function daysText(days: readonly string[]): string {
  const rows: string[][] = [];
  for (const day of days.toSorted()) {
    const row = rows.at(-1);
    const before = utcDay(midnightOf(day) - dayLength);
    if (row?.at(-1) === before) row.push(day);
    else rows.push([day]);
  }
  return rows.map((row) => (row.length === 1 ? row[0] : `${row[0]} to ${row.at(-1)}`)).join(', ');
}
