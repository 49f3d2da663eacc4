import { type LogType, publishingDelay } from 'duo-core';
import * as z from 'zod/mini';
import { readTime } from './record-time';

/** The records of one log, and when each of them becomes visible. */
export interface SimulatedLog {
  /**
   * Adds a record; a text is kept and served byte for byte. It is published two minutes after its own time, as at Duo
   * ("querying for results more recent than two minutes will return as empty"), or at `publishedAt` (ms) if that is
   * later: a late record. With `filedAt` (ms), that is where it has its place, whatever its own time says. Throws a `TypeError`
   * if the record is no JSON object with this log's time, unless it is filed elsewhere, and, if the log has one, its id.
   */
  add(record: string | object, options?: { readonly publishedAt?: number; readonly filedAt?: number }): void;
  /** Adds each of the records, to be published two minutes after its own time. */
  addAll(records: Iterable<string | object>): void;
  /**
   * Changes a record, as Duo does with the state of some: from now on `record` is what it shows in place of the first
   * with the text `old`, and as soon. Throws a `TypeError` if there is none, or for what `add` throws one.
   */
  replace(old: string, record: string | object): void;
  /** The text of every record that is visible now, oldest first: what a collector should have by now. */
  published(): string[];
  /** Every record that is visible now, in Duo's ascending order. */
  visible(): readonly LogRecord[];
}

/** What Duo sorts by and what its cursor consists of: the time cut to milliseconds, then the id. */
export interface RecordKey {
  readonly ms: number;
  /** Empty where the log's records have none. */
  readonly id: string;
}

/** A record as the simulator keeps it. Several may have the same text or the same key. */
export interface LogRecord extends RecordKey {
  readonly text: string;
  /** When it becomes visible, in milliseconds. */
  readonly visibleFrom: number;
}

/** Makes an empty log. `now` is in milliseconds. */
export function createLog(logType: LogType, now: () => number): SimulatedLog {
  const records: LogRecord[] = [];
  let sorted = true;
  // What was visible at `from`, and still is until another record is added or becomes visible: a log is asked for
  // page after page, and looking through all of it for each would make the simulator the slow part of a benchmark.
  let shown: {
    readonly records: readonly LogRecord[];
    readonly from: number;
    readonly until: number;
  } | null = null;

  const show = (from: number) => {
    // The sort is stable: records with the same key stay in the order in which they were added.
    if (!sorted) records.sort(compareKeys);
    sorted = true;
    const hidden = records.filter((one) => one.visibleFrom > from);
    const until = hidden.reduce(
      (soonest, one) => Math.min(soonest, one.visibleFrom),
      Number.POSITIVE_INFINITY,
    );
    return { records: records.filter((one) => one.visibleFrom <= from), from, until };
  };

  const visible = () => {
    const time = now();
    if (shown === null || time < shown.from || time >= shown.until) shown = show(time);
    return shown.records;
  };

  /** Puts a record in the place of `count` others. */
  const put = (index: number, count: number, record: LogRecord) => {
    records.splice(index, count, record);
    sorted = false;
    shown = null;
  };

  return {
    add(record, options) {
      const text = textOf(record);
      const key = readKey(text, logType, options?.filedAt);
      const visibleFrom = Math.max(latest(key, logType) + publishingDelay, options?.publishedAt ?? 0);
      put(records.length, 0, { ...key, text, visibleFrom });
    },
    addAll(added) {
      for (const record of added) this.add(record);
    },
    replace(old, record) {
      const index = records.findIndex((one) => one.text === old);
      const replaced = records[index];
      if (replaced === undefined) throw new TypeError(`the ${logType.name} log has no record with this text`);
      const text = textOf(record);
      put(index, 1, { ...readKey(text, logType), text, visibleFrom: replaced.visibleFrom });
    },
    published: () => visible().map((one) => one.text),
    visible,
  };
}

/** Duo's order: by the time cut to milliseconds, then by the id. How Duo breaks ties is documented nowhere. */
export function compareKeys(a: RecordKey, b: RecordKey): number {
  if (a.ms !== b.ms) return a.ms - b.ms;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/**
 * When a record may have happened at the latest. A time in whole seconds was cut off, by up to 999 ms, and Duo's two
 * minutes begin with what happened, not with what is written down.
 */
function latest({ ms }: RecordKey, { time }: LogType): number {
  return time.unit === 's' ? ms + 999 : ms;
}

const jsonObject = z.record(z.string(), z.unknown());

function textOf(record: string | object): string {
  return typeof record === 'string' ? record : JSON.stringify(record);
}

function readKey(text: string, logType: LogType, filedAt?: number): RecordKey {
  const record = jsonObject.safeParse(parse(text));
  const problem = (what: string) => new TypeError(`not a record of the ${logType.name} log: ${what}`);
  if (!record.success) throw problem('it is not a JSON object');
  const id = logType.id === undefined ? '' : record.data[logType.id];
  if (typeof id !== 'string' || (id === '' && logType.id !== undefined)) {
    throw problem(`its "${logType.id}" is not a text`);
  }
  const own = readTime(record.data[logType.time.field], logType.time.unit);
  const ms = filedAt === undefined ? own : inUnit(filedAt, logType);
  if (!Number.isFinite(ms)) throw problem(`its "${logType.time.field}" is not a time (${logType.time.unit})`);
  return { ms: Math.floor(ms), id };
}

function inUnit(ms: number, { time }: LogType): number {
  return time.unit === 's' ? Math.floor(ms / 1000) * 1000 : ms;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
