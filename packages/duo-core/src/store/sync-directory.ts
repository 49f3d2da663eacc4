import { open } from 'node:fs/promises';
import { systemErrorCode } from './system-error';

/**
 * Makes the names in a directory survive a power cut, as far as the file system does that at all: Windows, exFAT and SMB
 * refuse to sync a directory, or to open one, and keep its names in order by themselves. Any other refusal is thrown.
 */
export async function syncDirectory(path: string): Promise<void> {
  try {
    const directory = await open(path, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  } catch (error) {
    if (!unsupported.includes(systemErrorCode(error) ?? '')) throw error;
  }
}

/** EPERM is Windows' answer, EINVAL that of Linux where the file system has no such call. */
const unsupported = ['EPERM', 'EISDIR', 'EINVAL'];
