import type { TimeField } from 'duo-core';
import { type Moment, printIso, printTime, readTime } from './record-time';

/**
 * Says what a copy of a record has to say differently if it happens at another moment: its time, in the log's unit, and
 * every other top-level member that denotes the same second, each in its own form. Some of Duo's logs give one time as
 * a number and as a text, side by side.
 */
export function createRetimer(
  record: Readonly<Record<string, unknown>>,
  { field, unit }: TimeField,
): (moment: Moment) => Record<string, string | number> {
  const second = secondOf(record[field], unit);
  const prints = Object.entries(record).flatMap(([name, value]) => {
    const form = units.find((one) => secondOf(value, one) === second);
    if (form === undefined || name === field) return [];
    const print = (moment: Moment) =>
      typeof value === 'string' ? printIso(moment, value) : printTime(moment, form);
    return [{ name, print }];
  });
  return (moment) => ({
    ...Object.fromEntries(prints.map(({ name, print }) => [name, print(moment)])),
    [field]: printTime(moment, unit),
  });
}

const units = ['iso', 's', 'ms'] as const;

/** NaN, which equals no other, if it is no time. */
function secondOf(value: unknown, unit: TimeField['unit']): number {
  return Math.floor(readTime(value, unit) / 1000);
}
