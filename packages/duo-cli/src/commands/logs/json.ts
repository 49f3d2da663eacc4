import * as z from 'zod/mini';

/** A line of `logs`: what is in it is the function's matter, or Lambda's. */
export const logsJson = z
  .looseObject({})
  .check(
    z.describe(
      'A line as the function has logged it, but for phone numbers; one that is no JSON object is {"timestamp", "message"}.',
    ),
  );
