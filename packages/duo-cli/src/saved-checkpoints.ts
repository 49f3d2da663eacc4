import { type Checkpoint, checkpointKey, type LogType, load } from 'duo-core';
import { atMost } from './at-most';
import type { Target } from './target';

/** What a store holds of a log's state. */
export interface SavedCheckpoints {
  /** Null before the first scheduled run. */
  readonly live: Checkpoint | null;
  /** In the order of their spans. */
  readonly backfills: readonly (Checkpoint & { readonly until: number })[];
}

/** Loads the checkpoint of the live log and those of its backfills. One that cannot be understood is an error. */
export async function savedCheckpoints(
  { store, objects }: Pick<Target, 'store' | 'objects'>,
  { name }: LogType,
): Promise<SavedCheckpoints> {
  const live = (await load(store, checkpointKey(name, null), name))?.checkpoint ?? null;
  const keys: string[] = [];
  for await (const { key } of objects.list(`state/${name}/`))
    if (/\/\d+-\d+\.json$/.test(key)) keys.push(key);
  const backfills: (Checkpoint & { until: number })[] = [];
  await atMost(8, keys, async (key) => {
    const checkpoint = (await load(store, key, name))?.checkpoint;
    if (checkpoint !== undefined && checkpoint.until !== null) {
      backfills.push({ ...checkpoint, until: checkpoint.until });
    }
  });
  return { live, backfills: backfills.sort((one, other) => one.since - other.since) };
}
