import { checkpointKey, type LogType, logFolder } from 'duo-core';
import { logOf, type Target } from '../store/target';

/** The names of those logs of which objects are in the store. */
export async function storedLogs(
  logs: readonly LogType[],
  target: Pick<Target, 'store' | 'account'>,
): Promise<ReadonlySet<string>> {
  const found = await Promise.all(logs.map((log) => hasObjects(log, target)));
  return new Set(logs.flatMap(({ name }, n) => (found[n] === true ? [name] : [])));
}

/** What to say of a log that has no checkpoint: undefined where nothing of it is stored either, since nothing is gone then. */
export async function goneCheckpoint(
  log: LogType,
  target: Pick<Target, 'store' | 'account'>,
): Promise<string | undefined> {
  if (!(await hasObjects(log, target))) return undefined;
  return `${target.store.url}/${checkpointKey(logOf(target, log.name))} is gone, though records of ${log.name} are stored. The next run makes a new one and goes on from then; the days up to that are compared with Duo, which brings what is missing. Nothing is stored twice.`;
}

async function hasObjects({ name }: LogType, target: Pick<Target, 'store' | 'account'>): Promise<boolean> {
  for await (const _ of target.store.list(logFolder(logOf(target, name)))) return true;
  return false;
}
