import { createHash } from 'node:crypto';

/**
 * Whether an account's turn, which comes once in so many minutes, is in the minute of `at` (ms). Which minute it is, its name says by
 * a hash, so that many accounts come evenly and nobody has to remember anything.
 */
export function isTurn(account: string, at: number, minutes: number): boolean {
  const place = createHash('sha256').update(account).digest().readUInt32BE();
  return Math.floor(at / 60_000) % minutes === place % minutes;
}
