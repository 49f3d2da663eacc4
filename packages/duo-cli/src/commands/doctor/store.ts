import type { LogType, Store } from 'duo-core';
import type { Target } from '../../store/target';
import { type Check, check, Unknown } from './check';

/** Not below `logs/`, where a SIEM would read it, and no name that a log type can have. */
const probe = 'state/.doctor.json';

/** Checks that the store is one of a collector and can be read and, if wanted, written. */
export async function checkStore(
  { stage, store }: Pick<Target, 'stage' | 'store'>,
  logs: readonly LogType[],
  write: boolean,
): Promise<Check[]> {
  const readable = await check(null, 'store readable', async () => {
    for (const prefix of logs.flatMap(({ name }) => [
      `state/${name}.json`,
      `state/${name}/`,
      `logs/${name}/`,
    ])) {
      for await (const _ of store.list(prefix)) return store.url;
    }
    if (stage !== null) return `${store.url}, still empty`;
    throw new Error(
      `${store.url} has neither a checkpoint nor a log, or this user may not read it. Is it the right store? Before the first run, there is nothing to check.`,
    );
  });
  const writable = await check(null, 'store writable', () => {
    if (!write) throw new Unknown('not tried (--no-write)');
    // What is somewhere else must not be written to.
    if (readable.state !== 'ok') throw new Unknown('not tried: see above');
    return putProbe(store);
  });
  return [readable, writable];
}

/** Puts an object on a condition that holds, and again on one that does not: the collector relies on both. */
async function putProbe(store: Store): Promise<string> {
  const body = Buffer.from('{"by":"pnpm duo doctor"}');
  const there = await store.get(probe);
  const first = await store.put(probe, body, there === undefined ? 'absent' : { etag: there.etag });
  if (first.kind === 'missing')
    throw new Error(`${store.url}/${probe} was deleted meanwhile. Run this again.`);
  const second = await store.put(probe, body, 'absent');
  if (second.kind !== 'stored') return `${probe} was put, and not overwritten`;
  throw new Error(
    `${store.url} overwrites an object although If-None-Match forbids it. Two runs at once would lose records: use a store with conditional writes, like S3.`,
  );
}
