/** The command was called in a way that cannot work; exit code 2. Every other error is the thing that failed: 1. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
