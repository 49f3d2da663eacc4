import { checkpointKey, type LogType, type Store } from 'duo-core';

/** When the checkpoint of each log was last saved (ms), by the log's name; those that have none are left out. */
export async function savedAt(logs: readonly LogType[], store: Store): Promise<ReadonlyMap<string, number>> {
  const saved = new Map<string, number>();
  const look = async (name: string) => {
    const wanted = checkpointKey(name);
    for await (const { key, putAt } of store.list(wanted)) if (key === wanted) saved.set(name, putAt);
  };
  await Promise.all(logs.map(({ name }) => look(name)));
  return saved;
}
