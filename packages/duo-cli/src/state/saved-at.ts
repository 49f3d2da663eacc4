import { checkpointKey, type LogType } from 'duo-core';
import { logOf, type Target } from '../store/target';

/** When the checkpoint of each log was last saved (ms), by the log's name; those that have none are left out. */
export async function savedAt(
  logs: readonly LogType[],
  target: Pick<Target, 'store' | 'account'>,
): Promise<ReadonlyMap<string, number>> {
  const saved = new Map<string, number>();
  const look = async (name: string) => {
    const wanted = checkpointKey(logOf(target, name));
    for await (const { key, putAt } of target.store.list(wanted)) if (key === wanted) saved.set(name, putAt);
  };
  await Promise.all(logs.map(({ name }) => look(name)));
  return saved;
}
