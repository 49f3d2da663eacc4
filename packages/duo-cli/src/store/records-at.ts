import { recordsIn } from 'duo-core';
import type { Objects } from './objects';

/** Thrown where an object is there and its records are not: it is empty, cut off or no gzip. The message names it. */
export class DamagedObject extends Error {}

/** Reads the records of an object. Throws a `DamagedObject` where there is nothing of the collector's in it. */
export async function recordsAt(objects: Objects, key: string): Promise<string[]> {
  return recordsOf(await objects.read(key), `${objects.url}/${key}`);
}

/** The records of an object that was read already; `url` is where it is. Throws as `recordsAt` does. */
export function recordsOf(body: Uint8Array, url: string): string[] {
  try {
    return recordsIn(body);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new DamagedObject(
      `${url}: ${what}. Put its earlier version back; or remove it, and verify --repair stores again what Duo still has of it.`,
    );
  }
}
