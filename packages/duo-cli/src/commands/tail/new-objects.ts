import {
  boundsTolerance,
  dayFolder,
  type ListedObject,
  type LogType,
  loadCheckpoint,
  logFolder,
} from 'duo-core';
import { logOf, type Target } from '../../store/target';

/** The keys of a log's objects, in the order in which they were put. */
export interface NewObjects {
  /** Those that were not there the last time; the first time, those of the last day. */
  next(): Promise<string[]>;
  /** Those of before that. */
  earlier(): Promise<string[]>;
}

const day = 86_400_000;

/**
 * Finds objects as they land without listing all that there are: none has a first record from before where the
 * collector reaches back to, but the one that the checkpoint may not have put yet.
 */
export function newObjects({ name }: LogType, target: Target): NewObjects {
  const { store } = target;
  const of = logOf(target, name);
  const folder = logFolder(of);
  const known = new Set<string>();
  let start: string | undefined;

  const list = async (after: string) => {
    const fresh: ListedObject[] = [];
    for await (const object of store.list(folder, after)) {
      if (known.has(object.key)) continue;
      known.add(object.key);
      fresh.push(object);
    }
    return fresh
      .sort((one, other) => one.putAt - other.putAt || (one.key < other.key ? -1 : 1))
      .map(({ key }) => key);
  };

  return {
    async next() {
      const checkpoint = (await loadCheckpoint(store, of))?.state;
      const reach = checkpoint === undefined ? 0 : checkpoint.reach - boundsTolerance;
      const waiting = checkpoint?.outbox?.key.slice(0, folderOf(0).length) ?? '~';
      start ??= earliest(folderOf(reach - day), waiting);
      const fresh = await list(start);
      // What lands until the next time was decided on after this checkpoint, or is in its outbox.
      start = earliest(folderOf(reach), waiting);
      return fresh;
    },
    earlier: () => list(folder),
  };

  function folderOf(ms: number): string {
    return dayFolder(of, Math.max(0, ms));
  }
}

function earliest(one: string, other: string): string {
  return one < other ? one : other;
}
