import * as z from 'zod/mini';

/** A line of `logs`: what is in it is the function's matter, or Lambda's. */
export const logsJson = z
  .looseObject({})
  .check(
    z.describe(
      'A line as the function logged it, with phone numbers hidden; one that is not a JSON object is {"timestamp", "message"}.',
    ),
  );
