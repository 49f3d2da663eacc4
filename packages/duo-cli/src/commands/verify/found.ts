import type { DayOrder } from 'duo-core';
import { identity, type LogType, type Receipt } from 'duo-core';
import type * as z from 'zod/mini';
import { maskPhones } from '../../operator/mask-phones';
import { momentText } from '../../operator/words';
import type { exampleJson, foundJson } from './json';

/** What is found of a record that is not stored as Duo shows it. */
export type Standing = Parameters<NonNullable<DayOrder['onFound']>>[0];

/** A record that is named without saying what is in it; `json.ts` says what its fields mean. */
export type Example = Readonly<z.infer<typeof exampleJson>>;

/** What was found of a day; `json.ts` says what its fields mean. */
export type Found = Readonly<z.infer<typeof foundJson>>;

/**
 * Notes what a pass finds of a day: how many are missing, how many of these are from before the log begins (`since`, ms), and the
 * first so many of each kind.
 */
export function createFinder({ id }: LogType, day: string, since: number, most: number) {
  const examples: Example[] = [];
  let missing = 0;
  let before = 0;
  const onFound: NonNullable<DayOrder['onFound']> = (is, { text, name, time }) => {
    if (is === 'missing') missing += 1;
    if (is === 'missing' && time !== null && time < since) before += 1;
    if (examples.filter((example) => example.is === is).length >= most) return;
    examples.push({
      day,
      is,
      time: time === null ? null : momentText(time),
      // Of a log without ids, the second stands for it.
      id: id === undefined || name === null ? null : maskPhones(name),
      identity: identity(text),
    });
  };
  return {
    onFound,
    examples,
    get missing() {
      return missing;
    },
    get before() {
      return before;
    },
  };
}

/** What a pass has found, by its receipt; `missing` is what is still missing. A dry one has repaired nothing. */
export function foundOf(receipt: Receipt, missing: number, dry: boolean, until: number | null): Found {
  const { version: _version, logType: _logType, source: _source, at: _at, ...counts } = receipt;
  return {
    ...counts,
    ...(dry && { repaired: 0 }),
    missing,
    until: until === null ? null : momentText(until),
  };
}
