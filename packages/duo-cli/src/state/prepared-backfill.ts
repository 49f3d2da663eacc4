import { randomUUID } from 'node:crypto';
import {
  type Checkpoint,
  checkpointKey,
  firstCheckpoint,
  type LogType,
  loadCheckpoint,
  type Seen,
  saveCheckpoint,
} from 'duo-core';
import type { World } from '../operator/world';
import type { Target } from '../store/target';
import { type ClosedSpan, contains, overlap, subtract } from './closed-span';
import { isDivisible } from './divisible';
import { gapsOf } from './gaps';

/** The checkpoint of a backfill. */
export type BackfillCheckpoint = Checkpoint & { readonly until: number };

/**
 * Whether a backfill's checkpoint was saved for it in advance, so that it knows what of a gap is stored already, and no run
 * has had it yet: a run gives it its own name.
 */
export function isPrepared({ by }: Pick<Checkpoint, 'by'>): boolean {
  return by.startsWith(prefix);
}

const prefix = 'gap-';

/**
 * Leaves out what was prepared for a gap that was never made, or is cut otherwise by now: the scheduled runs or other
 * backfills store some of it. Of two for the same gap, the longer one has more to remember.
 */
export function inUse(
  live: Checkpoint | null,
  backfills: readonly BackfillCheckpoint[],
): readonly BackfillCheckpoint[] {
  const begun = backfills.filter((one) => !isPrepared(one));
  const open = subtract(live === null ? [] : gapsOf(live), begun);
  const prepared = backfills
    .filter((one) => isPrepared(one))
    .filter((one) => open.some((gap) => contains(gap, one)));
  return backfills.filter(
    (one) =>
      begun.includes(one) ||
      (prepared.includes(one) && !prepared.some((other) => other !== one && contains(other, one))),
  );
}

/**
 * What the backfill of a new gap has to begin with, so that it stores nothing twice: `seen` is what the log remembers, and
 * what was prepared for the same time before is remembered as well. Of a log that is read in order, it is about the gap's
 * first second at most, and the rest can be cut into days.
 */
export function prepare(
  gap: ClosedSpan,
  seen: Readonly<Seen>,
  backfills: readonly BackfillCheckpoint[],
  logType: LogType,
): (Checkpoint & ClosedSpan)[] {
  const earlier = backfills.filter((one) => isPrepared(one) && overlap(one, gap));
  const stored: Seen = {};
  let last = 0;
  for (const memory of [seen, ...earlier.map((one) => one.seen)]) {
    for (const [identity, [time, copies]] of Object.entries(memory)) {
      if (time < gap.since) continue;
      stored[identity] = [time, Math.max(copies, stored[identity]?.[1] ?? 0)];
      last = Math.max(last, time);
    }
  }
  if (last === 0) return [];
  // Duo's bounds are coarser than its timestamps: at a whole second, nothing is left out between two parts.
  const until = isDivisible(logType) ? Math.min(gap.until, (Math.floor(last / 1000) + 1) * 1000) : gap.until;
  const begun = backfills.filter((one) => !isPrepared(one));
  return subtract([{ since: gap.since, until }], begun).map((span) => ({
    // However long ago it is: a backfill says what of it Duo no longer has.
    ...firstCheckpoint(logType.name, span, span.since),
    ...span,
    by: `${prefix}${randomUUID()}/1`,
    seen: stored,
  }));
}

/** Saves it, unless a run has begun with that very span meanwhile. */
export async function savePrepared(
  one: Checkpoint & ClosedSpan,
  { store }: Pick<Target, 'store'>,
  { clock }: Pick<World, 'clock'>,
): Promise<'saved' | 'superseded'> {
  const key = checkpointKey(one.logType, one);
  const there = await loadCheckpoint(store, key, one.logType);
  if (there !== null && !isPrepared(there.checkpoint)) return 'superseded';
  const result = await saveCheckpoint(store, key, one, there?.etag ?? null, { clock, random: Math.random });
  return result === 'superseded' ? result : 'saved';
}
