import { constants } from 'node:os';
import * as z from 'zod/mini';

const systemError = z.object({ code: z.string(), errno: z.optional(z.number()) });

/** The code of an error of the operating system, like `ENOSPC`; undefined for any other error. */
export function systemErrorCode(error: unknown): string | undefined {
  const { code, errno = 0 } = systemError.safeParse(error).data ?? {};
  if (!code?.startsWith('Unknown system error')) return code;
  // Node.js has no names for some, a full quota among them: "Unknown system error -122".
  return Object.entries(constants.errno).find(([, number]) => number === -errno)?.[0] ?? code;
}
