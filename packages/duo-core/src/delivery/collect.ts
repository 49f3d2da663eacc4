import { createPages, type PageRead, type Pages, type PagesContext } from '../duo/pages';
import { pagingStyles } from '../duo/paging';
import { BadRequestError, ThrottledError } from '../errors';
import type { Store } from '../store/store';
import { advance, endsEarly } from './advance';
import {
  type Checkpoint,
  claim,
  firstCheckpoint,
  type OpenCheckpoint,
  open,
  type Span,
  type Window,
} from './checkpoint';
import { checkpointKey, loadCheckpoint, saveCheckpoint } from './checkpoint-store';
import { putOutbox } from './outbox';
import type { RunReport } from './run-report';

/** What a run works with. Times and durations in ms. */
export interface Collection extends PagesContext {
  readonly store: Store;
  /** How far before now the live log begins, where the store has no checkpoint of it yet. */
  readonly lookback: number;
  /** The span to read instead of the live log. */
  readonly backfill: Span | null;
  readonly overlap: number;
  /** Pages that the run may read; 0 is no limit but time. */
  readonly maxPages: number;
  /** The moment after which the run starts nothing new. */
  readonly deadline: number;
  /** This run's own name; no other run may have it. */
  readonly run: string;
  /** Counted into as the run goes, so that a run that fails is reported as well. */
  readonly report: RunReport;
}

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
  const { logType, duo, store, clock, backfill, overlap, maxPages, deadline, run, log, report } = collection;
  const key = checkpointKey(logType.name, backfill);
  const where = `${store.url}/${key}`;
  const style = pagingStyles[logType.paging.style];
  const rules = { overlap, longest: style.sorted ? Number.POSITIVE_INFINITY : overlap, grain: style.grain };
  const saved = await loadCheckpoint(store, key, logType.name);
  // A backfill is of the account of the live log, beside which it stores.
  const liveKey = checkpointKey(logType.name, null);
  const liveWhere = `${store.url}/${liveKey}`;
  const live = backfill === null ? null : await loadCheckpoint(store, liveKey, logType.name);
  // Not before the checkpoint is loaded: another run may save a later one meanwhile. One moment for the lookback and the
  // first window, so that a lookback of 179 days does not begin with a gap.
  const started = clock.now();
  const span = backfill ?? { since: started - collection.lookback, until: null };
  let etag = saved?.etag ?? null;
  let checkpoint: Checkpoint = saved?.checkpoint ?? firstCheckpoint(logType.name, span, started);
  report.watermark = checkpoint.watermark;
  let unstated: string[] = [];
  let inherited = checkpoint.window !== null;
  let refused: Window | null = null;
  let emptyPages = 0;
  let unsaved = false;
  let saves = 0;

  const source = await duo.source();
  if (live !== null) claim(live.checkpoint, source, liveWhere);
  claim(checkpoint, source, where);
  if (checkpoint.outbox !== null) await putOutbox(store, checkpoint.outbox, collection);

  for (let now = started; ; now = clock.now()) {
    let opened: OpenCheckpoint | null;
    let page: PageRead;
    try {
      opened = checkpoint.window === null ? open(checkpoint, now, rules, refused) : withWindow(checkpoint);
      if (opened === null) return finish(isUnfinished(checkpoint) ? 'more' : 'caught-up');
      // Saved even if nothing of it is read: the next run has to go on counting its pages, or give an object the name of another.
      if (refused !== null) adopt(opened);
      if (!pages.isAhead && !mayAsk()) return finish('more');
      // The next page comes while this one is read and stored; what comes, errors included, is looked at afterwards.
      page = await pages.read(opened.window, () => mayAsk(1));
      if (endsEarly(opened.window, page)) {
        if (!mayAsk()) return finish('more');
        page = bothShown(page, await pages.read(opened.window, () => mayAsk(1)));
      }
      // Only now, for credentials that are fetched anew may be another account's, and wrong ones get no answer.
      if (live !== null) claim(live.checkpoint, page.source, liveWhere);
      opened = claim(opened, page.source, where);
    } catch (error) {
      if (error instanceof ThrottledError) {
        report.throttles += 1;
        log.warn(`${error.message}; there is no time left to try again`);
        return finish('throttled');
      }
      if (error instanceof BadRequestError && inherited) {
        // An earlier run's cursor or bounds are no longer accepted. The watermark has moved with every page.
        log.warn(`${error.message}; opening a new window from the watermark`);
        refused = checkpoint.window;
        checkpoint = { ...checkpoint, window: null };
        inherited = false;
        unsaved = true;
        continue;
      }
      // A first run that fails leaves nothing behind.
      if (etag !== null)
        await finish('more').catch((second: Error) => log.warn(`and then: ${second.message}`));
      throw error;
    }

    adopt(opened);
    const advanced = advance(opened, page, overlap);
    const { fresh, duplicates, drifted, leftOut } = advanced;
    if (drifted > 0)
      log.warn(
        `${drifted} records are stored that do not look as ${logType.name} records did, or are dated where Duo does not show them`,
      );
    if (leftOut > 0)
      log.error(
        `${leftOut} records that Duo has shown are not stored: report this as a fault of the collector`,
      );
    report.pages += 1;
    unsaved = true;
    inherited &&= page.cursor !== null;
    refused = null;
    const isEarly = page.cursor === null && advanced.checkpoint.short > opened.short;
    if (isEarly) stateEarly(opened, advanced.checkpoint, page);
    if (fresh.length === 0 && page.cursor !== null) {
      // Nothing was decided, so nothing needs saving; the object that the saved checkpoint names is stored already.
      checkpoint = { ...advanced.checkpoint, outbox: checkpoint.outbox };
    } else {
      checkpoint = advanced.checkpoint;
      if (!(await keepCheckpoint())) return 'superseded';
    }
    // Counted when they are decided on: whoever puts the object, they are counted once.
    report.records += fresh.length;
    report.duplicates += duplicates;
    report.drifted += drifted;
    report.leftOut += leftOut;
    report.late = Math.max(report.late, advanced.late);
    report.watermark = checkpoint.watermark;
    if (fresh.length > 0 && checkpoint.outbox !== null) {
      report.objects += 1;
      await putOutbox(store, checkpoint.outbox, collection);
      log.info('stored', { key: checkpoint.outbox.key, records: fresh.length });
    }
    emptyPages = page.records.length === 0 && page.cursor !== null ? emptyPages + 1 : 0;
    // What ended early or is empty again and again is given time: Duo may show more to the next run.
    if (emptyPages >= mostEmptyPages || (isEarly && checkpoint.watermark < opened.window.to))
      return finish('more');
  }

  /** Goes on with a window that was opened, and with the gap before it if there is one. */
  function adopt(opened: OpenCheckpoint): void {
    if (opened.gaps !== checkpoint.gaps) {
      unstated.push(
        `Duo no longer has what was logged from ${spanText(checkpoint.watermark, opened.watermark)}`,
      );
    }
    checkpoint = opened;
  }

  function stateEarly({ window }: OpenCheckpoint, after: Checkpoint, { total, records }: PageRead): void {
    const counts = `Duo says that there are ${total} records from ${spanText(window.from, window.to)}, and has shown ${window.read + records.length}`;
    if (after.gaps === checkpoint.gaps) {
      log.warn(`${counts}: going on behind the last one`);
    } else if (after.gaps.length > checkpoint.gaps.length) {
      unstated.push(`${counts}, again and again: going on after it, and this span counts as a gap`);
    } else {
      log.warn(`${counts}: the gap before it goes on`);
    }
  }

  /** Whether there is time, and a page left of those that the run may read after so many `more`. */
  function mayAsk(more = 0): boolean {
    return clock.now() < deadline && (maxPages === 0 || report.pages + more < maxPages);
  }

  /** Saves what the run has come to; false if another run is ahead. */
  async function keepCheckpoint(): Promise<boolean> {
    saves += 1;
    checkpoint = { ...checkpoint, by: `${run}/${saves}` };
    const result = await saveCheckpoint(store, key, checkpoint, etag, collection);
    if (result === 'superseded') {
      log.info('another run is ahead of this one', { key });
      return false;
    }
    etag = result.etag;
    unsaved = false;
    for (const gap of unstated) log.error(gap);
    report.gaps += unstated.length;
    unstated = [];
    return true;
  }

  /**
   * Keeps the pages that brought nothing new and where a first run began, and lets go of an object that is surely stored:
   * a SIEM may have read and deleted it by the next run, which would put it again.
   */
  async function finish(outcome: Outcome): Promise<Outcome> {
    if (!unsaved && checkpoint.outbox === null && etag !== null) return outcome;
    checkpoint = { ...checkpoint, outbox: null };
    return (await keepCheckpoint()) ? outcome : 'superseded';
  }
}

/** How many empty pages in a row a run follows, each of which says that there is another one. */
const mostEmptyPages = 10;

function spanText(from: number, to: number): string {
  return `${new Date(from).toISOString()} to ${new Date(to).toISOString()}`;
}

/** The second answer to a request, and what only the first one has shown: that belongs to the log as well. */
function bothShown(first: PageRead, second: PageRead): PageRead {
  const texts = new Set(second.records.map(({ text }) => text));
  return { ...second, records: [...first.records.filter(({ text }) => !texts.has(text)), ...second.records] };
}

function withWindow(checkpoint: Checkpoint): OpenCheckpoint | null {
  const { window } = checkpoint;
  return window === null ? null : { ...checkpoint, window };
}

/** Whether a backfill has a rest that Duo does not show yet, too short for a window. */
function isUnfinished({ until, watermark }: Checkpoint): boolean {
  return until !== null && watermark < until;
}
