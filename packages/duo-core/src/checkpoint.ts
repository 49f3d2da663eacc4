import * as z from 'zod/mini';
import { longestLookback } from './config';
import { CheckpointError, ClockError, ConfigError, StoreError } from './errors';
import { createOutbox, outboxSchema } from './outbox';
import { boundsTolerance, type LogRecord, sift } from './records';
import { conflictAttempts, type Patience, type Store, waitForOthers } from './store';

const ms = z.int().check(z.minimum(0));
const span = z.tuple([ms, ms]);

const window = z.strictObject({ from: ms, to: ms, cursor: z.nullable(z.string()), pages: ms });

const schema = z.strictObject({
  version: z.literal(1),
  logType: z.string(),
  /** Which save this is: `<run>/<n>`. */
  by: z.string(),
  since: ms,
  until: z.nullable(ms),
  watermark: ms,
  reach: ms,
  window: z.nullable(window),
  seen: z.record(z.string(), z.tuple([ms, ms])),
  outbox: z.nullable(outboxSchema),
  gaps: z.array(span),
});

/**
 * All that the next run needs to go on; times in ms. Saving it decides what is stored: the next object is in
 * `outbox` before it is put anywhere. See *Delivery* in `docs/delivery.md` for what each field means.
 */
export type Checkpoint = z.infer<typeof schema>;

/** A checkpoint while a window is open. */
export type OpenCheckpoint = Checkpoint & { window: z.infer<typeof window> };

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
    version: 1,
    logType,
    by: '',
    since,
    until,
    watermark: since,
    reach: since,
    window: null,
    seen: {},
    outbox: null,
    gaps: [],
  };
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
 * `gaps`, and the watermark moves past it so that it is stated once. Pages are counted from `firstPage`: a window in the
 * place of a refused one may have the same bounds, and no two objects have one name. Throws a `ClockError` if now is
 * before the watermark.
 */
export function open(
  checkpoint: Checkpoint,
  now: number,
  rules: WindowRules,
  firstPage = 0,
): OpenCheckpoint | null {
  const { watermark, reach, until, gaps } = checkpoint;
  const { overlap, longest, grain } = rules;
  if (until !== null && watermark >= until) return null;
  // Both ends belong to the window: one with a grain of a second ends with the last millisecond of a second.
  const newest = Math.floor((now - publishingDelay + 1) / grain) * grain - 1;
  const oldest = now - longestLookback;
  const to = Math.min(newest, Math.max(watermark, oldest) + longest, until ?? Number.POSITIVE_INFINITY);
  if (to < watermark - clockTolerance) {
    throw new ClockError(
      `the clock says ${iso(now)}, but ${checkpoint.logType} was collected up to ${iso(watermark)}: this clock was ahead then or is behind now. Set it right; if it is, wait until then`,
    );
  }
  if (to < watermark + shortestWindow && to !== until) return null;
  const from = Math.max(watermark - overlap, reach, oldest);
  if (from >= to) {
    throw new CheckpointError(
      `${checkpoint.logType}: Duo no longer has what was logged before ${iso(to)}: this backfill cannot go on`,
    );
  }
  return {
    ...checkpoint,
    window: { from, to, cursor: null, pages: firstPage },
    ...(from > watermark && { watermark: from, gaps: [...gaps, [watermark, from]] }),
  };
}

/** What `advance` needs to know of a page. */
export interface PageRead {
  readonly records: readonly LogRecord[];
  /** Where the next page starts; null on the last page. */
  readonly cursor: string | null;
  /** Whether the log promises its records in the order of their times. */
  readonly sorted: boolean;
  /** Whether Duo was told where the window ends. */
  readonly bounded: boolean;
}

/** The checkpoint after a page, and what was found on the page. */
export interface Advanced {
  readonly checkpoint: Checkpoint;
  /** The records that were not met before, in Duo's order: those in the outbox. */
  readonly fresh: readonly LogRecord[];
  /** How many were met before. */
  readonly duplicates: number;
  /** How many were left out that Duo should not have sent: they lie outside by more than its bounds are coarse. */
  readonly dropped: number;
}

/**
 * The checkpoint after a page: the cursor, what was met, what is new as the outbox, and the watermark where the log
 * is sorted or the window ends. Records outside the window belong to another one and are dropped.
 */
export function advance(checkpoint: OpenCheckpoint, page: PageRead, overlap: number): Advanced {
  const { window, since, until } = checkpoint;
  const belongs = ({ time }: LogRecord) =>
    time === null || (time <= window.to && time >= since && (until === null || time < until));
  const records = page.records.filter(belongs);
  const odd = ({ time }: LogRecord) =>
    time !== null && ((page.bounded && time > window.to + boundsTolerance) || time < since - boundsTolerance);
  const watermark = Math.max(
    checkpoint.watermark,
    page.cursor === null ? window.to : page.sorted ? readUpTo(page.records, window.to) : 0,
  );
  const moved = watermark > checkpoint.watermark;
  const reach = moved ? Math.max(checkpoint.reach, watermark - overlap) : checkpoint.reach;
  // Duo's bounds are coarser than its timestamps: what lies just before them may be read again.
  const forgetBefore = moved ? reach - boundsTolerance : 0;
  const { fresh, seen } = sift(records, checkpoint.seen, window, forgetBefore);
  return {
    checkpoint: {
      ...checkpoint,
      watermark,
      reach,
      window: page.cursor === null ? null : { ...window, cursor: page.cursor, pages: window.pages + 1 },
      seen,
      outbox: createOutbox(checkpoint.logType, window, fresh),
    },
    fresh,
    duplicates: records.length - fresh.length,
    dropped: page.records.filter(odd).length,
  };
}

/**
 * Up to where a page of a sorted log has been read. A page whose times go back, or beyond the window, was not sorted by
 * them after all: it says nothing, and neither does a record without a readable time.
 */
function readUpTo(records: readonly LogRecord[], to: number): number {
  let last = 0;
  for (const { time } of records) {
    if (time === null) continue;
    if (time < last || time > to) return 0;
    last = time;
  }
  return last;
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
  if (version !== undefined && version !== 1) {
    throw problem(
      `the checkpoint has version ${typeof version === 'number' ? version : '?'}, and this collector reads version 1`,
      'Deploy the collector that wrote it, or a newer one',
    );
  }
  if (typeof owner === 'string' && owner !== logType) {
    throw problem(`the checkpoint is of the log type "${owner}", not "${logType}"`);
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const places = parsed.error.issues.map(({ path }) => path.join('.') || 'the whole');
    throw problem(`the checkpoint is damaged: ${[...new Set(places)].slice(0, 5).join(', ')}`);
  }
  return { checkpoint: parsed.data, etag: object.etag };
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
