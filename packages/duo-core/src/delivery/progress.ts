import { checkpointKey, logOf, type OfLog } from '../account-log';
import type { PageRead, PagesContext } from '../duo/pages';
import { pagingStyles } from '../duo/paging';
import { SupersededError } from '../errors';
import type { Store } from '../store/store';
import { beginning } from './beginning';
import {
  type Checkpoint,
  claim,
  type LiveCheckpoint,
  type OpenCheckpoint,
  type Window,
  type WindowRules,
} from './checkpoint';
import { loadCheckpoint, saveCheckpoint } from './checkpoint-store';
import { remember, seenOf } from './memory';
import { type Outbox, putOutbox } from './outbox';
import { refuseMixture } from './refuse-mixture';
import type { RunReport } from './run-report';
import { shownWith } from './shown';

/** What a run works with. Times and durations in ms. */
export interface Collection extends PagesContext, Pick<OfLog, 'account'> {
  readonly store: Store;
  /** How far before now the live log begins, where the store has no checkpoint of it yet. */
  readonly lookback: number;
  readonly overlap: number;
  /** Pages that the run may read; 0 is no limit but time. */
  readonly maxPages: number;
  /** How much text (bytes) of pages that come without a pause is held before it is decided on. */
  readonly mostHeld: number;
  /** The moment after which the run starts nothing new. */
  readonly deadline: number;
  /** This run's own name; no other run may have it. */
  readonly run: string;
  /** Counted into as the run goes, so that a run that fails is reported as well. */
  readonly report: RunReport;
}

/** What a run has come to, and how much of it is saved. */
export interface Progress {
  /** The moment that the run's lookback and its first window are counted from, in ms. */
  readonly started: number;
  /** What is saved, or could be: it never says anything of records that nothing has decided on. Its outbox is the saved one's. */
  checkpoint: LiveCheckpoint;
  /** The version of the saved checkpoint; null before the first save. */
  etag: string | null;
  /** Whether the checkpoint says more than the saved one does. */
  unsaved: boolean;
  saves: number;
  /** Whether an earlier run has opened the window: Duo may accept its cursor and bounds no more. */
  inherited: boolean;
  /** The window that Duo has refused, until a page of the one in its place is read. */
  refused: Window | null;
  /** How many pages in a row were empty and led on. */
  emptyPages: number;
  /** What there is to say of gaps, once they are saved. */
  unstated: string[];
}

/**
 * Loads the checkpoint, or makes the first one, and meanwhile asks for the credentials; what it has decided on and may not have
 * put yet is put once both are there.
 */
export async function begin(collection: Collection): Promise<Progress> {
  const { duo, store, clock, lookback, report } = collection;
  const of = logOf(collection);
  // Both are waited for, also if one of them fails: see `collect`.
  const [loaded, source] = await Promise.allSettled([load(), duo.source()]);
  if (loaded.status === 'rejected') throw loaded.reason;
  const progress = loaded.value;
  const { checkpoint } = progress;
  report.watermark = checkpoint.watermark;
  if (source.status === 'rejected') throw source.reason;
  claim(checkpoint, source.value, collection.store.url);
  if (checkpoint.outbox !== null) await putOutbox(store, checkpoint.outbox, collection);
  return progress;

  async function load(): Promise<Progress> {
    const saved = await loadCheckpoint(store, of);
    // Not before the checkpoint is loaded: another run may save a later one meanwhile. One moment for the lookback and the
    // first window, so that a lookback of 179 days does not begin with a gap.
    const started = clock.now();
    if (saved === null) await refuseMixture(store, of);
    const checkpoint = saved?.state ?? (await beginning(store, of, lookback, started));
    return {
      started,
      checkpoint: { ...checkpoint, memory: remember(checkpoint.seen) },
      etag: saved?.etag ?? null,
      unsaved: false,
      saves: 0,
      inherited: checkpoint.window !== null,
      refused: null,
      emptyPages: 0,
      unstated: [],
    };
  }
}

/** The URL of the log's checkpoint. */
export function whereOf(collection: Collection): string {
  return `${collection.store.url}/${checkpointKey(logOf(collection))}`;
}

/** How the windows of this log are cut. */
export function windowRules({ logType, overlap }: Collection): WindowRules {
  const { sorted, grain } = pagingStyles[logType.paging.style];
  return { overlap, longest: sorted ? Number.POSITIVE_INFINITY : overlap, grain };
}

/** Goes on with a window that was opened, and with the gap before it if there is one. */
export function adopt(progress: Progress, opened: OpenCheckpoint): void {
  const { gaps, watermark } = progress.checkpoint;
  if (opened.gaps !== gaps) {
    progress.unstated.push(`Duo no longer has what was logged from ${spanText(watermark, opened.watermark)}`);
  }
  progress.checkpoint = opened;
}

/** Says that a window has ended early, and what becomes of it. */
export function tellEarly(
  { unstated, checkpoint: { gaps } }: Progress,
  { window }: OpenCheckpoint,
  after: Checkpoint,
  page: PageRead,
  { log }: Collection,
): void {
  const counts = `Duo says that there are ${page.total} records from ${spanText(window.from, window.to)}, but has shown ${shownWith(window, page)}`;
  if (after.gaps === gaps) {
    log.warn(`${counts}: going on after the last one`);
  } else if (after.gaps.length > gaps.length) {
    unstated.push(`${counts}, again and again: going on after this span, which counts as a gap`);
  } else {
    log.warn(`${counts}: this span joins the gap before it`);
  }
}

/** Saves a checkpoint, and in it the object that is to be put next. Throws a `SupersededError` if another run is ahead. */
export async function save(
  progress: Progress,
  checkpoint: LiveCheckpoint,
  outbox: Outbox | null,
  collection: Collection,
): Promise<void> {
  const { store, run, log, report } = collection;
  progress.saves += 1;
  const { memory, ...rest } = checkpoint;
  const next = { ...rest, seen: seenOf(memory), outbox, by: `${run}/${progress.saves}` };
  const result = await saveCheckpoint(store, next, progress.etag, collection);
  if (result === 'superseded') {
    log.info('another run is ahead of this one', { key: checkpointKey(next) });
    throw new SupersededError('another run is ahead of this one');
  }
  progress.checkpoint = { ...next, memory };
  progress.etag = result.etag;
  progress.unsaved = false;
  for (const gap of progress.unstated) log.error(gap);
  report.gaps += progress.unstated.length;
  progress.unstated = [];
}

/**
 * Keeps the pages that brought nothing new and where a first run began, and lets go of an object that is surely stored: a SIEM
 * may have read and deleted it by the next run, which would put it again. Throws a `SupersededError` if another run is ahead.
 */
export async function saveLast(progress: Progress, collection: Collection): Promise<void> {
  const { checkpoint, etag, unsaved } = progress;
  if (!unsaved && checkpoint.outbox === null && etag !== null) return;
  await save(progress, checkpoint, null, collection);
}

function spanText(from: number, to: number): string {
  return `${new Date(from).toISOString()} to ${new Date(to).toISOString()}`;
}
