import { hash } from 'node:crypto';
import { boundsTolerance } from '../limits';

/** A record's identity: 128 bits of the SHA-256 of its text. Two records are the same when their identities are. */
export function identity(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22);
}

/** Where Duo has filed the records of a page, in ms: it says so by showing them. */
export interface Filed {
  /** The window that they were asked for with, both ends included. */
  readonly from: number;
  readonly to: number;
  /** The latest time under which one whose own time is believed may be filed. */
  readonly last: number;
  /** The same of any other. */
  readonly latest: number;
}

/**
 * Whether a record's own time may be the one under which Duo has filed it. Any other says nothing: the record belongs to the
 * window because Duo has shown it there.
 */
export function isBelieved(time: number | null, { from, to }: Pick<Filed, 'from' | 'to'>): time is number {
  return time !== null && time >= from - boundsTolerance && time <= to + boundsTolerance;
}
