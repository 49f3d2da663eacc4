import * as z from 'zod/mini';
import { type AccountLog, asArguments, checkpointKey } from '../account-log';
import { CheckpointError, ClockError, ConfigError } from '../errors';
import { boundsTolerance, clockTolerance, longestLookback, publishingDelay } from '../limits';
import { midnightOf, utcDay } from '../utc-day';
import type { Memory } from './memory';
import { outboxSchema } from './outbox';

const ms = z.int().check(z.minimum(0));
const span = z.tuple([ms, ms]);

function isTimeAndCopies(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

const windowBefore = { from: ms, to: ms, cursor: z.nullable(z.string()), pages: ms };
/** `read` and `edge`: see `Shown`. */
const window = z.strictObject({ ...windowBefore, read: ms, edge: z.optional(z.array(z.string())) });

const fields = {
  logType: z.string(),
  /** Which save this is: `<run>/<n>`. */
  by: z.string(),
  since: ms,
  watermark: ms,
  reach: ms,
  // There may be thousands: one function for all of them, where a schema of each takes some ten calls.
  seen: z.record(z.string(), z.custom<[number, number]>(isTimeAndCopies)),
  outbox: z.nullable(outboxSchema),
  gaps: z.array(span),
};

const secondFields = {
  ...fields,
  /** Left out where it is the stage's own. */
  account: z.optional(z.string()),
  version: z.literal(2),
  /** The API host of the account that it is of. Null until Duo has answered. */
  source: z.nullable(z.string()),
  window: z.nullable(window),
  /** How many windows in a row have ended before Duo had shown all that it said there is. */
  short: ms,
};

/** What the stored object holds. */
export const checkpointSchema = z.strictObject({ ...secondFields, ledger: z.record(z.iso.date(), ms) });

/** What backfills of earlier collectors ended with; of the live log it is null. */
const until = z.nullable(ms);

/** What collectors before the ledger have saved. */
const beforeLedger = z.strictObject({ ...secondFields, until });

/** What collectors before the second version have saved. */
const beforeSource = z.strictObject({
  ...fields,
  version: z.literal(1),
  until,
  window: z.nullable(z.strictObject(windowBefore)),
});

/**
 * All that the next run needs to go on; times in ms. Saving it decides what is stored: the next object is in
 * `outbox` before it is put anywhere. See *Delivery* in `docs/delivery.md` for what each field means.
 */
export type Checkpoint = z.infer<typeof checkpointSchema>;

/** A span that is being read, in ms, both ends included. */
export type Window = z.infer<typeof window>;

/**
 * A checkpoint while a run goes on: `memory` stands for its `seen`. That, `outbox` and `by` are those of the last save, and the next
 * one says what they are.
 */
export type LiveCheckpoint = Checkpoint & { memory: Memory };

/** One while a window is open. */
export type OpenCheckpoint = LiveCheckpoint & { window: Window };

/** No window is opened for less than this, in ms. */
const shortestWindow = 60_000;

/**
 * The checkpoint of a log that begins at `since` (ms). Throws a `ConfigError` for a moment that Duo no longer has (`now` in ms).
 */
export function firstCheckpoint({ logType, account }: AccountLog, since: number, now: number): Checkpoint {
  if (since < now - longestLookback) {
    throw new ConfigError(`Duo keeps 180 days: begin no earlier than ${iso(now - longestLookback)}`);
  }
  return {
    version: 2,
    logType,
    ...(account !== undefined && { account }),
    by: '',
    source: null,
    since,
    watermark: since,
    reach: since,
    window: null,
    seen: {},
    outbox: null,
    short: 0,
    ledger: {},
    gaps: [],
  };
}

/**
 * The checkpoint as that of this account, which it takes for its own if it has none yet. Throws a `CheckpointError` if it is
 * of another one: of two accounts under one checkpoint, each would skip what the other has moved past. `url` is that of its store.
 */
export function claim<T extends Checkpoint>(checkpoint: T, source: string, url: string): T {
  const { source: owner } = checkpoint;
  if (owner === null || owner === source) return { ...checkpoint, source };
  throw new CheckpointError(
    `${url}/${checkpointKey(checkpoint)}: this checkpoint belongs to ${owner}, but the credentials belong to ${source}. Nothing was changed. Another account needs another stage or another bucket. If it is a new host of the same account, say so: npx pnpm duo checkpoint set ${asArguments(checkpoint)} --store ${url} --source ${source}`,
  );
}

/** The schema that a stored object has to keep: its collector's, by the version and by what only earlier ones have. */
export function storedSchema(stored: object) {
  if (Reflect.get(stored, 'version') === 1) return beforeSource;
  return 'until' in stored ? beforeLedger : checkpointSchema;
}

/**
 * One of an earlier collector as one of today. Nobody has said yet whose account a first version is of: the first one's that
 * answers. Without a ledger nobody knows what was deleted since: only the day of its `reach` and those after it are reconciled
 * without being asked for.
 */
export function upgraded(stored: z.infer<ReturnType<typeof storedSchema>>): Checkpoint {
  if ('ledger' in stored) return stored;
  const { until: _none, window, ...rest } = stored;
  return {
    source: null,
    short: 0,
    ...rest,
    version: 2,
    // Of a beginning, what lies just before it is left to others; here the log itself has read that.
    since: midnightOf(utcDay(Math.max(0, rest.reach - boundsTolerance))),
    window: window && { read: 0, ...window },
    ledger: {},
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
 * `gaps`, and the watermark moves past it so that it is stated once. One in the place of a refused window has that one's end and
 * goes on counting its pages: it may have the same bounds, and no two objects have one name. Throws a `ClockError` if now is
 * before the watermark.
 */
export function open<T extends Checkpoint>(
  checkpoint: T,
  now: number,
  rules: WindowRules,
  refused: Window | null = null,
): (T & { window: Window }) | null {
  const { watermark, reach, gaps } = checkpoint;
  const { overlap, longest, grain } = rules;
  const oldest = now - longestLookback;
  const from = Math.max(watermark - overlap, reach, oldest);
  const opened = (to: number) => ({
    ...checkpoint,
    window: { from, to, cursor: null, pages: refused?.pages ?? 0, read: 0 },
    ...(from > watermark && { watermark: from, gaps: withGap(gaps, [watermark, from]) }),
  });
  if (refused !== null && refused.to > from) return opened(refused.to);
  // Both ends belong to the window: one with a grain of a second ends with the last millisecond of a second.
  const newest = Math.floor((now - publishingDelay + 1) / grain) * grain - 1;
  const to = Math.min(newest, Math.max(watermark, oldest) + longest);
  if (to < watermark - clockTolerance) {
    throw new ClockError(
      `the clock says ${iso(now)}, but ${checkpoint.logType} was collected up to ${iso(watermark)}: this clock was ahead then or is behind now. Set it; if it is right now, wait until that time`,
    );
  }
  return to < watermark + shortestWindow ? null : opened(to);
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
