import * as z from 'zod/mini';
import { CheckpointError, ClockError, ConfigError } from '../errors';
import { clockTolerance, longestLookback, publishingDelay } from '../limits';
import { outboxSchema } from './outbox';

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

/** What the stored object holds. */
export const checkpointSchema = z.strictObject({
  version: z.literal(2),
  ...fields,
  /** The account that it is of: its API host. Null until Duo has answered. */
  source: z.nullable(z.string()),
  window: z.nullable(window),
  /** How many windows in a row have ended before Duo had shown all that it said there is. */
  short: ms,
});

/** What collectors before the second version have saved. */
export const schemaBefore = z.strictObject({
  version: z.literal(1),
  ...fields,
  window: z.nullable(z.strictObject(windowBefore)),
});

/**
 * All that the next run needs to go on; times in ms. Saving it decides what is stored: the next object is in
 * `outbox` before it is put anywhere. See *Delivery* in `docs/delivery.md` for what each field means.
 */
export type Checkpoint = z.infer<typeof checkpointSchema>;

/** A span that is being read, in ms, both ends included. */
export type Window = z.infer<typeof window>;

/** A checkpoint while a window is open. */
export type OpenCheckpoint = Checkpoint & { window: Window };

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

/** One of the first version as one of today: nobody has said yet whose account it is of, that is the first one that answers. */
export function upgraded({ window, ...before }: z.infer<typeof schemaBefore>): Checkpoint {
  return { ...before, version: 2, source: null, short: 0, window: window && { ...window, read: 0 } };
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

/** The gaps and one more (ms), which goes on where the last one ends if they meet. */
export function withGap(gaps: Checkpoint['gaps'], [from, to]: [number, number]): Checkpoint['gaps'] {
  const last = gaps.at(-1);
  if (last === undefined || from > last[1]) return [...gaps, [from, to]];
  return [...gaps.slice(0, -1), [last[0], Math.max(last[1], to)]];
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
