import { setImmediate } from 'node:timers/promises';
import { ClockError, ResponseTooLargeError, ThrottledError, UnexpectedResponseError } from '../errors';
import { boundsTolerance, clockTolerance, publishingDelay } from '../limits';
import type { LogType } from '../log-type';
import type { Logger } from '../logger';
import type { Onlooker, PageSeen } from '../onlooker';
import type { DuoAnswer } from './answer';
import type { DuoClient } from './duo-client';
import { type PagingStyle, pagingStyles, readTotal } from './paging';
import { type LogRecord, readRecord } from './record';
import { type RetryContext, withRetries } from './retry';

/** What pages are read with. Times in ms. */
export interface PagesContext extends Omit<RetryContext, 'onRetry'> {
  readonly logType: LogType;
  readonly duo: DuoClient;
  /** The moment at which a request that is still under way is given up, so that there is time left to save. */
  readonly cutoff: number;
  readonly log: Logger;
  readonly onlooker?: Onlooker | undefined;
  /** Counts how often Duo answered 429. */
  readonly report: { throttles: number };
}

/** Where a page is asked for: in which span (ms, both ends included), where it starts, and how many came before it. */
export interface PageWindow {
  readonly from: number;
  readonly to: number;
  readonly cursor: string | null;
  readonly pages: number;
}

/** A page that was read. Times in ms. */
export interface PageRead {
  readonly records: readonly LogRecord[];
  /** The account that has answered: its API host. */
  readonly source: string;
  /** When Duo has answered, by its own clock. */
  readonly date: number;
  /** Where the next page starts; null on the last page. */
  readonly cursor: string | null;
  /** The time that Duo sorts the page's last record by, where the cursor shows it; otherwise null. */
  readonly place: number | null;
  /** The same of the page before it, or where the window begins. */
  readonly after: number;
  /** How many records Duo says there are, if it does; what that counts is documented nowhere. */
  readonly total: number | null;
  /** Whether the log promises its records in the order of their times. */
  readonly sorted: boolean;
  /** Whether Duo was told where the window ends. */
  readonly bounded: boolean;
}

/** How a page is read. */
export interface ReadOptions {
  /** Whether the page after this one may be asked for by now. */
  mayAskAhead(): boolean;
  /** Called after each attempt that has failed, before anything is done about it: is waited, asked again or given up. What it throws is thrown. */
  onFailure(): Promise<void>;
}

/** The pages of a log, one after the other; one may be on its way while the last one is read and stored. */
export interface Pages {
  /**
   * Reads the page at the window's cursor, in halves if it is too large, and asks for the next one, which the next `read`
   * takes, as soon as its cursor is known and if it may. An error of that one is thrown by the next `read`.
   * Throws rather than believe an answer that is odd or came too early.
   */
  read(window: PageWindow, options: ReadOptions): Promise<PageRead>;
  /** Whether a page was asked for that has not been read. */
  readonly isAhead: boolean;
  /** Resolves when nothing is under way any more. */
  settle(): Promise<void>;
}

/** An answer, and when it was asked for, in ms. */
type TimedAnswer = DuoAnswer & { readonly asked: number };

/** Makes the pages of a log, beginning with as many records a page as Duo allows. */
export function createPages(context: PagesContext): Pages {
  const { logType, duo, clock, cutoff, log, report, onlooker } = context;
  const style = pagingStyles[logType.paging.style];
  let limit = logType.paging.limit;
  let ahead: Promise<TimedAnswer> | null = null;
  let dropped: Promise<unknown> = Promise.resolve();
  /** The cursors that pages of this window were read with. */
  const met = new Set<string>();
  /** The most records that Duo has said there are in this window. */
  let total: number | null = null;
  /** How many records its pages have had; null where an earlier run has read the first ones. */
  let read: number | null = null;

  async function ask(window: PageWindow): Promise<TimedAnswer> {
    const asked = clock.now();
    return { ...(await duo.get(logType, style.params({ ...window, limit }), cutoff)), asked };
  }

  function askAhead(window: PageWindow, cursor: string): void {
    ahead = ask({ ...window, cursor, pages: window.pages + 1 });
    ahead.catch(() => {});
  }

  /** For what was asked for with a cursor that is not the page's, or is asked for once more. */
  function drop(): void {
    dropped = Promise.allSettled([dropped, ahead]);
    ahead = null;
  }

  async function attempt(window: PageWindow, { mayAskAhead, onFailure }: ReadOptions): Promise<PageRead> {
    const asked = ahead ?? ask(window);
    ahead = null;
    try {
      const answer = await asked;
      const likely = likelyCursor(answer, window, logType, style);
      if (likely !== null && mayAskAhead()) {
        askAhead(window, likely);
        // So that it has left when what follows takes the processor.
        await setImmediate();
      }
      if (window.cursor === null) {
        met.clear();
        total = null;
        read = 0;
      } else met.add(window.cursor);
      const page = readPage(answer, window, logType, style, met);
      // An empty page says nothing of those before it: at a bad moment, that there are none.
      total = page.total === null ? total : Math.max(total ?? 0, page.total);
      if (page.cursor !== likely) drop();
      if (ahead === null && page.cursor !== null && mayAskAhead()) askAhead(window, page.cursor);
      if (read !== null) read += page.records.length;
      onlooker?.page(seenOf(page, window, read, total));
      return { ...page, total };
    } catch (error) {
      drop();
      await onFailure().catch((second: unknown) => {
        if (error instanceof Error) log.warn(error.message);
        throw second;
      });
      throw error instanceof UnexpectedResponseError ? onPage(error, window) : error;
    }
  }

  return {
    get isAhead() {
      return ahead !== null;
    },
    async settle() {
      await Promise.allSettled([dropped, ahead]);
    },
    async read(window, options) {
      for (;;) {
        try {
          return await withRetries(() => attempt(window, options), {
            ...context,
            onRetry: (error, pause) => {
              if (error instanceof ThrottledError) report.throttles += 1;
              if (onlooker !== undefined) onlooker.wait(error, pause);
              else
                log.warn(
                  `${error.message.endsWith('?') ? error.message : `${error.message};`} trying again in ${Math.max(1, Math.ceil(pause.wait / 1000))} s`,
                );
            },
          });
        } catch (error) {
          const divisible = limit > 1 && 'limit' in style.params({ ...window, limit });
          if (!(error instanceof ResponseTooLargeError) || !divisible) throw error;
          limit = Math.ceil(limit / 2);
          log.warn(`${error.message}; from now on, asking for ${limit} records at a time`);
        }
      }
    },
  };
}

/** How much of its window has been read with a page. */
function seenOf(
  { cursor, place, after, records }: PageRead,
  { from, to }: PageWindow,
  read: number | null,
  total: number | null,
): PageSeen {
  const shareAt = (time: number) => Math.max(0, time - from) / Math.max(1, to - from);
  const counted = read === null || !total ? null : Math.min(1, read / total);
  const share = cursor === null ? 1 : place === null ? counted : shareAt(place);
  return { records: records.length, from, to, share, before: shareAt(after) };
}

/** The cursor of the next page as far as it can be told before the records are read; null if it cannot. */
function likelyCursor(
  { likely }: TimedAnswer,
  window: PageWindow,
  logType: LogType,
  style: PagingStyle,
): string | null {
  if (likely === undefined) return null;
  try {
    return style.next({ times: [], response: likely }, { ...window, limit: logType.paging.limit }, logType);
  } catch {
    // If that is the page and not the guess, `readPage` throws the same.
    return null;
  }
}

function readPage(
  answer: TimedAnswer,
  window: PageWindow,
  logType: LogType,
  style: PagingStyle,
  met: ReadonlySet<string>,
): PageRead {
  const ahead = Math.max(answer.asked, window.to + publishingDelay) - answer.date;
  if (ahead > clockTolerance) {
    throw new ClockError(
      `this clock is ${Math.round(ahead / 1000)} s ahead of Duo's: records would be missed`,
    );
  }
  const latest = answer.date + clockTolerance;
  const { records, response } = answer.read((value, text) => readRecord(value, text, logType, latest));
  const content = { times: records.map(({ time }) => time), response };
  const next = style.next(content, { ...window, limit: logType.paging.limit }, logType);
  // A short page is not the end, and the last one usually has a cursor as well. An empty page is, unless it leads on.
  const cursor = records.length === 0 && next !== null && met.has(next) ? null : next;
  if (cursor !== null && met.has(cursor)) {
    throw new UnexpectedResponseError(`${logType.path}: ${leadsBack(cursor, window)}`);
  }
  return {
    records,
    cursor,
    source: answer.source,
    date: answer.date,
    place: placeOf(cursor, window, style),
    after: placeOf(window.cursor, window, style) ?? window.from,
    total: readTotal(response),
    sorted: style.sorted,
    bounded: style.bounded,
  };
}

/** Which page of which window is odd. */
function onPage({ message }: Error, { from, to, pages }: PageWindow): UnexpectedResponseError {
  const [since, until] = [from, to].map((time) => new Date(time).toISOString());
  return new UnexpectedResponseError(`${message} (page ${pages} from ${since} to ${until})`);
}

function leadsBack(cursor: string, window: PageWindow): string {
  return cursor === window.cursor
    ? 'Duo returned the same cursor that was used to ask for the page'
    : 'Duo returned the cursor of a page that was read before: its pages go round in a circle';
}

/** Where a cursor says that the page before it ends, in ms: outside of the window, it says something else. */
function placeOf(cursor: string | null, { from, to }: PageWindow, style: PagingStyle): number | null {
  const place = cursor === null ? null : style.place(cursor);
  const isTime = place !== null && place >= from - boundsTolerance && place <= to + boundsTolerance;
  return isTime ? Math.min(place, to) : null;
}
