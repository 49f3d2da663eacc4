import type { ZodMiniType } from 'zod/mini';

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
  /** The property of `response` that holds the array of records. */
  readonly records: string;
  /** Where a record says when it happened. */
  readonly time: TimeField;
  /** The property that makes a record unique; Duo's cursor consists of the time and this. */
  readonly id: string;
  /** What a record looks like today. One that does not fit is stored all the same and counted as `SchemaDrift`. */
  readonly schema: ZodMiniType;
  /** The least overlap this log needs, in seconds, where `OVERLAP_SECONDS` is too little for it. */
  readonly overlapSeconds?: number;
}

/** How a log is paged. A log that fits no style gets a new style in `paging.ts`, not an `if`. */
export type Paging = {
  /** `mintime`, `maxtime` and `limit` on every request, `next_offset` from each page to the next. */
  readonly style: 'cursor';
  /** Records per page: the most that Duo allows for this log. */
  readonly limit: number;
};

/** A record's time: an ISO 8601 string with a zone (`iso`), or a number of seconds (`s`) or milliseconds (`ms`). */
export interface TimeField {
  readonly field: string;
  readonly unit: 'iso' | 's' | 'ms';
}

/** Checks a descriptor when its module loads and returns it unchanged. Throws a `TypeError` that names the mistake. */
export function defineLogType(logType: LogType): LogType {
  const { name, path, paging, overlapSeconds = 0 } = logType;
  const complain = (problem: string) => new TypeError(`log type "${name}": ${problem}`);
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw complain(
      'a name consists of lower-case words joined by hyphens, because object keys and resources carry it',
    );
  }
  if (!/^\/admin\/[\w/-]+$/.test(path)) {
    throw complain(`path "${path}" is not below /admin/, where Duo's logs are`);
  }
  if (!Number.isSafeInteger(paging.limit) || paging.limit < 1) {
    throw complain(`limit ${paging.limit} is not a number of records`);
  }
  if (!Number.isSafeInteger(overlapSeconds) || overlapSeconds < 0) {
    throw complain(`overlapSeconds ${overlapSeconds} is not a number of seconds`);
  }
  return logType;
}
