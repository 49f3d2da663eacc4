import type { Paging } from 'duo-core';
import { type DuoFailure, failures } from '../failures';
import type { Page, PageRequest } from './page';
import { readWindow } from './parameters';
import { windowOf } from './window';

/**
 * Gives a page of the style `offset`: a window, and in `offset` how many of its records to skip (none unless given), which
 * is what `next_offset` says in the answer. A record that appears before that position while a client pages moves all
 * those behind it.
 */
export function offsetPage(
  { params, visible, form, now }: PageRequest,
  { limit: most }: Paging,
): Page | DuoFailure {
  const window = readWindow(params, most, now);
  if ('code' in window) return window;
  const { offset = '0' } = params;
  if (typeof offset !== 'string' || !/^\d+$/.test(offset)) return failures.invalidParameters('offset');

  const { ending = 'absent', order = 'ascending' } = form;
  const matches = visible.slice(...windowOf(visible, window));
  if (order === 'descending') matches.reverse();
  const [start, end] = [Number(offset), Number(offset) + window.limit];
  const records = matches.slice(start, end);
  const isLast = end >= matches.length;
  if (isLast && ending === 'null') return { records, metadata: { next_offset: null } };
  const isEnd = isLast && (ending === 'absent' || records.length === 0);
  return { records, metadata: isEnd ? {} : { next_offset: start + records.length } };
}
