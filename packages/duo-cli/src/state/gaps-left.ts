import { type ClosedSpan, subtract } from './closed-span';
import { gapsOf } from './gaps';
import { isFinished, type SavedCheckpoints } from './saved-checkpoints';

/** What the scheduled runs have not collected of a log since they began, and no finished backfill has either. */
export function gapsLeft({ live, backfills }: SavedCheckpoints): readonly ClosedSpan[] {
  const collected = backfills.filter(isFinished).flatMap((one) => subtract([one], gapsOf(one)));
  return live === null ? [] : subtract(gapsOf(live), collected);
}
