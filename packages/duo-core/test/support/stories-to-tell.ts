import * as z from 'zod/mini';

/**
 * How many stories a property tells: so many, or the part of them that `STORIES` says (0.1). For a second run of the same tests, like
 * that of a copy with a log type more, of which the core knows nothing.
 */
export function storiesToTell(count: number): number {
  const part = z.coerce.number().check(z.gt(0), z.lte(1));
  return Math.ceil(count * part.parse(process.env.STORIES ?? 1));
}
