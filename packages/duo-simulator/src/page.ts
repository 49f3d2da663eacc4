import { compareKeys, type LogRecord } from './log';
import type { PageQuery, RecordKey } from './parameters';

/** How a log's pages look where Duo's own logs differ from one another. */
export interface PageForm {
  /**
   * `next_offset` in the answer: one text `"<ms>,<id>"`, or the two in an array (of Duo's v2 logs one does that).
   * @default 'string'
   */
  readonly cursorForm?: 'string' | 'array';
  /**
   * What the last page with records says: a cursor like any other, and only the empty page after it says null (the real
   * answer in chronicle/content-hub does that); or null; or nothing. Duo documents none of the three.
   * @default 'cursor'
   */
  readonly ending?: 'cursor' | 'null' | 'absent';
}

/** One page of a log. */
export interface Page {
  readonly records: readonly LogRecord[];
  readonly metadata: {
    readonly next_offset?: string | readonly [string, string] | null;
    /** The matches in the whole window, however far the cursor is. Whether Duo's number shrinks is not documented. */
    readonly total_objects: number;
  };
}

/**
 * Cuts the page that a query asks for out of a log's visible records (ascending). The cursor is the key of the page's
 * last record and the next page starts after that key; so of several records with one and the same key those that
 * a page's end cuts off are skipped, which is what a search-after does and what Duo leaves undocumented.
 */
export function cutPage(visible: readonly LogRecord[], query: PageQuery, form: PageForm): Page {
  const { limit, descending } = query;
  const window = windowOf(visible, query);
  const [first, last] = restOf(visible, window, query);
  const records = descending
    ? visible.slice(Math.max(first, last - limit), last).reverse()
    : visible.slice(first, Math.min(first + limit, last));
  const isLast = records.length >= last - first;
  const total_objects = window[1] - window[0];
  return { records, metadata: { ...nextOffset(records.at(-1), isLast, form), total_objects } };
}

/** Both ends belong to the window. Duo does not say how it compares microseconds with them: here they are cut off. */
function windowOf(visible: readonly RecordKey[], { mintime, maxtime }: PageQuery): Span {
  const start = countWhile(visible, ({ ms }) => ms < mintime);
  return [start, countWhile(visible, ({ ms }) => ms <= maxtime)];
}

/** What the cursor has left of the window. */
function restOf(visible: readonly RecordKey[], [start, end]: Span, { after, descending }: PageQuery): Span {
  if (after === null) return [start, end];
  const before = countWhile(visible, (one) => compareKeys(one, after) < 0);
  const through = countWhile(visible, (one) => compareKeys(one, after) <= 0);
  return descending ? [start, Math.min(end, before)] : [Math.max(start, through), end];
}

/** The index of the first record and the index after the last one. */
type Span = readonly [start: number, end: number];

/** How many of the records, which are in order, come before the first that the condition does not hold for. */
function countWhile(records: readonly RecordKey[], holds: (one: RecordKey) => boolean): number {
  let [low, high] = [0, records.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const one = records[middle];
    if (one !== undefined && holds(one)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function nextOffset(end: RecordKey | undefined, last: boolean, form: PageForm) {
  const { cursorForm = 'string', ending = 'cursor' } = form;
  if (last && ending === 'absent') return {};
  if (end === undefined || (last && ending === 'null')) return { next_offset: null };
  const parts = [String(end.ms), end.id] as const;
  return { next_offset: cursorForm === 'array' ? parts : parts.join(',') };
}
