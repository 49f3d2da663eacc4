import type * as z from 'zod/mini';
import { saidBy } from '../../operator/command';
import { AwsError } from '../../stage/aws';
import type { checkJson } from './json';

/** One thing that was looked at; `json.ts` says what its fields mean. */
export type Check = Readonly<z.infer<typeof checkJson>>;

/** Looks at one thing: `look` resolves to what is in order, and throws an error that says what is not. */
export async function check(
  logType: string | null,
  name: string,
  look: () => string | Promise<string>,
): Promise<Check> {
  const of = { logType, check: name };
  try {
    return { ...of, state: 'ok', says: await look() };
  } catch (error) {
    if (error instanceof Unknown) return { ...of, state: 'unknown', says: error.message };
    return { ...of, state: 'failed', says: saidBy(error) };
  }
}

/** Thrown by a look that saw nothing, neither good nor bad. */
export class Unknown extends Error {}

/**
 * A look at something that operators may do without the permission for: AWS's refusal becomes an `Unknown` that names it. Anything
 * else is thrown as it is.
 */
export async function ifPermitted<T>(look: Promise<T>): Promise<T> {
  return look.catch((error: unknown) => {
    throw error instanceof AwsError && /^(AccessDenied|AuthorizationError)/.test(error.reason ?? '')
      ? new Unknown(error.message)
      : error;
  });
}
