import * as z from 'zod/mini';

/** A line of `query`: what is in it is what the query selects. */
export const queryJson = z
  .looseObject({})
  .check(z.describe('A row: its columns by their names, with phone numbers hidden unless --raw was given.'));
