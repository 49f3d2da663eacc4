import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from './sync-directory';
import { systemErrorCode } from './system-error';

/**
 * Makes a directory that is not there, and those above it, for this user alone; each survives a power cut before the next
 * is made. Not with the `recursive` of Node.js, which syncs none, and which never ends below /proc or a dangling link.
 */
export async function makeDirectory(path: string): Promise<void> {
  const parent = dirname(path);
  try {
    await makeOne(path);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT' || parent === path) throw error;
    await makeDirectory(parent);
    // The parent is there now: where nothing can be made in it all the same, this says so.
    await makeOne(path);
  }
}

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path, 0o700);
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return;
    throw error;
  }
  await syncDirectory(dirname(path));
}
