import * as z from 'zod/mini';
import { count, day, logType, store, text, time } from '../../json/fields';
import { dayCounts } from '../../json/receipt';

/** What was found of a day. */
export const foundJson = z.strictObject({
  day: day('the day'),
  ...dayCounts,
  missing: count('records that Duo shows and that are still not stored'),
  until: z
    .nullable(time('a moment of the day'))
    .check(z.describe('up to when it was compared, if that is not its end')),
});

/** A record that is named without saying what is in it. */
export const exampleJson = z.strictObject({
  day: day('the day that it was looked for in'),
  is: z
    .enum(['missing', 'changed', 'astray'])
    .check(z.describe('how what is stored differs from what Duo shows')),
  time: z.nullable(time('its own time')).check(z.describe('its own time; null where it cannot be read')),
  id: z.nullable(z.string()).check(z.describe('its id, phone numbers hidden; null where the log has none')),
  identity: text("the hash of the record's text"),
});

/** What `verify --json` prints; exit code 1 where something is found that was not repaired. */
export const verifyJson = z.strictObject({
  logType,
  store,
  days: z.array(foundJson).check(z.describe('the oldest day first')),
  examples: z
    .array(exampleJson)
    .check(z.describe('the first of each kind and day: --examples says how many')),
  repair: z.boolean().check(z.describe('whether what was missing was to be stored')),
});

/** See `verifyJson`. */
export type VerifyJson = z.infer<typeof verifyJson>;
