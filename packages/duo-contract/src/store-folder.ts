import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { recordsIn } from 'duo-core';

/** A store in a directory, as a test looks at it. */
export interface StoreFolder {
  readonly path: string;
  readonly url: string;
  /** Every file and its bytes, in base64. */
  files(): Record<string, string>;
  /** The texts of all records that were stored, object by object. */
  delivered(): string[];
  /** Deletes the first object of records, and returns how many it had. */
  deleteFirst(): number;
  remove(): void;
}

/** Makes an empty one, in the system's folder for what is temporary. */
export function createStoreFolder(): StoreFolder {
  const path = mkdtempSync(join(tmpdir(), 'duo-store-'));
  const files = () => {
    const names = readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    return Object.fromEntries(names.sort().map((name) => [name, readFileSync(name).toString('base64')]));
  };
  const objects = () =>
    Object.entries(files())
      .filter(([name]) => name.endsWith('.gz'))
      .map(([name, bytes]) => ({ name, records: recordsIn(Buffer.from(bytes, 'base64')) }));
  return {
    path,
    url: pathToFileURL(path).href,
    files,
    delivered: () => objects().flatMap(({ records }) => records),
    deleteFirst() {
      const [first] = objects();
      if (first === undefined) return 0;
      rmSync(first.name);
      return first.records.length;
    },
    remove: () => rmSync(path, { recursive: true }),
  };
}
