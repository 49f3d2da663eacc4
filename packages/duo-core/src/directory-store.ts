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
      // The draft is complete and on the disk before anything refers to it. Its existence also announces this
      // writer: a process says that it is about to replace the object before it looks whether anyone else is.
      const announced = encodeURIComponent(key);
      const draft = join(drafts, `${announced}~${process.pid}~${randomUUID()}`);
      try {
        await mkdir(drafts, { recursive: true });
        await mkdir(dirname(target), { recursive: true });
        await writeThrough(draft, body);
        const result = await (condition === 'absent' ? create(draft, target) : replace());
        if (result.kind === 'stored') await syncDirectory(dirname(target));
        return result;
      } catch (error) {
        throw explain(error, target);
      } finally {
        await rm(draft, { force: true });
      }

      async function create(from: string, to: string): Promise<PutOutcome> {
        try {
          await link(from, to); // fails if there is one, and is atomic
          return { kind: 'stored', etag: etag(body) };
        } catch (error) {
          if (hasCode(error, 'EEXIST')) return { kind: 'changed' };
          throw error;
        }
      }

      async function replace(): Promise<PutOutcome> {
        if (await othersAreWriting()) return { kind: 'conflict' };
        const current = await readIfThere(target);
        if (current === undefined) return { kind: 'missing' };
        if (condition === 'absent' || etag(current) !== condition.etag) return { kind: 'changed' };
        await rename(draft, target);
        return { kind: 'stored', etag: etag(body) };
      }

      /** Of two writers at least one sees the other's draft, so both never go on; the drafts of the dead are removed. */
      async function othersAreWriting(): Promise<boolean> {
        let others = false;
        for (const name of await readdir(drafts)) {
          const [draftKey, pid] = name.split('~');
          if (draftKey !== announced || join(drafts, name) === draft) continue;
          if (isAlive(Number(pid))) others = true;
          else await rm(join(drafts, name), { force: true });
        }
        return others;
      }
    },
  };
}

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

/** https://man7.org/linux/man-pages/man2/kill.2.html: signal 0 only asks; EPERM means that it is someone else's. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, 'ESRCH');
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
