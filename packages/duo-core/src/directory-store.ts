import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StoreError } from './errors';
import type { PutOutcome, Store } from './store';

/**
 * A directory that behaves as a bucket does: an object is there whole or not at all, also after a kill or a power
 * cut, and of several processes that put on the same condition at most one wins.
 */
export function createDirectoryStore(root: string): Store {
  const drafts = join(root, '.drafts');
  const path = (key: string) => join(root, ...key.split('/'));
  return {
    url: pathToFileURL(root).href,

    async get(key) {
      const body = await readIfThere(path(key));
      return body && { body, etag: etag(body) };
    },

    async put(key, body, condition) {
      const target = path(key);
      const announced = `${encodeURIComponent(key)}~`;
      const mine = `${announced}${randomUUID()}`;
      const draft = join(drafts, mine);
      try {
        await mkdir(drafts, { recursive: true });
        await mkdir(dirname(target), { recursive: true });
        await writeThrough(draft, body);
        await discardOthers(announced, mine);
        const kind =
          condition === 'absent'
            ? await place(() => link(draft, target))
            : await replace(draft, target, condition.etag);
        await syncDirectory(dirname(target));
        return kind === 'stored' ? { kind, etag: etag(body) } : { kind };
      } catch (error) {
        throw explain(error, target);
      } finally {
        await rm(draft, { force: true });
      }
    },
  };

  /**
   * Takes from every other writer of this key, dead or alive, the draft without which it can no longer put. Of two
   * writers the one that looks last sees the other's draft, and it looks at the object only after this: so whatever
   * the other put before is seen, and after this it puts nothing.
   */
  async function discardOthers(announced: string, mine: string): Promise<void> {
    for (const name of await readdir(drafts)) {
      if (name.startsWith(announced) && name !== mine) await rm(join(drafts, name), { force: true });
    }
  }
}

async function replace(draft: string, target: string, expected: string): Promise<PutOutcome['kind']> {
  const current = await readIfThere(target);
  if (current === undefined) return 'missing';
  return etag(current) === expected ? place(() => rename(draft, target)) : 'changed';
}

/** Both ways to give a draft its name are atomic: linking fails if there is an object, renaming replaces it. */
async function place(move: () => Promise<void>): Promise<PutOutcome['kind']> {
  try {
    await move();
    return 'stored';
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return 'changed';
    if (hasCode(error, 'ENOENT')) return 'conflict'; // another writer has taken the draft
    throw error;
  }
}

/** Writes it completely to the disk before anything refers to it. */
async function writeThrough(path: string, body: Uint8Array): Promise<void> {
  await withFile(path, 'wx', async (file) => {
    await file.writeFile(body);
    await file.sync();
  });
}

/** Makes a new name survive a power cut. */
async function syncDirectory(path: string): Promise<void> {
  await withFile(path, 'r', (file) => file.sync());
}

async function withFile(
  path: string,
  flags: string,
  use: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw explain(error, path);
  }
}

function etag(body: Uint8Array): string {
  return `"${createHash('sha256').update(body).digest('hex')}"`;
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

function explain(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const what = error instanceof Error ? error.message : String(error);
  return new StoreError(`${path}: ${what}; STORE_URL must name a directory that this user may write`, {
    cause: error,
  });
}
