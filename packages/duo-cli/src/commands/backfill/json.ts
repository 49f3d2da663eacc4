import * as z from 'zod/mini';
import { count, day, logType, store } from '../../json/fields';
import { receiptJson } from '../../json/receipt';

/** What `backfill --json` prints when the days are done; with `--detach` nothing is. */
export const backfillJson = z.strictObject({
  logType,
  store,
  repaired: count('records of all days that were missing and are stored now'),
  days: z.array(receiptJson).check(z.describe('the receipts of the days that were compared now')),
  earlier: z
    .array(receiptJson)
    .check(
      z.describe('the receipts of days that were compared less than a day ago, and were left as they are'),
    ),
  waiting: z
    .array(day('one of them'))
    .check(z.describe('days that are not closed yet: the function comes to them')),
  without: z
    .array(day('one of them'))
    .check(z.describe('days that have no receipt although they were to be compared: exit code 1')),
});

/** See `backfillJson`. */
export type BackfillJson = z.infer<typeof backfillJson>;
