import * as z from 'zod/mini';

const systemError = z.object({ code: z.string() });

/** Whether a file or directory is not there; that it cannot be read is another thing. */
export function isMissing(error: unknown): boolean {
  return systemError.safeParse(error).data?.code === 'ENOENT';
}

/** What the system says of a file that it does not read, like `EACCES`. */
export function reasonOf(error: unknown): string {
  return systemError.safeParse(error).data?.code ?? String(error);
}
