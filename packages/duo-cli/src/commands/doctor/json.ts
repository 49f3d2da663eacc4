import * as z from 'zod/mini';
import { text } from '../../json/fields';

/** One thing that `doctor` has looked at. */
export const checkJson = z.strictObject({
  logType: z.nullable(z.string()).check(z.describe('the log that it is about; null for what all logs need')),
  check: text('what was looked at'),
  state: z
    .enum(['ok', 'failed', 'unknown'])
    .check(
      z.describe(
        'failed: exit code 1; unknown: it could not be looked at, for a reason that another check names or that passes by itself',
      ),
    ),
  says: text('what was found, and what to do about it'),
});

/** What `doctor --json` prints. */
export const doctorJson = z.array(checkJson);
