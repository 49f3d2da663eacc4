import type { LogType, Seen } from 'duo-core';
import type { BackfillPlan } from './backfill-plan';
import { intersect } from './closed-span';
import { gapsOf } from './gaps-of';
import { prepare, savePrepared } from './prepared-backfill';
import { type SavedCheckpoints, savedBackfills } from './saved-checkpoints';
import type { Target } from './target';
import { storedSpan } from './verify-stored';
import type { World } from './world';

/**
 * Prepares what a plan is to read of gaps by what the store has of them, so that it is not stored twice: the scheduled runs may
 * have found some of a gap after all. Returns whether there is anything to be planned anew.
 */
export async function prepareGaps(
  { todo }: BackfillPlan,
  saved: SavedCheckpoints,
  logType: LogType,
  target: Target,
  world: World,
): Promise<boolean> {
  const { live, backfills } = saved;
  const isBegun = (span: BackfillPlan['todo'][number]) =>
    backfills.some(({ since, until }) => since === span.since && until === span.until);
  const unread = todo.filter((span) => !isBegun(span));
  let isPrepared = false;
  for (const gap of live === null ? [] : intersect(unread, gapsOf(live))) {
    const seen: Seen = {};
    const stored = await storedSpan(logType, gap, target, saved, world.clock.now());
    await stored.read(
      ({ identity, time }) => {
        seen[identity] = [time ?? gap.until - 1, (seen[identity]?.[1] ?? 0) + 1];
      },
      () => {},
    );
    for (const one of prepare(gap, seen, await savedBackfills(target, logType), logType)) {
      await savePrepared(one, target, world);
      isPrepared = true;
    }
  }
  return isPrepared;
}
