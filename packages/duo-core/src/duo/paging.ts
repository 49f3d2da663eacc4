import * as z from 'zod/mini';
import { UnexpectedResponseError } from '../errors';
import type { LogType, Paging } from '../log-type';

/** What a page is asked for with: the window's bounds in ms, and where the page starts (`null`: at the window's start). */
export interface PageRequest {
  readonly from: number;
  readonly to: number;
  readonly cursor: string | null;
  readonly limit: number;
}

/** What a page tells: the times of its records in ms (null: unreadable), and what stands around them. */
export interface PageContent {
  readonly times: readonly (number | null)[];
  readonly response: unknown;
}

/** One way in which Duo hands out a log page by page. */
export interface PagingStyle {
  /**
   * Whether Duo promises the records of this style in the order of their times. Where it does not, they may move from
   * page to page while they are read, so a window reaches no further than the next one reaches back.
   */
  readonly sorted: boolean;
  /** Whether Duo is told where the window ends; otherwise the records after its end come along and are left to the next one. */
  readonly bounded: boolean;
  /** The ms of the smallest span that Duo can be asked for; a window ends with a whole one, never inside of it. */
  readonly grain: number;
  /** The request's parameters: all of them, on every page. */
  params(request: PageRequest): Record<string, string>;
  /**
   * Reads from the page that `request` has brought where the next one starts (`null`: there is none). Throws an
   * `UnexpectedResponseError` if it is not the described one.
   */
  next(page: PageContent, request: PageRequest, logType: LogType): string | null;
  /** The time in ms that Duo sorts the last record by which a cursor stands for; null if it does not show it. */
  place(cursor: string): number | null;
}

/** Where the array of records stands in an answer. */
export function recordsPath({ records }: Pick<LogType, 'records'>): string[] {
  return records === undefined ? ['response'] : ['response', records];
}

/** The v2 logs: bounds in ms, ascending on request (the default is descending), a search-after cursor. */
const cursor: PagingStyle = {
  sorted: true,
  bounded: true,
  grain: 1,
  params: ({ from, to, cursor, limit }) => ({
    mintime: String(from),
    maxtime: String(to),
    limit: String(limit),
    sort: 'ts:asc',
    ...(cursor !== null && { next_offset: cursor }),
  }),
  next: ({ response }, _request, logType) => readCursor(response, logType),
  // "<ms>,<id>", as every real answer has it; Duo documents the form nowhere.
  place: (cursor) => (/^\d{1,15}(,|$)/.test(cursor) ? Number.parseInt(cursor, 10) : null),
};

/**
 * Bounds in ms and a position as the cursor: `offset` goes in where `next_offset` came out, and `sort` is not documented.
 * https://duo.com/docs/adminapi (Retrieve Events)
 */
const offset: PagingStyle = {
  sorted: false,
  bounded: true,
  grain: 1,
  params: ({ from, to, cursor, limit }) => ({
    mintime: String(from),
    maxtime: String(to),
    limit: String(limit),
    ...(cursor !== null && { offset: cursor }),
  }),
  next({ times, response }, request, logType) {
    const next = readCursor(response, logType);
    const skipped = Number(request.cursor ?? 0);
    // Where a position shows nothing, a later one shows nothing either.
    if (next === null || times.length === 0) return null;
    if (!(Number(next) > skipped)) {
      throw new UnexpectedResponseError(
        `${logType.path}: next_offset ${/^\d{1,15}$/.test(next) ? next : '(not a number)'} leads back, ${skipped} records into the log`,
      );
    }
    return next;
  },
  place: () => null,
};

/**
 * The v1 logs: the earliest records from a second on, as many as Duo gives at once, and nothing else to ask with. The
 * next page begins with the last second of this one, which may have been cut off in the middle. Duo's own advice to
 * go on at the second after it loses the rest. https://duo.com/docs/adminapi-v1
 */
const time: PagingStyle = {
  sorted: true,
  bounded: false,
  grain: 1_000,
  params: (request) => ({ mintime: String(firstSecond(request)) }),
  next({ times, response }, request, logType) {
    const { path, paging } = logType;
    if (!Array.isArray(response)) throw undocumented(logType, ['']);
    const asked = firstSecond(request);
    const seconds = times.map((time) => Math.floor((time ?? 0) / 1_000));
    const last = lastSecond(seconds, asked, paging.limit);
    if (last > asked && last * 1_000 <= request.to) return String(last);
    if (last === asked && seconds.length >= paging.limit) {
      const when = new Date(asked * 1_000).toISOString();
      throw new UnexpectedResponseError(
        seconds.every((second) => second === asked)
          ? `${path}: ${seconds.length} records have the same second, ${when}, and Duo shows no more than that of it: this log cannot be read any further without losing some. Collect the log that has replaced it`
          : `${path}: ${seconds.length} records from ${when} on have no readable time after that second: nothing says where the next page begins`,
      );
    }
    return null;
  },
  place: (cursor) => Number(cursor) * 1_000,
};

/**
 * The second that a page has been shown up to: the latest, not the last, since that these are the earliest records is all that
 * has to be true of their order. Behind a full page there are more, and a record that is dated later than Duo has filed it
 * would skip them: a few that lie far behind all others are not believed.
 */
function lastSecond(seconds: readonly number[], asked: number, limit: number): number {
  const later = seconds.filter((second) => second > asked).sort((one, other) => one - other);
  const doubted = seconds.length < limit ? 0 : Math.max(1, Math.floor(limit / 100));
  const sure = Math.max(1, later.length - doubted);
  const jump = later.findIndex((second, n) => n >= sure && second - (later[n - 1] ?? second) > 3_600);
  return later.slice(0, jump < 0 ? later.length : jump).at(-1) ?? asked;
}

/** The second that a page of the `time` style begins with. */
function firstSecond({ from, cursor }: PageRequest): number {
  return cursor === null ? Math.floor(from / 1_000) : Number(cursor);
}

/** From an object with the records and, in `metadata`, the cursor. */
function readCursor(response: unknown, logType: LogType): string | null {
  const { records = '' } = logType;
  const body = anyObject.safeParse(response);
  const page = cursorPage.safeParse({ records: body.data?.[records], metadata: body.data?.metadata });
  if (!page.success) {
    const places = page.error.issues.map(({ path }) => path.join('.').replace(/^records/, records));
    throw undocumented(
      logType,
      places.map((place) => `.${place}`),
    );
  }
  return cursorText(page.data.metadata.next_offset);
}

function undocumented({ path }: LogType, places: readonly string[]): UnexpectedResponseError {
  const where = places.map((place) => `response${place}`).join(' and ');
  return new UnexpectedResponseError(
    `${path}: the answer is not as documented: ${where} is missing or has another type`,
  );
}

/**
 * How many records Duo says there are, in `metadata.total_objects`, or null: what it counts is documented nowhere, so anything
 * else in its place is no error.
 */
export function readTotal(response: unknown): number | null {
  return counted.safeParse(response).data?.metadata.total_objects ?? null;
}

const counted = z.object({ metadata: z.object({ total_objects: z.int().check(z.minimum(0)) }) });

const anyObject = z.record(z.string(), z.unknown());

/** A lone surrogate could not be sent back. */
const scalar = z.union([z.string().check(z.refine((text) => !/\p{Surrogate}/u.test(text))), z.int()]);

/** Duo sends `next_offset` as a string, a number or an array of two strings, and as null or not at all at the end. */
const nextOffset = z.nullable(z.union([scalar, z.array(scalar)]));

const cursorPage = z.object({
  records: z.array(z.unknown()),
  metadata: z.object({ next_offset: z.optional(nextOffset) }),
});

/** A cursor as it is sent back: today's documented form joins an array by commas (duo_client_python#265). */
function cursorText(offset: z.infer<typeof nextOffset> | undefined): string | null {
  const text = [offset ?? ''].flat().join(',');
  return text === '' ? null : text;
}

/** Every paging style, by the name that a descriptor gives. */
export const pagingStyles: Readonly<Record<Paging['style'], PagingStyle>> = { cursor, offset, time };
