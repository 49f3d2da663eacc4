import * as z from 'zod/mini';
import { systemErrorCode } from './system-error';

const failedCall = z.object({ message: z.string(), syscall: z.optional(z.string()) });

/** What an error of the file system says, in one line, and what to do about it where that is known. */
export function describeFileError(error: unknown): string {
  const { message, syscall } = failedCall.safeParse(error).data ?? { message: String(error) };
  const code = systemErrorCode(error);
  if (code === undefined) return message;
  const said = message.startsWith(code) ? message : `${code}: ${message}`;
  const todo = syscall === 'link' && noHardLinks.includes(code) ? onAnother(linkless) : advice[code];
  return todo === undefined ? said : `${said}; ${todo}`;
}

/**
 * What a file system answers that has no hard links: FAT and exFAT on Linux (EPERM), macOS (ENOTSUP) and Windows (EISDIR,
 * nodejs/node#65817), ReFS (ENOTSUP, nodejs/node#11663), FUSE (ENOSYS), and one that allows one name for a file (EMLINK).
 */
const noHardLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR', 'EMLINK'];

const linkless = 'this file system has no hard links, or none there, which the store needs';

const onAnother = (what: string) => `${what}: let STORE_URL name a directory on another one`;
const notAllowed = 'STORE_URL must name a directory that this user may read and write';

const advice: Readonly<Record<string, string | undefined>> = {
  EACCES: notAllowed,
  EPERM: notAllowed,
  ENOSPC: 'the disk is full: make room, or let STORE_URL name a directory on another one',
  EDQUOT:
    "this user's share of the disk is used up: make room, or let STORE_URL name a directory on another one",
  EROFS: onAnother('this file system is read-only'),
  EIO: onAnother('the disk fails, or the network that leads to it'),
  ENOTDIR: 'there is a file where the store needs a directory: let STORE_URL name another directory',
  EISDIR: 'there is a directory where the store needs a file: let STORE_URL name another directory',
  ENOENT: 'the store cannot create anything there: let STORE_URL name another directory',
  ELOOP: 'links go round in a circle there: let STORE_URL name another directory',
  ENAMETOOLONG: 'the path is too long for this file system: let STORE_URL name a shorter one',
  EXDEV: 'it is on another file system than .drafts: let STORE_URL name a directory that is all on one',
  EMFILE: 'this process has reached its limit of open files: raise its limit (ulimit -n)',
  ENFILE: 'this machine has reached its limit of open files: raise its limit (fs.file-max)',
};
