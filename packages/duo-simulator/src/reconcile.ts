import { gunzipSync } from 'node:zlib';
import * as z from 'zod/mini';

/** How what was collected compares with what was published, record by record. */
export interface Reconciliation {
  readonly published: number;
  readonly delivered: number;
  /** Published and not delivered, or delivered less often than published. */
  readonly lost: number;
  /** Delivered more often than published, which counts what was never published as well. */
  readonly doubled: number;
}

/** Compares the texts of all published records with those of all delivered ones; their order does not matter. */
export function reconcile(published: readonly string[], delivered: readonly string[]): Reconciliation {
  const balance = new Map<string, number>();
  for (const text of published) balance.set(text, (balance.get(text) ?? 0) + 1);
  for (const text of delivered) balance.set(text, (balance.get(text) ?? 0) - 1);
  let lost = 0;
  let doubled = 0;
  for (const difference of balance.values()) {
    lost += Math.max(0, difference);
    doubled += Math.max(0, -difference);
  }
  return { published: published.length, delivered: delivered.length, lost, doubled };
}

/**
 * The texts of the records in one stored object: gzipped NDJSON, a line break after each. Throws an error that says what is
 * wrong with one that no collector has stored so: it is empty, cut off, damaged or no gzip.
 */
export function recordsIn(object: Uint8Array): string[] {
  const [first, second = 0x8b] = object;
  if (first === undefined) throw new Error('it is empty');
  if (first !== 0x1f || second !== 0x8b) throw new Error('it is no gzip');
  const lines = unzipped(object).toString().split('\n');
  if (lines.pop() !== '') throw new Error('it is cut off: its last record has no end');
  if (lines.length === 0) throw new Error('it is empty: there is no record in its gzip');
  return lines;
}

function unzipped(object: Uint8Array): Buffer {
  try {
    return gunzipSync(object);
  } catch (error) {
    const isShort = tooShort.safeParse(error).success;
    throw new Error(
      isShort ? 'it is cut off: its gzip has no end' : 'it is damaged: its gzip cannot be read',
    );
  }
}

/** zlib's own error of an input that ends too early. */
const tooShort = z.object({ code: z.literal('Z_BUF_ERROR') });
