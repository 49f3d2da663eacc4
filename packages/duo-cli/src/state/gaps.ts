import type { Checkpoint } from 'duo-core';
import type { ClosedSpan } from './closed-span';

/** The spans that the runs under a checkpoint have left out. */
export function gapsOf({ gaps }: Checkpoint): readonly ClosedSpan[] {
  return gaps.map(([since, until]) => ({ since, until }));
}
