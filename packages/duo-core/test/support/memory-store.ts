import { createHash } from 'node:crypto';
import { recordsIn } from '../../src/store/object';
import type { PutOutcome, Store } from '../../src/store/store';

/** A store in memory with S3's conditions. */
export interface MemoryStore extends Store {
  readonly objects: Map<string, Uint8Array>;
  /** The records of every object under `logs/`, in the order of their keys. */
  records(): string[];
}

/** See `MemoryStore`. */
export function memoryStore(): MemoryStore {
  const objects = new Map<string, Uint8Array>();
  return {
    url: 's3://test',
    objects,
    async get(key) {
      const body = objects.get(key);
      return body && { body, etag: etag(body), putAt: 0 };
    },
    async put(key, body, condition) {
      const current = objects.get(key);
      if (condition !== 'absent' && current === undefined) return { kind: 'missing' };
      const holds =
        current === undefined
          ? condition === 'absent'
          : condition !== 'absent' && condition.etag === etag(current);
      if (!holds) return { kind: 'changed' };
      objects.set(key, body);
      return { kind: 'stored', etag: etag(body) };
    },
    async *list(prefix, startAfter = '') {
      for (const key of [...objects.keys()].sort())
        if (key.startsWith(prefix) && key > startAfter)
          yield { key, size: objects.get(key)?.length ?? 0, putAt: 0 };
    },
    records() {
      const keys = [...objects.keys()].filter((key) => key.startsWith('logs/')).sort();
      return keys.flatMap((key) => recordsIn(objects.get(key) ?? new Uint8Array()));
    },
  };
}

/**
 * The same store, but something happens at its n-th put (from 0), before or after it takes effect: `event` may throw,
 * run another collection, or give the answer that the collector gets instead.
 */
export function disturbed(
  store: Store,
  n: number,
  moment: 'before' | 'after',
  event: () => Promise<PutOutcome | undefined>,
): Store & { readonly puts: number } {
  let puts = 0;
  return {
    url: store.url,
    get: (key) => store.get(key),
    list: (...prefix) => store.list(...prefix),
    async put(key, body, condition) {
      const mine = puts++ === n;
      const instead = mine && moment === 'before' ? await event() : undefined;
      if (instead !== undefined) return instead;
      const outcome = await store.put(key, body, condition);
      return (mine && moment === 'after' ? await event() : undefined) ?? outcome;
    },
    get puts() {
      return puts;
    },
  };
}

function etag(body: Uint8Array): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}
