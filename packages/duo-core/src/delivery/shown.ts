import type { PageRead } from '../duo/pages';
import { identity } from './records';

/** How much of a window Duo has shown: how many records, and the identities of the last ones, which its next page may begin with again. */
export interface Shown {
  readonly read: number;
  readonly edge?: readonly string[] | undefined;
}

/** How many records at the end of a page are known again at the beginning of the next one. */
const mostRepeated = 10;

/**
 * How many records Duo has shown with this page. What it begins with again counts once: counted twice, it would make up for records
 * that were not shown.
 */
export function shownWith({ read, edge = [] }: Shown, { records }: Pick<PageRead, 'records'>): number {
  const known = new Set(edge);
  const first = records.findIndex(({ text }) => !known.has(identity(text)));
  return read + (first < 0 ? 0 : records.length - first);
}

/** What the page after this one may begin with again; a page without records leaves it as it was. */
export function edgeAfter(
  { edge }: Shown,
  { records }: Pick<PageRead, 'records'>,
): readonly string[] | undefined {
  if (records.length === 0) return edge;
  return records.slice(-mostRepeated).map(({ text }) => identity(text));
}
