import { type ZodMiniObject, ZodMiniType } from 'zod/mini';
import { $constructor, $ZodObjectJIT, type $ZodShape } from 'zod/v4/core';

/**
 * One of Duo's logs, as data: everything the collector and the simulator need to know about it.
 * Nothing anywhere branches on `name`.
 */
export interface LogType {
  /** The folder under `services/`, and the name in object keys, state keys, metrics and messages. */
  readonly name: string;
  /** The endpoint's path, for example `/admin/v2/logs/…`. */
  readonly path: string;
  /** How pages are asked for and read. */
  readonly paging: Paging;
  /** The property of `response` that holds the array of records; left out where `response` itself is the array. */
  readonly records?: string;
  /** Where a record says when it happened. */
  readonly time: TimeField;
  /** The property that makes a record unique; left out where records have none. The simulator's cursors hold it. */
  readonly id?: string;
  /** What a record looks like today. One that does not fit is stored all the same and counted as `SchemaDrift`. */
  readonly schema: ZodMiniType;
  /** The least overlap that this log needs, in seconds, where `OVERLAP_SECONDS` is too little for it. @default 0 */
  readonly overlapSeconds?: number;
  /** What is said of this log's end; left out where nothing is. Runs do not look at it: operators are told. */
  readonly retirement?: Retirement;
}

/** What is said of the day on which Duo retires a log. */
export interface Retirement {
  /** The UTC day, `YYYY-MM-DD`. */
  readonly on: string;
  /** Who says so. */
  readonly source: string;
  /** What else an operator should know, in a sentence: what has its events then, or whom it is closed to already. */
  readonly note: string;
}

/**
 * How a log is paged. `limit` is the most records that Duo puts on a page of this log. A log that fits no style gets a
 * new style in `paging.ts`, not an `if`.
 */
export type Paging =
  | {
      /** Bounds in ms, ascending, and `next_offset` from each page to the next: the v2 logs. */
      readonly style: 'cursor';
      readonly limit: number;
      /** How Duo sends `next_offset`: for the simulator, since the collector takes either. @default 'string' */
      readonly cursorForm?: 'string' | 'array';
    }
  | {
      /** Bounds in ms, in no order that Duo promises, and `offset`, the number of records before the page. */
      readonly style: 'offset';
      readonly limit: number;
    }
  | {
      /** The earliest `limit` records from `mintime` on, in seconds, and no upper bound: the v1 logs. */
      readonly style: 'time';
      readonly limit: number;
    };

const styles: readonly Paging['style'][] = ['cursor', 'offset', 'time'];

/** A record's time: an ISO 8601 string with a zone (`iso`), or a number of seconds (`s`) or milliseconds (`ms`). */
export interface TimeField {
  readonly field: string;
  readonly unit: 'iso' | 's' | 'ms';
}

/**
 * The schema of an object that has these fields, whatever else it has: as `looseObject`, but compiled, because every record
 * is checked. https://zod.dev/packages/core
 */
export function fields(shape: $ZodShape): ZodMiniObject {
  return new CompiledObject({ type: 'object', shape });
}

/** What `zod` has and `zod/mini` leaves out. */
const CompiledObject = $constructor<ZodMiniObject>('CompiledObject', (schema, definition) => {
  $ZodObjectJIT.init(schema, definition);
  ZodMiniType.init(schema, definition);
});

/** Checks a descriptor when its module loads and returns it unchanged. Throws a `TypeError` that names the mistake. */
export function defineLogType(logType: LogType): LogType {
  const { name, path, paging, records, id, overlapSeconds = 0, retirement } = logType;
  const complain = (problem: string) => new TypeError(`log type "${name}": ${problem}`);
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw complain(
      'a name must be lower-case words joined by hyphens, because object keys and resources contain it',
    );
  }
  if (!/^\/admin\/[\w/-]+$/.test(path)) {
    throw complain(`path "${path}" is not below /admin/, where Duo's logs are`);
  }
  if (!styles.includes(paging.style)) {
    throw complain(`the paging style "${paging.style}" must be one of ${styles.join(', ')}`);
  }
  if (!Number.isSafeInteger(paging.limit) || paging.limit < 1) {
    throw complain(`limit ${paging.limit} is not a number of records`);
  }
  if (paging.style !== 'time' && (records === undefined || id === undefined)) {
    throw complain(`records and id must be given for the paging style "${paging.style}"`);
  }
  if (paging.style === 'time' && records !== undefined) {
    throw complain('records cannot be given for the paging style "time": its whole answer is their array');
  }
  if (!['iso', 's', 'ms'].includes(logType.time.unit)) {
    throw complain(`the unit "${logType.time.unit}" of its time must be iso, s or ms`);
  }
  if (!Number.isSafeInteger(overlapSeconds) || overlapSeconds < 0) {
    throw complain(`overlapSeconds ${overlapSeconds} is not a number of seconds`);
  }
  if (retirement !== undefined && Number.isNaN(Date.parse(retirement.on))) {
    throw complain(`its retirement on "${retirement.on}" must be a day, YYYY-MM-DD`);
  }
  if (paging.style === 'offset' && overlapSeconds < leastOffsetOverlap) {
    throw complain(
      `overlapSeconds must be at least ${leastOffsetOverlap} for the paging style "offset", whose records may move between pages: the next window finds in the overlap what this one has missed`,
    );
  }
  return logType;
}

/** A window of this style reaches no further than the overlap, and none is opened for less than a minute. In seconds. */
const leastOffsetOverlap = 3_600;
