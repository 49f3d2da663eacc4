import * as z from 'zod/mini';

const count = z.number();

/** What runs of a function took in all; times in ms. `wall` is what they waited: for AWS, for Duo, and to be let in there. */
export const usage = z.object({
  runs: count,
  /** Those that had to wait for an instance of their own, the first ones included, which are not counted otherwise. */
  cold: count,
  failed: count,
  wall: count,
  cpu: count,
  get: count,
  put: count,
  list: count,
  parameters: count,
  'parameters-by-path': count,
  invoke: count,
  /** Secret parameters that were read. */
  decrypted: count,
  /** Requests to Duo. */
  duo: count,
});
/** See `usage`. */
export type Usage = z.infer<typeof usage>;

/** How a log of a healthy account came out. */
const outcome = z.object({
  account: z.string(),
  logType: z.string(),
  /** That were stored by the end. */
  records: count,
  objects: count,
  lost: count,
  doubled: count,
  /** How far it was behind at its worst moment, in ms, from its first run on. */
  behind: count,
});
/** See `outcome`. */
export type LogOutcome = z.infer<typeof outcome>;

/** What an hour of a stage was like. */
export const hour = z.object({
  minutes: count,
  /** In how long (ms) Duo has had the records that were collected. */
  published: count,
  logs: z.array(outcome),
  usage: z.object({ collect: usage, reconcile: usage }),
  /** Runs of accounts that Duo refuses or throttles, and that ended well all the same: none should. */
  wellOfBad: count,
  /** The most runs at one moment. */
  atOnce: count,
  /** Runs for which Lambda had no place at once. */
  waited: count,
  /** Those of them that Lambda gave up, since no place was free in time. */
  dropped: count,
  /** The most requests to Duo that the parent's keys have signed within a minute. */
  parentsAMinute: count,
  /** The most that functions have asked SSM for credentials within a second: all that a round starts begins at one moment here. */
  parametersASecond: count,
});
/** See `hour`. */
export type Hour = z.infer<typeof hour>;

/** Nothing yet. */
export function emptyUsage(): Usage {
  const none = { get: 0, put: 0, list: 0, parameters: 0, 'parameters-by-path': 0, invoke: 0 };
  return { runs: 0, cold: 0, failed: 0, wall: 0, cpu: 0, decrypted: 0, duo: 0, ...none };
}
