import type { PageRead, Pages } from '../duo/pages';
import { endsEarly } from './advance';
import type { Window } from './checkpoint';

/** What a reader of pages may ask for, and has to do before anything but a good next page is acted on. */
export interface Reader {
  /** Whether there is time, and a page left of those that the run may read after so many `more`. */
  mayAsk(more: number): boolean;
  /** Stores what is held. Throws what that throws. */
  flush(): Promise<void>;
}

/**
 * Reads a page, once more if it ends the window before Duo has shown all that it says there is. Null if there is no time, or
 * no page left, for that.
 */
export async function readWhole(
  window: Window,
  pages: Pages,
  { mayAsk, flush }: Reader,
): Promise<PageRead | null> {
  // The next page comes while this one is read and stored; what comes, errors included, is looked at afterwards.
  const options = { mayAskAhead: () => mayAsk(1), onFailure: flush };
  if (!pages.isAhead && !mayAsk(0)) return null;
  const page = await pages.read(window, options);
  if (!endsEarly(window, page)) return page;
  await flush();
  return mayAsk(0) ? bothShown(page, await pages.read(window, options)) : null;
}

/** The second answer to a request, and what only the first one has shown: that belongs to the log as well. */
function bothShown(first: PageRead, second: PageRead): PageRead {
  const texts = new Set(second.records.map(({ text }) => text));
  return { ...second, records: [...first.records.filter(({ text }) => !texts.has(text)), ...second.records] };
}
