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
  return {
    path,
    url: pathToFileURL(path).href,
    files,
    delivered: () =>
      Object.entries(files())
        .filter(([name]) => name.endsWith('.gz'))
        .flatMap(([, bytes]) => recordsIn(Buffer.from(bytes, 'base64'))),
    remove: () => rmSync(path, { recursive: true }),
  };
}
