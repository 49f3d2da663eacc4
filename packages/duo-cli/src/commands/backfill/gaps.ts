import type { LogType, Seen } from 'duo-core';
import type { World } from '../../operator/world';
import { intersect } from '../../state/closed-span';
import { gapsOf } from '../../state/gaps';
import { prepare, savePrepared } from '../../state/prepared-backfill';
import { type SavedCheckpoints, savedBackfills } from '../../state/saved-checkpoints';
import { storedSpan } from '../../state/stored-span';
import type { Target } from '../../store/target';
import type { BackfillPlan } from './plan';

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
