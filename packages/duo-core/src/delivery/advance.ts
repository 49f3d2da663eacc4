import type { PageRead } from '../duo/pages';
import type { LogRecord } from '../duo/record';
import { boundsTolerance, leastOverlap, mostShort } from '../limits';
import { type LiveCheckpoint, type OpenCheckpoint, type Window, withGap } from './checkpoint';
import { enter } from './ledger';
import { sift } from './memory';
import { type Filed, isBelieved } from './records';
import type { Found } from './run-report';
import { edgeAfter, type Shown, shownWith } from './shown';

/** The checkpoint after a page, and what was found on the page. */
export interface Advanced {
  readonly checkpoint: LiveCheckpoint;
  /** The records that were not met before, in Duo's order: those to be stored. */
  readonly fresh: readonly LogRecord[];
  /** The day (ms) of the first of them that is dated in the window and not after the page's place; null if none is. */
  readonly day: number | null;
  readonly found: Found;
}

/**
 * The checkpoint after a page: the cursor, what was met, and the watermark where the log is sorted or the window ends. What Duo shows belongs to the window, whatever time it has; a neighbour is left only what lies
 * at the very edge. A window that ends early ends where it was read up to, but not for ever: then it becomes a gap.
 */
export function advance(checkpoint: OpenCheckpoint, page: PageRead, overlap: number): Advanced {
  const { window } = checkpoint;
  const isLast = page.cursor === null;
  const left = neighbours(checkpoint, page);
  const early = endsEarly(window, page);
  const read = shownWith(window, page);
  const edge = edgeAfter(window, page);
  const isWhole = isLast && (page.total === null || read >= page.total);
  const short = early ? checkpoint.short + 1 : isWhole ? 0 : checkpoint.short;
  const givesUp = early && short >= mostShort;
  const closes = isLast && (!early || givesUp);
  const watermark = Math.max(checkpoint.watermark, closes ? window.to : readUpTo(page, window));
  const moved = watermark > checkpoint.watermark;
  const reach = moved ? Math.max(checkpoint.reach, watermark - overlap) : checkpoint.reach;
  // Duo's bounds are coarser than its timestamps: what lies just before them may be read again.
  const forgetBefore = moved ? reach - boundsTolerance : 0;
  // Of a log that is asked for without an end, all that there is may be shown.
  const latest = page.bounded ? window.to : page.date;
  const filed = { ...window, last: page.place ?? window.to, latest };
  const { fresh, duplicates, memory } = sift(page.records, left, checkpoint.memory, filed, forgetBefore);
  return {
    checkpoint: {
      ...checkpoint,
      watermark,
      reach,
      window:
        page.cursor === null
          ? null
          : {
              ...window,
              cursor: page.cursor,
              pages: window.pages + 1,
              read,
              ...(edge && { edge: [...edge] }),
            },
      memory,
      ledger: enter(checkpoint.ledger, fresh, window, page.date),
      short,
      ...(givesUp && { gaps: withGap(checkpoint.gaps, [window.from, window.to]) }),
    },
    fresh,
    day: dayOfObject(fresh, filed),
    found: {
      records: fresh.length,
      duplicates,
      drifted: fresh.filter(({ fits, time }) => !fits || !isBelieved(time, window)).length,
      leftOut: page.records.length - fresh.length - duplicates - left.size,
      late: lateness(fresh, checkpoint, page),
    },
  };
}

/** See `day` of `Advanced`. */
function dayOfObject(records: readonly LogRecord[], { from, last }: Filed): number | null {
  return records.find(({ time }) => time !== null && time >= from && time <= last)?.time ?? null;
}

/**
 * Whether a window ends here although Duo has said that there is more, and perhaps no later window would read the rest: the
 * next one reaches back over the overlap only, which may be shorter by then.
 */
export function endsEarly(window: Pick<Window, 'to'> & Shown, page: PageRead): boolean {
  const { cursor, total, after } = page;
  if (cursor !== null || total === null || shownWith(window, page) >= total) return false;
  // Of the page itself, which nothing confirms, no time is believed.
  return after < window.to - leastOverlap;
}

/**
 * The records at the edge of what was asked for, which somebody else stores: the next window, or who reconciles the time before
 * the beginning. Of a log that is asked for without an end, all that the page ends with after the window is
 * the next one's; what Duo shows before a record of the window is the window's, however it is dated.
 */
function neighbours({ window, since }: OpenCheckpoint, page: PageRead): ReadonlySet<LogRecord> {
  const { records, bounded } = page;
  const end = bounded
    ? records.length
    : records.findLastIndex(({ time }) => time !== null && time >= window.from && time <= window.to) + 1;
  return new Set(
    records.filter(({ time }, index) => {
      if (time === null) return false;
      if (index >= end && time > window.to) return true;
      return time < since && time >= since - boundsTolerance && window.from < since + boundsTolerance;
    }),
  );
}

/**
 * Up to where a page of a sorted log has been read, by its records and by its cursor. A page whose times go back was not sorted
 * by them after all: it says nothing, and neither does a record whose time is not readable or outside the window.
 */
function readUpTo({ records, sorted, place }: PageRead, window: Window): number {
  if (!sorted) return 0;
  let last = 0;
  for (const { time } of records) {
    if (!isBelieved(time, window) || time > window.to) continue;
    if (time < last) return 0;
    last = time;
  }
  return Math.min(last, place ?? last);
}

/**
 * At most how long after its own time the latest of the new ones behind the watermark was published; 0 if there is none. In ms.
 * Only of records whose own time is believed: Duo shows none on a page that begins after it.
 */
function lateness(
  fresh: readonly LogRecord[],
  { watermark, window }: OpenCheckpoint,
  page: PageRead,
): number {
  let late = 0;
  for (const { time } of fresh) {
    if (!isBelieved(time, window) || time >= watermark || time < page.after - boundsTolerance) continue;
    late = Math.max(late, page.date - time);
  }
  return late;
}
