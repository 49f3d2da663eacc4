import type { PageRead, Pages } from '../duo/pages';
import { endsEarly } from './advance';
import type { Window } from './checkpoint';

/**
 * Reads a page, once more if it ends the window before Duo has shown all that it says there is. Null if there is no time, or
 * no page left, for that. `mayAsk` says whether there is, after so many more pages.
 */
export async function readWhole(
  window: Window,
  pages: Pages,
  mayAsk: (more: number) => boolean,
): Promise<PageRead | null> {
  // The next page comes while this one is read and stored; what comes, errors included, is looked at afterwards.
  const mayAskAhead = () => mayAsk(1);
  if (!pages.isAhead && !mayAsk(0)) return null;
  const page = await pages.read(window, mayAskAhead);
  if (!endsEarly(window, page)) return page;
  return mayAsk(0) ? bothShown(page, await pages.read(window, mayAskAhead)) : null;
}

/** The second answer to a request, and what only the first one has shown: that belongs to the log as well. */
function bothShown(first: PageRead, second: PageRead): PageRead {
  const texts = new Set(second.records.map(({ text }) => text));
  return { ...second, records: [...first.records.filter(({ text }) => !texts.has(text)), ...second.records] };
}
