import type { LogRecord } from '../duo/record';
import { type Filed, identity, isBelieved } from './records';

/**
 * What is remembered of records in a checkpoint: for each identity, the latest time in ms under which Duo may have filed the
 * record, and the most copies met on one page.
 */
export type Seen = Record<string, [time: number, copies: number]>;

/** Until when (ms) a record is remembered, and the most copies of it that were met on one page. */
interface Known {
  readonly time: number;
  readonly copies: number;
}

/** A record that this run has met: its text for as long as it is one of the last page's, then its identity. */
interface Met extends Known {
  readonly text: string | null;
  readonly identity: string | null;
}

/**
 * What a run remembers of the records that it and those before it have met. The run's own are found by their names, so that
 * an identity is only made of what is remembered for longer than a page, or saved.
 */
export interface Memory {
  /** What earlier runs have saved, by identity. */
  readonly saved: ReadonlyMap<string, Known>;
  readonly met: ReadonlyMap<string, readonly Met[]>;
}

/** The memory of a run that begins with what a checkpoint has. */
export function remember(seen: Readonly<Seen>): Memory {
  const saved = Object.entries(seen).map(([id, [time, copies]]) => [id, { time, copies }] as const);
  return { saved: new Map(saved), met: new Map() };
}

/** What a checkpoint is to have of it. */
export function seenOf({ saved, met }: Memory): Seen {
  const seen: Seen = {};
  for (const [id, { time, copies }] of saved) seen[id] = [time, copies];
  for (const bucket of met.values()) for (const one of bucket) seen[identityOf(one)] = [one.time, one.copies];
  return seen;
}

/**
 * Separates what is new on a page from what was met before: of a record that is n times on the page and m times in the memory,
 * n − m are new. Nothing is consumed, so a page may be sifted again with the same answer. A record is remembered
 * under the latest time at which Duo may have filed it, and one whose time is not believed anew each time it is met: Duo may
 * show it for as long as it likes. What is older than `forgetBefore` (ms) is left out of the memory that comes of it. What
 * is `left` to another window is not new, but kept in the memory if it is there: that window meets it again.
 */
export function sift(
  records: readonly LogRecord[],
  left: ReadonlySet<LogRecord>,
  memory: Memory,
  filed: Filed,
  forgetBefore: number,
): { fresh: LogRecord[]; duplicates: number; memory: Memory } {
  let duplicates = 0;
  const page = new Map<string, Shown[]>();
  const fresh = records.filter((record) => {
    if (left.has(record)) return false;
    const one = shown(record, page, memory, filed);
    one.copies += 1;
    if (one.copies <= one.before) duplicates += 1;
    return one.copies > one.before;
  });
  for (const record of left) {
    const known = find(record, memory);
    if (known === undefined) continue;
    const one = shown(record, page, memory, filed);
    one.time = Math.max(one.time, known.time, filed.latest);
  }
  return { fresh, duplicates, memory: after(page, memory, forgetBefore) };
}

/** A record that a page shows: how often the memory has it, and how often it was met on the page so far. */
interface Shown {
  readonly text: string;
  readonly identity: string | null;
  time: number;
  readonly before: number;
  copies: number;
}

function shown(record: LogRecord, page: Map<string, Shown[]>, memory: Memory, filed: Filed): Shown {
  const { text, time } = record;
  const key = keyOf(record);
  const bucket = page.get(key);
  const again = bucket?.find((one) => one.text === text);
  if (again !== undefined) return again;
  const known = find(record, memory);
  const one = {
    text,
    identity: known?.identity ?? null,
    time: isBelieved(time, filed) ? Math.max(time, filed.last) : Math.max(known?.time ?? 0, filed.latest),
    before: known?.copies ?? 0,
    copies: 0,
  };
  if (bucket === undefined) page.set(key, [one]);
  else bucket.push(one);
  return one;
}

/** The memory after a page: what it has shown, and of what was there before the rest. */
function after(page: ReadonlyMap<string, readonly Shown[]>, memory: Memory, forgetBefore: number): Memory {
  const met = new Map<string, Met[]>();
  const known = new Set<string>();
  for (const [key, bucket] of page) {
    const kept: Met[] = [];
    for (const { text, identity, time, before, copies } of bucket) {
      if (time < forgetBefore) continue;
      kept.push({ text, identity, time, copies: Math.max(before, copies) });
      if (identity !== null) known.add(identity);
    }
    if (kept.length > 0) met.set(key, kept);
  }
  for (const [key, bucket] of memory.met) {
    for (const one of bucket) {
      const now = met.get(key) ?? [];
      if (one.time < forgetBefore || now.some(({ text }) => text !== null && isOf(one, text))) continue;
      met.set(key, [...now, { ...one, text: null, identity: identityOf(one) }]);
    }
  }
  if (memory.saved.size === 0) return { saved: memory.saved, met };
  const saved = [...memory.saved].filter(([id, { time }]) => time >= forgetBefore && !known.has(id));
  return { saved: new Map(saved), met };
}

function find(record: LogRecord, { saved, met }: Memory): Met | undefined {
  const { text } = record;
  const one = met.get(keyOf(record))?.find((one) => isOf(one, text));
  if (one !== undefined || saved.size === 0) return one;
  const id = identity(text);
  const known = saved.get(id);
  return known && { ...known, text, identity: id };
}

/** Whatever its text is, a record has one key; what has the same key may have other texts. */
function keyOf({ name, text }: LogRecord): string {
  return name ?? text;
}

function isOf(one: Met, text: string): boolean {
  return one.text === null ? one.identity === identity(text) : one.text === text;
}

function identityOf({ text, identity: known }: Met): string {
  return known ?? identity(text ?? '');
}
