import { type Paging, retention } from 'duo-core';
import { type DuoFailure, failures } from '../failures';
import type { Page, PageRequest } from './page';
import { startOf } from './window';

/**
 * Gives a page of the style `time`: the earliest records from `mintime` on, that second included, or from the oldest that
 * Duo keeps. There is no other parameter. https://duo.com/docs/adminapi-v1
 */
export function timePage({ params, visible, now }: PageRequest, { limit }: Paging): Page | DuoFailure {
  // 0 is what Duo's Python client sends for "from the beginning".
  const { mintime = '0' } = params;
  if (typeof mintime !== 'string' || !/^\d{1,10}$/.test(mintime))
    return failures.invalidParameters('mintime');
  const start = startOf(visible, Math.max(Number(mintime) * 1000, now - retention));
  return { records: visible.slice(start, start + limit), metadata: {} };
}
