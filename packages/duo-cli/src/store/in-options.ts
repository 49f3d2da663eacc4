/**
 * The same error in the words of a command: the collector's own are about its variable `STORE_URL`, where the operator has
 * given `option`.
 */
export function inOptions(error: unknown, option: string): unknown {
  if (!(error instanceof Error)) return error;
  error.message = error.message.replaceAll('STORE_URL', option);
  if (error.stack !== undefined) error.stack = error.stack.replaceAll('STORE_URL', option);
  return error;
}
