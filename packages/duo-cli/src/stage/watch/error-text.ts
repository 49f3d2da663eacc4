import * as z from 'zod/mini';

const thrown = z.object({
  errorType: z.optional(z.string()),
  errorMessage: z.string(),
  /** The stack begins with the error's own name; `errorType` may be that of its class in the bundle, which is shortened. */
  stackTrace: z.optional(z.array(z.string())),
  trace: z.optional(z.array(z.string())),
});

/** The name and the message of an error as Lambda writes it down; null for anything else. */
export function errorText(value: unknown): string | null {
  const error = thrown.safeParse(value).data;
  if (error === undefined) return null;
  const { errorType = 'Error', errorMessage, stackTrace, trace } = error;
  const [first = ''] = stackTrace ?? trace ?? [];
  const [, name = errorType] = /^(\w+): /.exec(first) ?? [];
  return first.startsWith(`${name}: ${errorMessage.split('\n')[0]}`)
    ? `${name}: ${errorMessage}`
    : `${errorType}: ${errorMessage}`;
}
