import { createPages, type PageRead, type Pages } from '../duo/pages';
import { BadRequestError, SupersededError, ThrottledError } from '../errors';
import { advance } from './advance';
import { type Batch, createBatch } from './batch/batch';
import { claim, type LiveCheckpoint, type OpenCheckpoint, open } from './checkpoint';
import { type Outbox, putOutbox } from './outbox';
import {
  adopt,
  begin,
  type Collection,
  type Progress,
  save,
  saveLast,
  tellEarly,
  windowRules,
} from './progress';
import { readWhole } from './read-whole';
import { type Found, together } from './run-report';

/**
 * How a run ended. `caught-up`: there is nothing more to read yet. `more`: time or pages were used up. `throttled`:
 * Duo asked to wait longer than there was time. `superseded`: another run is ahead of this one.
 */
export type Outcome = 'caught-up' | 'more' | 'throttled' | 'superseded';

/**
 * Delivers what Duo has published, page by page: the checkpoint that is saved after a page, or after several that came without
 * a pause, decides what is stored, and holds it until it is. May be killed at any moment and run any number of times at once.
 */
export async function collect(collection: Collection): Promise<Outcome> {
  const pages = createPages(collection);
  try {
    return await collectPages(collection, pages);
  } catch (error) {
    if (error instanceof SupersededError) return 'superseded';
    throw error;
  } finally {
    // A function that has ended is frozen, and what is under way then breaks off in its next run.
    await pages.settle();
  }
}

/** What a run goes on with. */
interface Going {
  readonly pages: Pages;
  readonly progress: Progress;
  readonly batch: Batch<Held>;
}

/** The checkpoint after all pages that are held, and what was found on them. */
interface Held {
  readonly checkpoint: LiveCheckpoint;
  readonly found: Found;
}

async function collectPages(collection: Collection, pages: Pages): Promise<Outcome> {
  const progress = await begin(collection);
  const batch = createBatch<Held>(collection, (outbox, held) => decide(progress, outbox, held, collection));
  const going = { pages, progress, batch };
  for (let now = progress.started; ; now = collection.clock.now()) {
    let next: OpenPage | Outcome;
    try {
      next = await readNext(going, collection, now);
    } catch (error) {
      await keepWhatCame(going, collection, error);
      throw error;
    }
    const outcome = typeof next === 'string' ? next : await deliver(going, next, collection);
    if (outcome === null) continue;
    await batch.flush();
    await saveLast(progress, collection);
    return outcome;
  }
}

/** Keeps what came before a page that could not be read; unless storing it is what has failed. */
async function keepWhatCame(
  { progress, batch }: Going,
  collection: Collection,
  failure: unknown,
): Promise<void> {
  try {
    await batch.flush();
    // A first run that fails leaves nothing behind.
    if (progress.etag !== null) await saveLast(progress, collection);
  } catch (error) {
    if (error !== failure && error instanceof Error) collection.log.warn(`and then: ${error.message}`);
  }
}

/** A page, and the checkpoint with the window that it is of. */
interface OpenPage {
  readonly opened: OpenCheckpoint;
  readonly page: PageRead;
}

/** Reads the next page, or says why there is none to read now. */
async function readNext(going: Going, collection: Collection, now: number): Promise<OpenPage | Outcome> {
  const { pages, progress, batch } = going;
  await batch.decided();
  const checkpoint = batch.after?.checkpoint ?? progress.checkpoint;
  const { refused } = progress;
  try {
    const opened = withWindow(checkpoint) ?? open(checkpoint, now, windowRules(collection), refused);
    if (opened === null) return 'caught-up';
    // Saved even if nothing of it is read: the next run has to go on counting its pages, or give an object the name of another.
    if (refused !== null) adopt(progress, opened);
    const page = await readWhole(opened.window, pages, {
      mayAsk: (more) => mayAsk(collection, more),
      flush: batch.flush,
    });
    // Only now, for credentials that are fetched anew may be another account's, and wrong ones get no answer.
    return page === null ? 'more' : { opened: claim(opened, page.source, collection.store.url), page };
  } catch (error) {
    if (error instanceof ThrottledError) {
      collection.report.throttles += 1;
      collection.log.warn(`${error.message}; there is no time left to try again`);
      return 'throttled';
    }
    if (!(error instanceof BadRequestError && progress.inherited)) throw error;
    // An earlier run's cursor or bounds are no longer accepted. The watermark has moved with every page.
    collection.log.warn(`${error.message}; opening a new window from the watermark`);
    progress.refused = progress.checkpoint.window;
    progress.checkpoint = { ...progress.checkpoint, window: null };
    progress.inherited = false;
    progress.unsaved = true;
    return readNext(going, collection, collection.clock.now());
  }
}

/** Whether there is time, and a page left of those that the run may read after so many `more`. */
function mayAsk({ clock, deadline, maxPages, report }: Collection, more: number): boolean {
  return clock.now() < deadline && (maxPages === 0 || report.pages + more < maxPages);
}

/** Takes a page in; what is new on it is held or decided on. Returns how the run ends, or null to go on. */
async function deliver(
  going: Going,
  { opened, page }: OpenPage,
  collection: Collection,
): Promise<Outcome | null> {
  const { progress, batch } = going;
  const isLast = page.cursor === null;
  // Where a window ends is decided by itself: Duo may have shown less than there is.
  await (isLast ? batch.flush() : batch.decided());
  if (batch.after === null) adopt(progress, { ...opened, outbox: progress.checkpoint.outbox });
  const advanced = advance(opened, page, collection.overlap);
  const { checkpoint, fresh, day, found } = advanced;
  collection.report.pages += 1;
  progress.inherited &&= !isLast;
  progress.refused = null;
  const isEarly = isLast && checkpoint.short > opened.short;
  if (isEarly) tellEarly(progress, opened, checkpoint, page, collection);
  if (fresh.length > 0 || batch.after !== null) {
    const held = { checkpoint, found: batch.after === null ? found : together(batch.after.found, found) };
    await batch.add(fresh, { ...opened.window, day }, held);
    if (isLast) await batch.flush();
  } else if (isLast) {
    await save(progress, checkpoint, null, collection);
    count(found, progress, collection);
  } else {
    // Nothing was decided, so nothing needs saving; the object that the saved checkpoint names is stored already.
    progress.checkpoint = { ...checkpoint, outbox: progress.checkpoint.outbox };
    progress.unsaved = true;
    count(found, progress, collection);
  }
  progress.emptyPages = page.records.length === 0 && !isLast ? progress.emptyPages + 1 : 0;
  // What ended early or is empty again and again is given time: Duo may show more to the next run.
  const pauses =
    progress.emptyPages >= mostEmptyPages || (isEarly && progress.checkpoint.watermark < opened.window.to);
  return pauses ? 'more' : null;
}

/** How many empty pages in a row a run follows, each of which says that there is another one. */
const mostEmptyPages = 10;

/** Decides on what was held, by a save, and puts it. */
async function decide(
  progress: Progress,
  outbox: Outbox,
  { checkpoint, found }: Held,
  collection: Collection,
): Promise<void> {
  await save(progress, checkpoint, outbox, collection);
  count(found, progress, collection);
  collection.report.objects += 1;
  await putOutbox(collection.store, outbox, collection);
  collection.log.info('stored', { key: outbox.key, records: found.records });
}

/** Counted when they are decided on: whoever puts the object, they are counted once. */
function count(found: Found, { checkpoint }: Progress, { report, logType, log }: Collection): void {
  Object.assign(report, together(report, found), { watermark: checkpoint.watermark });
  const { drifted, leftOut } = found;
  if (drifted > 0)
    log.warn(
      `${drifted} stored records do not look as ${logType.name} records used to, or their time is not where Duo shows them`,
    );
  if (leftOut > 0)
    log.error(
      `${leftOut} records that Duo showed are not stored: please report this, it is a fault of the collector`,
    );
}

function withWindow(checkpoint: LiveCheckpoint): OpenCheckpoint | null {
  const { window } = checkpoint;
  return window === null ? null : { ...checkpoint, window };
}
