import { clockTolerance, type OpenCheckpoint, type PageRead, publishingDelay } from './checkpoint';
import type { Collection } from './collect';
import type { DuoAnswer } from './duo-client';
import { ClockError, ResponseTooLargeError, ThrottledError, UnexpectedResponseError } from './errors';
import type { LogType } from './log-type';
import { type PagingStyle, pagingStyles, recordsPath } from './paging';
import { readRecords } from './records';
import { withRetries } from './retry';

/** The pages of a log, one after the other; one may be on its way while the last one is stored. */
export interface Pages {
  /**
   * Reads the page at the window's cursor, in halves if it is too large. Throws rather than believe an answer that is odd
   * or came too early.
   */
  read(window: Window): Promise<PageRead>;
  /** Asks for the page at the window's cursor, which the next `read` takes; an error is thrown there. */
  askAhead(window: Window): void;
  /** Whether a page was asked for that has not been read. */
  readonly isAhead: boolean;
  /** Resolves when nothing is under way any more. */
  settle(): Promise<void>;
}

type Window = OpenCheckpoint['window'];

/** An answer, and when it was asked for, in ms. */
type TimedAnswer = DuoAnswer & { readonly asked: number };

/** Makes the pages of a collection's log, beginning with as many records a page as Duo allows. */
export function createPages(collection: Collection): Pages {
  const { logType, duo, clock, cutoff, log, report } = collection;
  const style = pagingStyles[logType.paging.style];
  let limit = logType.paging.limit;
  let ahead: Promise<TimedAnswer> | null = null;

  async function attempt(window: Window): Promise<TimedAnswer> {
    const asked = clock.now();
    return { ...(await duo.get(logType.path, style.params({ ...window, limit }), cutoff)), asked };
  }

  return {
    get isAhead() {
      return ahead !== null;
    },
    askAhead(window) {
      ahead = attempt(window);
      ahead.catch(() => {});
    },
    async settle() {
      await ahead?.catch(() => {});
    },
    async read(window) {
      const next = () => {
        const answer = ahead ?? attempt(window);
        ahead = null;
        return answer;
      };
      for (;;) {
        try {
          const answer = await withRetries(next, {
            ...collection,
            onRetry: (error, wait) => {
              if (error instanceof ThrottledError) report.throttles += 1;
              log.warn(`${error.message}; trying again in ${Math.round(wait / 1000)} s`);
            },
          });
          return readPage(answer, window, logType, style);
        } catch (error) {
          const divisible = limit > 1 && 'limit' in style.params({ ...window, limit });
          if (!(error instanceof ResponseTooLargeError) || !divisible) throw error;
          limit = Math.ceil(limit / 2);
          log.warn(`${error.message}; asking for ${limit} records at once from now on`);
        }
      }
    },
  };
}

function readPage(answer: TimedAnswer, window: Window, logType: LogType, style: PagingStyle): PageRead {
  const ahead = Math.max(answer.asked, window.to + publishingDelay) - answer.date;
  if (ahead > clockTolerance) {
    throw new ClockError(
      `this clock is ${Math.round(ahead / 1000)} s ahead of Duo's: records would be missed`,
    );
  }
  const latest = answer.date + clockTolerance;
  const content = style.read(answer.response, { ...window, limit: logType.paging.limit }, logType, latest);
  const records = readRecords(answer.text, recordsPath(logType), content.records, logType, latest);
  // Only an empty page or no cursor is the end: a short page is not, and the last one usually has a cursor as well.
  const cursor = records.length === 0 ? null : content.cursor;
  if (cursor !== null && cursor === window.cursor) {
    throw new UnexpectedResponseError(
      `${logType.path}: Duo handed back the cursor that the page was asked for with`,
    );
  }
  return { records, cursor, sorted: style.sorted, bounded: style.bounded };
}
