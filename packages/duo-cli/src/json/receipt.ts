import * as z from 'zod/mini';
import { count, day, logType, text, timeInMs } from './fields';

/** The counts of a compared day, as commands print them. */
export const dayCounts = {
  shown: count('records that Duo shows of the day'),
  stored: count('records of the day that were stored when it was compared, including repaired ones'),
  repaired: count('records that were missing and that this comparison has stored'),
  changed: count('records that are stored with another text than Duo shows'),
  doubled: count('copies of records that are stored more often than Duo shows them'),
  astray: count('records that Duo shows without a time of the day, and that are not stored'),
  deleted: count('records that were stored once and are gone'),
};

/** A receipt as it is stored (docs/format.md), and as commands print it. */
export const receiptJson = z.strictObject({
  version: z.literal(1).check(z.describe("the version of the receipt's format")),
  logType,
  source: text('the account that it belongs to: its API host'),
  day: day('the day that was compared'),
  at: timeInMs('when the comparison began'),
  ...dayCounts,
});
