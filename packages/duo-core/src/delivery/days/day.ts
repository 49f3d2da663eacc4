import * as z from 'zod/mini';
import type { AccountLog } from '../../account-log';
import { CheckpointError } from '../../errors';
import { boundsTolerance, longestLookback } from '../../limits';
import { dayLength, midnightOf } from '../../utc-day';
import type { Checkpoint } from '../checkpoint';
import { outboxSchema } from '../outbox';

const count = z.int().check(z.minimum(0));

const pass = z.strictObject({
  /** In ms. */
  began: count,
  cursor: z.nullable(z.string()),
  shown: count,
  repaired: count,
  changed: count,
  doubled: count,
  astray: count,
  /** How many records its pages have had, whosever they are. */
  read: count,
  /** How often it has come to an end before Duo had shown all that it says there is. */
  short: count,
  /** What the last page may share with the next one: identities, and how often each was met on it. */
  edge: z.record(z.string(), count),
});

/** What the stored object holds. */
export const daySchema = z.strictObject({
  version: z.literal(1),
  logType: z.string(),
  /** Left out where it is the stage's own. */
  account: z.optional(z.string()),
  source: z.string(),
  day: z.iso.date(),
  /** Which save this is: `<run>/<n>`. */
  by: z.string(),
  /** How many objects were ever decided on for this day: no two have one name. */
  page: count,
  /**
   * How many records passes have brought that count for the day; where somebody has asked for what was deleted, what there is
   * then beyond the ledger, which may be less than none.
   */
  brought: z.int(),
  outbox: z.nullable(outboxSchema),
  pass: z.nullable(pass),
});

/** All that the next pass of a day needs to go on. Saving it decides what is stored, as with the checkpoint. */
export type Day = z.infer<typeof daySchema>;

/** What a pass that is under way has counted so far, and where its next page begins. */
export type Pass = z.infer<typeof pass>;

/** The state of a day that was never reconciled. */
export function newDay({ logType, account }: AccountLog, source: string, day: string): Day {
  const log = { logType, ...(account !== undefined && { account }) };
  return { version: 1, ...log, source, day, by: '', page: 0, brought: 0, outbox: null, pass: null };
}

/** A pass that begins. */
export function newPass(began: number): Pass {
  return {
    began,
    cursor: null,
    shown: 0,
    repaired: 0,
    changed: 0,
    doubled: 0,
    astray: 0,
    read: 0,
    short: 0,
    edge: {},
  };
}

/** The span of a day in ms: `since` included and `until` excluded. */
export function spanOfDay(day: string): { readonly since: number; readonly until: number } {
  const since = midnightOf(day);
  return { since, until: since + dayLength };
}

/**
 * Whether a day can be reconciled. `open`: the live log may still store records that are dated in it. `past`: Duo no longer
 * has all of it. `closed`: it can.
 */
export type Standing = 'open' | 'closed' | 'past';

/** The standing of a day (`now` in ms), given up to where the live log will store nothing more; see `settledUpTo`. */
export function standingOf(day: string, settled: number, now: number): Standing {
  const { since, until } = spanOfDay(day);
  if (since - boundsTolerance < now - longestLookback) return 'past';
  return until <= settled ? 'closed' : 'open';
}

/**
 * The moment (ms, excluded) up to which the live log stores nothing more: a little before its `reach`. Where there is no
 * live log yet, a little before where it would begin (`lookback` in ms).
 */
export function settledUpTo(live: Pick<Checkpoint, 'reach'> | null, lookback: number, now: number): number {
  const reach = live?.reach ?? now - lookback - 3_600_000;
  return reach - 3 * boundsTolerance;
}

/** The day's state as that of this account. Throws a `CheckpointError` if it is of another one; `where` is its URL. */
export function claimDay(day: Day, source: string, where: string): Day {
  if (day.source === source) return day;
  throw new CheckpointError(
    `${where}: this day was reconciled with ${day.source}, but the credentials belong to ${source}. Nothing was changed. If that is a new host of the same account, remove this object; if it is another account, it needs another stage or another bucket`,
  );
}
