import * as z from 'zod/mini';

/** A line of `tail`: what is in it is Duo's matter. */
export const tailJson = z
  .looseObject({})
  .check(z.describe('A record as Duo sent it, with phone numbers hidden unless --raw was given.'));
