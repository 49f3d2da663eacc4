import * as z from 'zod/mini';
import { count, logType } from '../../json/fields';

/** What `collect --json` prints: the result of a run, as a function returns it. */
export const collectJson = z.strictObject({
  logType,
  outcome: z
    .enum(['caught-up', 'more', 'throttled', 'superseded'])
    .check(z.describe('how it ended; all but caught-up: run it again to go on')),
  records: count('records that were stored'),
  duplicates: count('records that Duo showed again and that were not stored again'),
  pages: count('pages that Duo was asked for'),
  objects: count('objects that were put'),
  leftOut: count('records that Duo showed and that were not stored: there should be none'),
  behindSeconds: count('now minus the watermark (s)'),
  lateSeconds: count('at most how long after its own time a record that was found late was published (s)'),
});

/** See `collectJson`. */
export type CollectJson = z.infer<typeof collectJson>;
