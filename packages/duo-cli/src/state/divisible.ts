import { type LogType, pagingStyles } from 'duo-core';

/**
 * Whether parts of a span can be read without one another: only where Duo shows a log in order and between bounds. What a
 * window of the others has missed, or read beyond its end, the next one of the same backfill knows.
 */
export function isDivisible({ paging }: LogType): boolean {
  const { sorted, bounded } = pagingStyles[paging.style];
  return sorted && bounded;
}
