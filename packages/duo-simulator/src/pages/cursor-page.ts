import type { Paging } from 'duo-core';
import { type DuoFailure, failures } from '../failures';
import { compareKeys, type LogRecord, type RecordKey } from '../records/log';
import type { Page, PageForm, PageRequest } from './page';
import { type Parameters, readWindow, type Window } from './parameters';
import { countWhile, type Span, windowOf } from './window';

type CursorPaging = Extract<Paging, { style: 'cursor' }>;
type CursorForm = NonNullable<CursorPaging['cursorForm']>;

/**
 * Gives a page of the style `cursor`. The cursor is the key of the page's last record and the next page starts after
 * that key; so of several records with one and the same key those that a page's end cuts off are skipped, which is
 * what a search-after does and what Duo leaves undocumented.
 */
export function cursorPage(request: PageRequest, paging: CursorPaging): Page | DuoFailure {
  const query = readCursorQuery(request.params, paging.limit, request.now);
  return 'code' in query ? query : cutPage(request.visible, query, request.form, paging.cursorForm);
}

/** A window, read in one direction. */
export interface CursorQuery extends Window {
  readonly descending: boolean;
  /** Where the page starts: after the record with this key, or at the window's start. */
  readonly after: RecordKey | null;
}

/** Reads a window, `sort` (`ts:desc` unless given) and `next_offset`. `now` is in milliseconds. */
export function readCursorQuery(params: Parameters, most: number, now: number): CursorQuery | DuoFailure {
  const window = readWindow(params, most, now);
  if ('code' in window) return window;
  const { sort = 'ts:desc', next_offset } = params;
  if (sort !== 'ts:asc' && sort !== 'ts:desc') return failures.invalidParameters('sort');
  const after = next_offset === undefined ? null : readCursor(next_offset);
  if (after === undefined) return failures.invalidParameters('next_offset');
  return { ...window, descending: sort === 'ts:desc', after };
}

/** `"<ms>,<id>"`, or the two as a parameter sent twice, which older clients do (duo_client_python#96). */
function readCursor(value: Parameters[string]): RecordKey | undefined {
  const [, ms, id] = /^(\d+),([^,]+)$/.exec([value].flat().join(',')) ?? [];
  return ms === undefined || id === undefined ? undefined : { ms: Number(ms), id };
}

/** Cuts the page that a query asks for out of a log's visible records (ascending). */
export function cutPage(
  visible: readonly LogRecord[],
  query: CursorQuery,
  form: PageForm,
  cursorForm: CursorForm = 'string',
): Page {
  const { limit, descending } = query;
  const window = windowOf(visible, query);
  const [first, last] = restOf(visible, window, query);
  const records = descending
    ? visible.slice(Math.max(first, last - limit), last).reverse()
    : visible.slice(first, Math.min(first + limit, last));
  const isLast = records.length >= last - first;
  const total_objects = window[1] - window[0];
  return { records, metadata: { ...nextOffset(records.at(-1), isLast, form, cursorForm), total_objects } };
}

/** What the cursor has left of the window. */
function restOf(visible: readonly RecordKey[], [start, end]: Span, { after, descending }: CursorQuery): Span {
  if (after === null) return [start, end];
  const before = countWhile(visible, (one) => compareKeys(one, after) < 0);
  const through = countWhile(visible, (one) => compareKeys(one, after) <= 0);
  return descending ? [start, Math.min(end, before)] : [Math.max(start, through), end];
}

function nextOffset(
  end: RecordKey | undefined,
  last: boolean,
  { ending = 'cursor' }: PageForm,
  cursorForm: CursorForm,
) {
  if (last && ending === 'absent') return {};
  if (end === undefined || (last && ending === 'null')) return { next_offset: null };
  const parts = [String(end.ms), end.id] as const;
  return { next_offset: cursorForm === 'array' ? parts : parts.join(',') };
}
