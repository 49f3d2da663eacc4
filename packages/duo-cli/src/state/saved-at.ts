import { checkpointKey, type LogType } from 'duo-core';
import type { Objects } from '../store/objects';

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
