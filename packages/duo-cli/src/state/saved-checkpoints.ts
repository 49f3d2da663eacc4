import { type Checkpoint, checkpointKey, type LogType, loadCheckpoint } from 'duo-core';
import { atMost } from '../store/at-most';
import type { Objects } from '../store/objects';
import type { Target } from '../store/target';
import { type ClosedSpan, subtract } from './closed-span';
import { gapsOf } from './gaps';
import { type BackfillCheckpoint, inUse } from './prepared-backfill';

/** Whether a backfill has stored all of its span. */
export function isFinished({ watermark, until, outbox }: BackfillCheckpoint): boolean {
  return watermark >= until && outbox === null;
}

/** What a store holds of a log's state. */
export interface SavedCheckpoints {
  /** Null before the first scheduled run. */
  readonly live: Checkpoint | null;
  /** In the order of their spans. */
  readonly backfills: readonly BackfillCheckpoint[];
}

/** Loads the checkpoint of the live log and those of its backfills. One that cannot be understood is an error. */
export async function savedCheckpoints(
  target: Pick<Target, 'store' | 'objects'>,
  logType: LogType,
): Promise<SavedCheckpoints> {
  const { name } = logType;
  const live = (await loadCheckpoint(target.store, checkpointKey(name, null), name))?.checkpoint ?? null;
  return { live, backfills: inUse(live, await savedBackfills(target, logType)) };
}

/** Loads the checkpoints of a log's backfills, also those that were prepared for nothing. */
export async function savedBackfills(
  { store, objects }: Pick<Target, 'store' | 'objects'>,
  { name }: LogType,
): Promise<readonly BackfillCheckpoint[]> {
  const keys: string[] = [];
  for await (const { key } of objects.list(`state/${name}/`))
    if (/\/\d+-\d+\.json$/.test(key)) keys.push(key);
  const backfills: BackfillCheckpoint[] = [];
  await atMost(8, keys, async (key) => {
    const checkpoint = (await loadCheckpoint(store, key, name))?.checkpoint;
    if (checkpoint !== undefined && checkpoint.until !== null) {
      backfills.push({ ...checkpoint, until: checkpoint.until });
    }
  });
  return backfills.sort((one, other) => one.since - other.since);
}

/** What the scheduled runs have not collected of a log since they began, and no finished backfill has either. */
export function gapsLeft({ live, backfills }: SavedCheckpoints): readonly ClosedSpan[] {
  const collected = backfills.filter(isFinished).flatMap((one) => subtract([one], gapsOf(one)));
  return live === null ? [] : subtract(gapsOf(live), collected);
}

/** When the checkpoint of each log was last saved (ms), by the log's name; those that have none are left out. */
export async function savedAt(
  logs: readonly LogType[],
  objects: Objects,
): Promise<ReadonlyMap<string, number>> {
  const names = new Map(logs.map(({ name }) => [checkpointKey(name, null), name]));
  const saved = new Map<string, number>();
  for await (const { key, putAt } of objects.list('state/')) {
    const name = names.get(key);
    if (name !== undefined) saved.set(name, putAt);
  }
  return saved;
}
