import { createHash, randomUUID } from 'node:crypto';
import { link, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StoreError } from '../errors';
import { describeFileError } from './file-error';
import { makeDirectory } from './make-directory';
import { type PutOutcome, type Store, sizeProblem } from './store';
import { syncDirectory } from './sync-directory';
import { systemErrorCode } from './system-error';

/**
 * A directory that behaves as a bucket does: an object is there whole or not at all, also after a kill or a power
 * cut, and of several processes that put on the same condition at most one wins. What it makes is for this user alone.
 */
export function createDirectoryStore(root: string): Store {
  const drafts = join(root, '.drafts');
  const path = (key: string) => join(root, ...key.split('/'));
  return {
    url: pathToFileURL(root).href,

    async get(key) {
      const file = await readIfThere(path(key));
      return file && { ...file, etag: etag(file.body) };
    },

    async put(key, body, condition) {
      const target = path(key);
      const announced = `${encodeURIComponent(key)}~`;
      const mine = `${announced}${randomUUID()}`;
      const draft = join(drafts, mine);
      try {
        await makeDirectory(drafts);
        await makeDirectory(dirname(target));
        try {
          await writeThrough(draft, body);
          await discardOthers(announced, mine);
          const kind =
            condition === 'absent'
              ? await place(() => link(draft, target))
              : await replace(draft, target, condition.etag);
          await syncDirectory(dirname(target));
          return kind === 'stored' ? { kind, etag: etag(body) } : { kind };
        } finally {
          await rm(draft, { force: true });
        }
      } catch (error) {
        throw explain(error, target);
      }
    },

    async *list(prefix, startAfter = '') {
      const files = await filesBelow(path(prefix.slice(0, prefix.lastIndexOf('/') + 1)));
      const keys = files
        .map((file) => relative(root, file).replaceAll(sep, '/'))
        .filter((key) => key.startsWith(prefix) && key > startAfter && !key.startsWith('.drafts/'));
      for (const key of keys.sort()) {
        const file = await unlessMissing(stat(path(key)), path(key));
        if (file !== undefined) yield { key, size: file.size, putAt: file.mtimeMs };
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

/** Every file below a folder, in no order. One that vanishes meanwhile is as empty as one that was never there. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await unlessMissing(readdir(folder, { withFileTypes: true }), folder);
  const below = (entries ?? []).map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
  });
  return (await Promise.all(below)).flat();
}

async function replace(draft: string, target: string, expected: string): Promise<PutOutcome['kind']> {
  const current = (await readIfThere(target))?.body;
  if (current === undefined) return 'missing';
  return etag(current) === expected ? place(() => rename(draft, target)) : 'changed';
}

/** Both ways to give a draft its name are atomic: linking fails if there is an object, renaming replaces it. */
async function place(move: () => Promise<void>): Promise<PutOutcome['kind']> {
  try {
    await move();
    return 'stored';
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EEXIST') return 'changed';
    if (code === 'ENOENT') return 'conflict'; // another writer has taken the draft
    throw error;
  }
}

/** Writes it completely to the disk before anything refers to it. */
async function writeThrough(path: string, body: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(body);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What a file holds, and when it was written, in ms. */
async function readIfThere(
  path: string,
): Promise<{ readonly body: Uint8Array; readonly putAt: number } | undefined> {
  const file = await unlessMissing(stat(path), path);
  const problem = sizeProblem(file?.size ?? 0);
  if (problem !== undefined) throw new StoreError(`${path}: ${problem}`);
  const body = file && (await unlessMissing(readFile(path), path));
  return body && { body, putAt: file?.mtimeMs ?? 0 };
}

/** Undefined if nothing is there; that it cannot be read is another thing. */
async function unlessMissing<T>(reading: Promise<T>, path: string): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw explain(error, path);
  }
}

function etag(body: Uint8Array): string {
  return `"${createHash('sha256').update(body).digest('hex')}"`;
}

function explain(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  return new StoreError(`${path}: ${describeFileError(error)}`, systemErrorCode(error));
}
