import type { Clock } from '../clock';
import { mostRead } from '../limits';

/**
 * Where objects go. Every put is conditional, so nothing is ever overwritten by accident: it creates an object, or
 * replaces exactly the version whose ETag is given. Keys are relative and use `/`.
 */
export interface Store {
  /** Where this is, for messages: `s3://bucket/prefix` or `file:///directory`. */
  readonly url: string;
  /** The object, or undefined if there is none. Any doubt (an access denied, a time-out, more than `mostRead`) is a thrown error. */
  get(key: string): Promise<StoredObject | undefined>;
  put(key: string, body: Uint8Array, condition: PutCondition): Promise<PutOutcome>;
  /** The objects whose keys begin so, in the order of their keys; those after `startAfter` if it is given. */
  list(prefix: string, startAfter?: string): AsyncIterable<ListedObject>;
}

/** An object as a listing has it: its key, its size in bytes, and when it was put, in ms. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly putAt: number;
}

/** An object, the ETag of this version of it, and when it was put (ms, by the store's own clock). */
export interface StoredObject {
  readonly body: Uint8Array;
  readonly etag: string;
  readonly putAt: number;
}

/** `absent`: create it. An ETag: replace that version. */
export type PutCondition = 'absent' | { readonly etag: string };

/**
 * What a put came to, in S3's terms: `stored`; `changed` (412, the condition does not hold); `conflict` (409,
 * another put was under way: read back and repeat); `missing` (404, there is no version to replace). Anything else
 * is thrown, and then the put may or may not have taken effect.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export type PutOutcome =
  | { readonly kind: 'stored'; readonly etag: string }
  | { readonly kind: 'changed' | 'conflict' | 'missing' };

/** What a stored object is, by its name: records are NDJSON, gzipped by content and name alone; state is JSON; the lake is Parquet. */
export function contentType(key: string): string {
  if (key.endsWith('.parquet')) return 'application/vnd.apache.parquet';
  return key.endsWith('.json') ? 'application/json' : 'application/x-ndjson';
}

/** What is wrong with an object of so many bytes, if it is larger than anything that is read. */
export function sizeProblem(size: number): string | undefined {
  if (size <= mostRead) return undefined;
  return `it has ${size} bytes, and no collector stores more than ${mostRead}: put its earlier version back, or find out what writes there`;
}

/** How often a put that meets another one is repeated. */
export const conflictAttempts = 8;

/** What waiting for another writer takes: a clock, and a number in [0, 1) as `Math.random` gives. */
export interface Patience {
  readonly clock: Clock;
  readonly random: () => number;
}

/** Waits a random while before the next attempt, so that two writers do not meet again: at most 50 ms times `attempt`. */
export async function waitForOthers({ clock, random }: Patience, attempt: number): Promise<void> {
  await clock.sleep(random() * 50 * attempt);
}
