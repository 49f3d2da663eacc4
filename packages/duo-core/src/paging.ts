import * as z from 'zod/mini';
import { UnexpectedResponseError } from './errors';
import type { LogType, Paging } from './log-type';

/** What a page is asked for with: the window's bounds in ms, and where the page starts (`null`: at the window's start). */
export interface PageRequest {
  readonly from: number;
  readonly to: number;
  readonly cursor: string | null;
  readonly limit: number;
}

/** What a page says: its parsed records in Duo's order, and the cursor of the next page (`null`: there is none). */
export interface PageContent {
  readonly records: readonly unknown[];
  readonly cursor: string | null;
}

/** One way in which Duo hands out a log page by page. */
export interface PagingStyle {
  /** Whether Duo promises the records of this style in the order of their times. */
  readonly sorted: boolean;
  /** The request's parameters: all of them, on every page. */
  params(request: PageRequest): Record<string, string>;
  /** Where the array of records stands in the answer. */
  recordsPath(logType: LogType): readonly string[];
  /** Reads `response`; throws `UnexpectedResponseError` if it is not the described one. */
  read(response: unknown, logType: LogType): PageContent;
}

/** The v2 logs: bounds in ms, ascending on request (the default is descending), a search-after cursor. */
const cursor: PagingStyle = {
  sorted: true,
  params: ({ from, to, cursor, limit }) => ({
    mintime: String(from),
    maxtime: String(to),
    limit: String(limit),
    sort: 'ts:asc',
    ...(cursor !== null && { next_offset: cursor }),
  }),
  recordsPath: (logType) => ['response', logType.records],
  read(response, logType) {
    const body = z.record(z.string(), z.unknown()).safeParse(response);
    const page = cursorPage.safeParse({
      records: body.data?.[logType.records],
      metadata: body.data?.metadata,
    });
    if (!page.success) {
      const places = page.error.issues.map(({ path }) => path.join('.').replace(/^records/, logType.records));
      throw new UnexpectedResponseError(
        `${logType.path}: the answer is not the documented one: response.${places.join(' and response.')} is missing or of another type`,
      );
    }
    return { records: page.data.records, cursor: cursorText(page.data.metadata.next_offset) };
  },
};

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
export const pagingStyles: Readonly<Record<Paging['style'], PagingStyle>> = { cursor };
