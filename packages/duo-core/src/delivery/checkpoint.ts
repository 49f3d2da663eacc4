import * as z from 'zod/mini';
import { CheckpointError, ClockError, ConfigError, StoreError } from '../errors';
import { leastOverlap, longestLookback } from '../run/config';
import { conflictAttempts, type Patience, type Store, waitForOthers } from '../store/store';
import { createOutbox, outboxSchema } from './outbox';
import { boundsTolerance, isBelieved, keep, type LogRecord, sift } from './records';

const ms = z.int().check(z.minimum(0));
const span = z.tuple([ms, ms]);

const windowBefore = { from: ms, to: ms, cursor: z.nullable(z.string()), pages: ms };
/** `read`: the records met in it, those met before as well. */
const window = z.strictObject({ ...windowBefore, read: ms });

const fields = {
  logType: z.string(),
  /** Which save this is: `<run>/<n>`. */
  by: z.string(),
  since: ms,
  until: z.nullable(ms),
  watermark: ms,
  reach: ms,
  seen: z.record(z.string(), z.tuple([ms, ms])),
  outbox: z.nullable(outboxSchema),
  gaps: z.array(span),
};

const schema = z.strictObject({
  version: z.literal(2),
  ...fields,
  /** The account that it is of: its API host. Null until Duo has answered. */
  source: z.nullable(z.string()),
  window: z.nullable(window),
  /** How many windows in a row have ended before Duo had shown all that it said there is. */
  short: ms,
});

/** What collectors before the second version have saved. */
const schemaBefore = z.strictObject({
  version: z.literal(1),
  ...fields,
  window: z.nullable(z.strictObject(windowBefore)),
});

/**
 * All that the next run needs to go on; times in ms. Saving it decides what is stored: the next object is in
 * `outbox` before it is put anywhere. See *Delivery* in `docs/delivery.md` for what each field means.
 */
export type Checkpoint = z.infer<typeof schema>;

/** A span that is being read, in ms, both ends included. */
export type Window = z.infer<typeof window>;

/** A checkpoint while a window is open. */
export type OpenCheckpoint = Checkpoint & { window: Window };

/** A checkpoint and the version of the stored object it is; `etag` is null until its first save. */
export interface SavedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly etag: string | null;
}

/** How long Duo withholds new records: a window's end stays this far behind now, in ms. https://duo.com/docs/adminapi */
export const publishingDelay = 120_000;

/** How far this clock and Duo's, or this clock and its own past, may be apart before nothing moves. In ms. */
export const clockTolerance = 30_000;

/** No window is opened for less than this, in ms. */
const shortestWindow = 60_000;

/** The span that a checkpoint is for, in ms: `until` is excluded, and null for the live log, which has no end. */
export interface Span {
  readonly since: number;
  readonly until: number | null;
}

/** The checkpoint of a log that was never collected. Throws a `ConfigError` for a span that Duo no longer has (`now` in ms). */
export function firstCheckpoint(logType: string, { since, until }: Span, now: number): Checkpoint {
  if (since < now - longestLookback) {
    throw new ConfigError(`Duo keeps 180 days: the earliest to begin with is ${iso(now - longestLookback)}`);
  }
  return {
    version: 2,
    logType,
    by: '',
    source: null,
    since,
    until,
    watermark: since,
    reach: since,
    window: null,
    seen: {},
    outbox: null,
    short: 0,
    gaps: [],
  };
}

/**
 * The checkpoint as that of this account, which it takes for its own if it has none yet. Throws a `CheckpointError` if it is
 * of another one: of two accounts under one checkpoint, each would skip what the other has moved past. `where` is its URL.
 */
export function claim<T extends Checkpoint>(checkpoint: T, source: string, where: string): T {
  const { source: owner, logType } = checkpoint;
  if (owner === null || owner === source) return { ...checkpoint, source };
  throw new CheckpointError(
    `${where}: this checkpoint is of ${owner}, and the credentials are of ${source}. Nothing was changed. If that is a new host of the same account, say so: duo checkpoint set ${logType} --source ${source}. If it is another account, it needs another stage or another bucket`,
  );
}

/** How the windows of a log are cut, in ms. */
export interface WindowRules {
  /** How far back before the watermark a window begins. */
  readonly overlap: number;
  /** How far beyond the watermark it may end. */
  readonly longest: number;
  /** It ends with a whole one of these, counted from 1970. */
  readonly grain: number;
}

/**
 * Opens the next window, or says that there is none to open yet (`null`). A span that Duo no longer has joins
 * `gaps`, and the watermark moves past it so that it is stated once. One in the place of a refused window has that one's end and
 * goes on counting its pages: it may have the same bounds, and no two objects have one name. Throws a `ClockError` if now is
 * before the watermark.
 */
export function open(
  checkpoint: Checkpoint,
  now: number,
  rules: WindowRules,
  refused: Window | null = null,
): OpenCheckpoint | null {
  const { watermark, reach, until, gaps } = checkpoint;
  const { overlap, longest, grain } = rules;
  const oldest = now - longestLookback;
  const from = Math.max(watermark - overlap, reach, oldest);
  const opened = (to: number): OpenCheckpoint => ({
    ...checkpoint,
    window: { from, to, cursor: null, pages: refused?.pages ?? 0, read: 0 },
    ...(from > watermark && { watermark: from, gaps: withGap(gaps, [watermark, from]) }),
  });
  if (refused !== null && refused.to > from) return opened(refused.to);
  if (until !== null && watermark >= until) return null;
  // Both ends belong to the window: one with a grain of a second ends with the last millisecond of a second.
  const newest = Math.floor((now - publishingDelay + 1) / grain) * grain - 1;
  const to = Math.min(newest, Math.max(watermark, oldest) + longest, until ?? Number.POSITIVE_INFINITY);
  if (to < watermark - clockTolerance) {
    throw new ClockError(
      `the clock says ${iso(now)}, but ${checkpoint.logType} was collected up to ${iso(watermark)}: this clock was ahead then or is behind now. Set it right; if it is, wait until then`,
    );
  }
  if (to < watermark + shortestWindow && to !== until) return null;
  if (from >= to) {
    throw new CheckpointError(
      `${checkpoint.logType}: Duo no longer has what was logged before ${iso(to)}: this backfill cannot go on`,
    );
  }
  return opened(to);
}

/** The gaps and one more, which goes on where the last one ends if they meet. */
function withGap(gaps: Checkpoint['gaps'], [from, to]: [number, number]): Checkpoint['gaps'] {
  const last = gaps.at(-1);
  if (last === undefined || from > last[1]) return [...gaps, [from, to]];
  return [...gaps.slice(0, -1), [last[0], Math.max(last[1], to)]];
}

/** What `advance` needs to know of a page. Times in ms. */
export interface PageRead {
  readonly records: readonly LogRecord[];
  /** The account that has answered: its API host. */
  readonly source: string;
  /** When Duo has answered, by its own clock. */
  readonly date: number;
  /** Where the next page starts; null on the last page. */
  readonly cursor: string | null;
  /** The time that Duo sorts the page's last record by, where the cursor shows it; otherwise null. */
  readonly place: number | null;
  /** The same of the page before it, or where the window begins. */
  readonly after: number;
  /** How many records Duo says there are, if it does; what that counts is documented nowhere. */
  readonly total: number | null;
  /** Whether the log promises its records in the order of their times. */
  readonly sorted: boolean;
  /** Whether Duo was told where the window ends. */
  readonly bounded: boolean;
}

/**
 * Whether a window ends here although Duo has said that there is more, and perhaps no later window would read the rest: the
 * next one reaches back over the overlap only, which may be shorter by then.
 */
export function endsEarly(window: Window, page: PageRead): boolean {
  const { records, cursor, total, after } = page;
  if (cursor !== null || total === null || window.read + records.length >= total) return false;
  // Of the page itself, which nothing confirms, no time is believed.
  return after < window.to - leastOverlap;
}

/** How many windows in a row may end early, as a rule: what Duo counts may be something else for ever. */
const mostShortWindows = 3;

/** The checkpoint after a page, and what was found on the page. */
export interface Advanced {
  readonly checkpoint: Checkpoint;
  /** The records that were not met before, in Duo's order: those in the outbox. */
  readonly fresh: readonly LogRecord[];
  /** How many were met before. */
  readonly duplicates: number;
  /** How many of the new ones do not look as records of this log do, or are dated outside the window. */
  readonly drifted: number;
  /** How many the page has that are neither new, nor met before, nor a neighbour's. There should be none. */
  readonly leftOut: number;
  /** At most how long after its own time the latest of the new ones behind the watermark was published; 0 if there is none. In ms. */
  readonly late: number;
}

/**
 * The checkpoint after a page: the cursor, what was met, what is new as the outbox, and the watermark where the log
 * is sorted or the window ends. What Duo shows belongs to the window, whatever time it has; a neighbour is left only what lies
 * at the very edge. A window that ends early ends where it was read up to, but not for ever: then it becomes a gap.
 */
export function advance(checkpoint: OpenCheckpoint, page: PageRead, overlap: number): Advanced {
  const { window } = checkpoint;
  const isLast = page.cursor === null;
  const left = neighbours(checkpoint, page);
  const records = page.records.filter((record) => !left.has(record));
  const early = endsEarly(window, page);
  const read = window.read + page.records.length;
  const isWhole = isLast && (page.total === null || read >= page.total);
  const short = early ? checkpoint.short + 1 : isWhole ? 0 : checkpoint.short;
  const givesUp = early && short >= mostShortWindows;
  const closes = isLast && (!early || givesUp);
  const watermark = Math.max(checkpoint.watermark, closes ? window.to : readUpTo(page, window));
  const moved = watermark > checkpoint.watermark;
  const reach = moved ? Math.max(checkpoint.reach, watermark - overlap) : checkpoint.reach;
  // Duo's bounds are coarser than its timestamps: what lies just before them may be read again.
  const forgetBefore = moved ? reach - boundsTolerance : 0;
  // Of a log that is asked for without an end, all that there is may be shown.
  const latest = page.bounded ? window.to : page.date;
  const filed = { ...window, last: page.place ?? window.to, latest };
  const { fresh, seen } = sift(records, checkpoint.seen, filed, forgetBefore);
  const duplicates = records.length - fresh.length;
  return {
    checkpoint: {
      ...checkpoint,
      watermark,
      reach,
      window: page.cursor === null ? null : { ...window, cursor: page.cursor, pages: window.pages + 1, read },
      seen: keep(seen, checkpoint.seen, left, latest),
      outbox: createOutbox(checkpoint.logType, window, fresh, filed.last),
      short,
      ...(givesUp && { gaps: withGap(checkpoint.gaps, [window.from, window.to]) }),
    },
    fresh,
    duplicates,
    drifted: fresh.filter(({ fits, time }) => !fits || !isBelieved(time, window)).length,
    leftOut: page.records.length - fresh.length - duplicates - left.size,
    late: lateness(fresh, checkpoint, page),
  };
}

/**
 * The records at the edge of what was asked for, which somebody else stores: the next window, or who reads the time before
 * the beginning or after the end. Of a log that is asked for without an end, all that the page ends with after the window is
 * the next one's; what Duo shows before a record of the window is the window's, however it is dated.
 */
function neighbours({ window, since, until }: OpenCheckpoint, page: PageRead): ReadonlySet<LogRecord> {
  const { records, bounded } = page;
  const end = bounded
    ? records.length
    : records.findLastIndex(({ time }) => time !== null && time >= window.from && time <= window.to) + 1;
  return new Set(
    records.filter(({ time }, index) => {
      // Behind the end of a backfill, others read what has no time as well.
      if (time === null) return until !== null && index >= end;
      if (index >= end && time > window.to) return true;
      if (until !== null && time >= until && time <= until + boundsTolerance) return true;
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

/** Only of records whose own time is believed: Duo shows none on a page that begins after it. */
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

function iso(time: number): string {
  return new Date(time).toISOString();
}

const restore =
  'Restore an earlier version of this object. Deleting it starts over from the lookback and stores those records again';

/** Where the checkpoint of a log is stored, or that of a backfill of it. */
export function checkpointKey(logType: string, backfill: Span | null): string {
  return backfill === null
    ? `state/${logType}.json`
    : `state/${logType}/${backfill.since}-${backfill.until}.json`;
}

/** The stored checkpoint, or null if there is none. One that cannot be understood is an error, never a fresh start. */
export async function load(store: Store, key: string, logType: string): Promise<SavedCheckpoint | null> {
  const object = await store.get(key);
  if (object === undefined) return null;
  const problem = (what: string, advice = restore) =>
    new CheckpointError(`${store.url}/${key}: ${what}. Nothing was changed. ${advice}`);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(object.body));
  } catch {
    throw problem(`the checkpoint is ${object.body.length === 0 ? 'empty' : 'not JSON, or cut off'}`);
  }
  const { version, logType: owner } = z.looseObject({}).safeParse(json).data ?? {};
  if (version !== undefined && version !== 1 && version !== 2) {
    throw problem(
      `the checkpoint has version ${typeof version === 'number' ? version : '?'}, and this collector reads versions 1 and 2`,
      'Deploy the collector that wrote it, or a newer one',
    );
  }
  if (typeof owner === 'string' && owner !== logType) {
    throw problem(`the checkpoint is of the log type "${owner}", not "${logType}"`);
  }
  const parsed = version === 1 ? schemaBefore.safeParse(json) : schema.safeParse(json);
  if (!parsed.success) {
    const places = parsed.error.issues.map(({ path }) => path.join('.') || 'the whole');
    throw problem(`the checkpoint is damaged: ${[...new Set(places)].slice(0, 5).join(', ')}`);
  }
  const checkpoint = parsed.data.version === 1 ? upgraded(parsed.data) : parsed.data;
  return { checkpoint, etag: object.etag };
}

/** Nobody has said yet whose account it is of: that is the first one that answers. */
function upgraded({ window, ...before }: z.infer<typeof schemaBefore>): Checkpoint {
  return { ...before, version: 2, source: null, short: 0, window: window && { ...window, read: 0 } };
}

/**
 * Saves with compare-and-swap. Returns the saved version, or `superseded` if another run has saved since `etag`. A
 * save whose answer was lost is recognised by `by`. Throws a `CheckpointError` if the object vanished meanwhile.
 */
export async function save(
  store: Store,
  key: string,
  checkpoint: Checkpoint,
  etag: string | null,
  patience: Patience,
): Promise<SavedCheckpoint | 'superseded'> {
  // What the next run could not load must not be saved.
  const body = Buffer.from(JSON.stringify(schema.parse(checkpoint)));
  for (let attempt = 1; attempt <= conflictAttempts; attempt++) {
    const outcome = await store.put(key, body, etag === null ? 'absent' : { etag });
    if (outcome.kind === 'stored') return { checkpoint, etag: outcome.etag };
    if (outcome.kind === 'missing') throw vanished(store, key);
    const current = await load(store, key, checkpoint.logType);
    if (current === null && etag !== null) throw vanished(store, key);
    if (current !== null && current.checkpoint.by === checkpoint.by) return current;
    if (outcome.kind === 'changed' || (current?.etag ?? null) !== etag) return 'superseded';
    await waitForOthers(patience, attempt);
  }
  throw new StoreError(`${store.url}/${key}: still a conflict (409) after ${conflictAttempts} attempts`);
}

function vanished(store: Store, key: string): CheckpointError {
  return new CheckpointError(
    `${store.url}/${key}: the checkpoint vanished during the run. Restore it before the next run`,
  );
}
