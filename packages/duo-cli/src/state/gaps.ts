import type { Checkpoint } from 'duo-core';
import { type ClosedSpan, subtract } from './closed-span';

/** The spans that the runs under a checkpoint have left out. */
export function gapsOf({ gaps }: Checkpoint): readonly ClosedSpan[] {
  return gaps.map(([since, until]) => ({ since, until }));
}

/** All since the live log began, whether it was read already or will be, but for gaps as far as it no longer looks back. */
export function storedByScheduledRuns(live: Checkpoint): readonly ClosedSpan[] {
  const gaps = gapsOf(live).map(({ since, until }) => ({ since, until: Math.min(until, live.reach) }));
  return subtract([{ since: live.since, until: Number.MAX_SAFE_INTEGER }], gaps);
}
