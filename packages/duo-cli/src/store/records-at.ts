import { recordsIn, type Store } from 'duo-core';
import { saidBy } from '../operator/command';

/** Thrown where an object is there and its records are not: it is empty, cut off or no gzip. The message names it. */
export class DamagedObject extends Error {}

/** Reads the records of an object. Throws a `DamagedObject` where there is nothing of the collector's in it. */
export async function recordsAt(store: Store, key: string): Promise<string[]> {
  const object = await store.get(key);
  if (object === undefined) throw new DamagedObject(`${store.url}/${key} was deleted meanwhile.`);
  try {
    return recordsIn(object.body);
  } catch (error) {
    const what = saidBy(error);
    throw new DamagedObject(`${store.url}/${key}: ${what}. ${mendObject}`);
  }
}

/** What to do about an object that holds something else than the collector has put there. */
export const mendObject =
  'Put its earlier version back; or remove it, and backfill --again stores what Duo still has of it.';
