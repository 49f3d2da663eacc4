import { createPages, type PageRead, type Pages } from '../duo/pages';
import { BadRequestError, ThrottledError } from '../errors';
import { type Advanced, advance } from './advance';
import { type Checkpoint, claim, type OpenCheckpoint, open } from './checkpoint';
import { putOutbox } from './outbox';
import {
  adopt,
  begin,
  type Collection,
  type Progress,
  save,
  saveLast,
  tellEarly,
  whereOf,
  windowRules,
} from './progress';
import { readWhole } from './read-whole';

/**
 * How a run ended. `caught-up`: there is nothing more to read yet. `more`: time or pages were used up. `throttled`:
 * Duo asked to wait longer than there was time. `superseded`: another run is ahead of this one.
 */
export type Outcome = 'caught-up' | 'more' | 'throttled' | 'superseded';

/**
 * Delivers what Duo has published, page by page: the checkpoint that is saved after a page decides what is stored,
 * and holds it until it is. May be killed at any moment and run any number of times at once.
 */
export async function collect(collection: Collection): Promise<Outcome> {
  const pages = createPages(collection);
  try {
    return await collectPages(collection, pages);
  } finally {
    // A function that has ended is frozen, and what is under way then breaks off in its next run.
    await pages.settle();
  }
}

async function collectPages(collection: Collection, pages: Pages): Promise<Outcome> {
  const progress = await begin(collection);
  for (let now = progress.started; ; now = collection.clock.now()) {
    let next: OpenPage | Outcome;
    try {
      next = await readNext(progress, collection, pages, now);
    } catch (error) {
      // A first run that fails leaves nothing behind.
      if (progress.etag !== null) await saveLast(progress, collection).catch(alsoFailed(collection));
      throw error;
    }
    const outcome = typeof next === 'string' ? next : await deliver(progress, next, collection);
    if (outcome === 'superseded') return outcome;
    if (outcome !== null) return (await saveLast(progress, collection)) ? outcome : 'superseded';
  }
}

/** A page, and the checkpoint with the window that it is of. */
interface OpenPage {
  readonly opened: OpenCheckpoint;
  readonly page: PageRead;
}

/** Reads the next page, or says why there is none to read now. */
async function readNext(
  progress: Progress,
  collection: Collection,
  pages: Pages,
  now: number,
): Promise<OpenPage | Outcome> {
  const { checkpoint, refused } = progress;
  try {
    const opened = withWindow(checkpoint) ?? open(checkpoint, now, windowRules(collection), refused);
    if (opened === null) return 'caught-up';
    // Saved even if nothing of it is read: the next run has to go on counting its pages, or give an object the name of another.
    if (refused !== null) adopt(progress, opened);
    const page = await readWhole(opened.window, pages, (more) => mayAsk(collection, more));
    // Only now, for credentials that are fetched anew may be another account's, and wrong ones get no answer.
    return page === null ? 'more' : { opened: claim(opened, page.source, whereOf(collection)), page };
  } catch (error) {
    if (error instanceof ThrottledError) {
      collection.report.throttles += 1;
      collection.log.warn(`${error.message}; there is no time left to try again`);
      return 'throttled';
    }
    if (!(error instanceof BadRequestError && progress.inherited)) throw error;
    // An earlier run's cursor or bounds are no longer accepted. The watermark has moved with every page.
    collection.log.warn(`${error.message}; opening a new window from the watermark`);
    progress.refused = checkpoint.window;
    progress.checkpoint = { ...checkpoint, window: null };
    progress.inherited = false;
    progress.unsaved = true;
    return readNext(progress, collection, pages, collection.clock.now());
  }
}

/** Whether there is time, and a page left of those that the run may read after so many `more`. */
function mayAsk({ clock, deadline, maxPages, report }: Collection, more: number): boolean {
  return clock.now() < deadline && (maxPages === 0 || report.pages + more < maxPages);
}

/** Decides on a page, by a save, and puts what is new on it. Returns how the run ends, or null to go on. */
async function deliver(
  progress: Progress,
  { opened, page }: OpenPage,
  collection: Collection,
): Promise<Outcome | null> {
  adopt(progress, opened);
  const advanced = advance(opened, page, collection.overlap);
  tellOdd(advanced, collection);
  collection.report.pages += 1;
  progress.unsaved = true;
  progress.inherited &&= page.cursor !== null;
  progress.refused = null;
  const isEarly = page.cursor === null && advanced.checkpoint.short > opened.short;
  if (isEarly) tellEarly(progress, opened, advanced.checkpoint, page, collection);
  if (advanced.fresh.length === 0 && page.cursor !== null) {
    // Nothing was decided, so nothing needs saving; the object that the saved checkpoint names is stored already.
    progress.checkpoint = { ...advanced.checkpoint, outbox: progress.checkpoint.outbox };
  } else {
    progress.checkpoint = advanced.checkpoint;
    if (!(await save(progress, collection))) return 'superseded';
  }
  count(advanced, collection);
  await put(advanced, collection);
  progress.emptyPages = page.records.length === 0 && page.cursor !== null ? progress.emptyPages + 1 : 0;
  // What ended early or is empty again and again is given time: Duo may show more to the next run.
  const pauses =
    progress.emptyPages >= mostEmptyPages || (isEarly && progress.checkpoint.watermark < opened.window.to);
  return pauses ? 'more' : null;
}

/** How many empty pages in a row a run follows, each of which says that there is another one. */
const mostEmptyPages = 10;

function tellOdd({ drifted, leftOut }: Advanced, { logType, log }: Collection): void {
  if (drifted > 0)
    log.warn(
      `${drifted} records are stored that do not look as ${logType.name} records did, or are dated where Duo does not show them`,
    );
  if (leftOut > 0)
    log.error(
      `${leftOut} records that Duo has shown are not stored: report this as a fault of the collector`,
    );
}

/** Counted when they are decided on: whoever puts the object, they are counted once. */
function count(
  { fresh, duplicates, drifted, leftOut, late, checkpoint }: Advanced,
  { report }: Collection,
): void {
  report.records += fresh.length;
  report.duplicates += duplicates;
  report.drifted += drifted;
  report.leftOut += leftOut;
  report.late = Math.max(report.late, late);
  report.watermark = checkpoint.watermark;
}

async function put({ fresh, checkpoint: { outbox } }: Advanced, collection: Collection): Promise<void> {
  if (outbox === null) return;
  collection.report.objects += 1;
  await putOutbox(collection.store, outbox, collection);
  collection.log.info('stored', { key: outbox.key, records: fresh.length });
}

function withWindow(checkpoint: Checkpoint): OpenCheckpoint | null {
  const { window } = checkpoint;
  return window === null ? null : { ...checkpoint, window };
}

function alsoFailed({ log }: Collection) {
  return (second: Error) => log.warn(`and then: ${second.message}`);
}
