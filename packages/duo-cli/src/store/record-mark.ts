import { identity, isBelieved, type LogType, readTime } from 'duo-core';
import * as z from 'zod/mini';
import { parseJson } from './parse-json';

/** What a comparison remembers of a record, in place of its text. */
export interface RecordMark {
  readonly identity: string;
  /** What the record is known by when its text has changed: its id, or its identity where it has none. */
  readonly name: string;
  /** In ms; null if it cannot be read. */
  readonly time: number | null;
}

const members = z.record(z.string(), z.unknown());

/** The mark of a record; no time is after `latest` (ms), as in the collector. */
export function markOf(text: string, { id = '', time }: LogType, latest: number): RecordMark {
  // A line that is no JSON is foreign, not a failure.
  const record = parseJson(text);
  const own = identity(text);
  const name = members.safeParse(record).data?.[id];
  return {
    identity: own,
    name: typeof name === 'string' ? name : own,
    time: readTime(record, time, latest),
  };
}

/** The mark, without its time if that is not one of the span in which Duo has shown the record. */
export function believed(mark: RecordMark, span: { from: number; to: number } | null): RecordMark {
  return span === null || isBelieved(mark.time, span) ? mark : { ...mark, time: null };
}
