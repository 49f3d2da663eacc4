import { createOutbox, type LogType, putOutbox, readObjectName } from 'duo-core';
import type { World } from '../../operator/world';
import type { ClosedSpan } from '../../state/closed-span';
import { commandToBackfill } from '../../state/command-to-backfill';
import { savedCheckpoints } from '../../state/saved-checkpoints';
import type { RecordMark } from '../../store/record-mark';
import type { Target } from '../../store/target';
import { verifiableSpan } from './span';

/** What a repair is part of. */
interface Repair {
  readonly logType: LogType;
  readonly span: ClosedSpan;
  readonly target: Target;
  readonly world: World;
}

/**
 * Stores what is missing of a page as a run would that finds the rest stored: under the window and page that were asked
 * for, which `key` names, and a hash of just these records. Whatever has that name already has the same content.
 */
export async function storeMissing(
  records: readonly (RecordMark & { readonly text: string })[],
  key: string,
  { logType, span, target, world: { clock } }: Repair,
): Promise<string[]> {
  const window = readObjectName(key);
  const missing = records.map(({ text, time }) => ({ text, time, fits: true }));
  const outbox = window && createOutbox(logType.name, window, missing);
  if (outbox === null) return [];
  // A backfill that has begun meanwhile, or a checkpoint that was set back, may be about to store the same.
  const saved = await savedCheckpoints(target, logType);
  const { until } = verifiableSpan(span, saved, clock.now(), (one) =>
    commandToBackfill(logType.name, target, one),
  );
  if (until < span.until) throw new Error(`${logType.name} was set back meanwhile: verify it again.`);
  await putOutbox(target.store, outbox, { clock, random: Math.random });
  return [outbox.key];
}
