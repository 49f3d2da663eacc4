import * as z from 'zod/mini';
import { day, logType } from '../../json/fields';
import { receiptJson } from '../../json/receipt';

/** What `receipts --json` prints. */
export const receiptsJson = z.strictObject({
  logType,
  receipts: z
    .array(receiptJson)
    .check(
      z.describe('all of these days, by day and then as they were written: the last one of a day counts'),
    ),
  without: z.array(day('one of them')).check(z.describe('days of the span that have no receipt')),
});

/** See `receiptsJson`. */
export type ReceiptsJson = z.infer<typeof receiptsJson>;
