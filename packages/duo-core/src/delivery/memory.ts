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
  /** Another one of the same key. */
  readonly next: Met | undefined;
}

/**
 * What a run remembers of the records that it and those before it have met. The run's own are found by their names, so that
 * an identity is only made of what is remembered for longer than a page, or saved.
 */
export interface Memory {
  /** What earlier runs have saved, by identity. */
  readonly saved: ReadonlyMap<string, Known>;
  readonly met: ReadonlyMap<string, Met>;
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
  for (const first of met.values())
    for (let one: Met | undefined = first; one !== undefined; one = one.next)
      seen[identityOf(one)] = [one.time, one.copies];
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
  const page = new Map<string, Shown>();
  const fresh = records.filter((record) => {
    if (left.has(record)) return false;
    const one = shown(record, page, memory, filed);
    one.onPage += 1;
    if (one.onPage > one.copies) {
      one.copies = one.onPage;
      return true;
    }
    duplicates += 1;
    return false;
  });
  for (const record of left) {
    const known = find(record, memory);
    if (known === undefined) continue;
    const one = shown(record, page, memory, filed);
    one.time = Math.max(one.time, known.time, filed.latest);
  }
  return { fresh, duplicates, memory: after(page, memory, forgetBefore) };
}

/** A record that a page shows, and how often so far. */
interface Shown extends Met {
  readonly text: string;
  time: number;
  copies: number;
  onPage: number;
  next: Shown | undefined;
}

function shown(record: LogRecord, page: Map<string, Shown>, memory: Memory, filed: Filed): Shown {
  const { text, time } = record;
  const key = keyOf(record);
  const first = page.get(key);
  for (let one = first; one !== undefined; one = one.next) if (one.text === text) return one;
  const known = find(record, memory);
  const one = {
    text,
    identity: known?.identity ?? null,
    time: isBelieved(time, filed) ? Math.max(time, filed.last) : Math.max(known?.time ?? 0, filed.latest),
    copies: known?.copies ?? 0,
    onPage: 0,
    next: first,
  };
  page.set(key, one);
  return one;
}

/** The memory after a page: what it has shown, and of what was there before the rest. */
function after(page: Map<string, Met>, { saved, met }: Memory, forgetBefore: number): Memory {
  for (const [key, first] of page)
    if (first.time < forgetBefore || first.next) keep(page, key, first, forgetBefore);
  for (const [key, first] of met)
    if (first.time >= forgetBefore || first.next) add(page, key, first, forgetBefore);
  return { saved: rest(saved, page, forgetBefore), met: page };
}

/** Leaves those out that are older. */
function keep(met: Map<string, Met>, key: string, first: Met, forgetBefore: number): void {
  let kept: Met | undefined;
  for (let one: Met | undefined = first; one !== undefined; one = one.next)
    if (one.time >= forgetBefore) kept = { ...one, next: kept };
  if (kept === undefined) met.delete(key);
  else met.set(key, kept);
}

/** Adds those that are not older, and that the page has not shown. */
function add(met: Map<string, Met>, key: string, first: Met, forgetBefore: number): void {
  for (let one: Met | undefined = first; one !== undefined; one = one.next) {
    const now = met.get(key);
    if (one.time < forgetBefore || has(now, one)) continue;
    const { time, copies } = one;
    met.set(key, { text: null, identity: identityOf(one), time, copies, next: now });
  }
}

/** What earlier runs have saved, without what was met again since. */
function rest(saved: Memory['saved'], met: Memory['met'], forgetBefore: number): Memory['saved'] {
  if (saved.size === 0) return saved;
  const again = new Set<string | null>();
  for (const first of met.values())
    for (let one: Met | undefined = first; one !== undefined; one = one.next) again.add(one.identity);
  return new Map([...saved].filter(([id, { time }]) => time >= forgetBefore && !again.has(id)));
}

function find(
  record: LogRecord,
  { saved, met }: Memory,
): Pick<Met, 'time' | 'copies' | 'identity'> | undefined {
  const { text } = record;
  for (let one = met.get(keyOf(record)); one !== undefined; one = one.next) if (isOf(one, text)) return one;
  if (saved.size === 0) return undefined;
  const id = identity(text);
  const known = saved.get(id);
  return known && { ...known, identity: id };
}

/** Whether one of them is the same as another of the same key, of an earlier page. */
function has(first: Met | undefined, other: Met): boolean {
  for (let one = first; one !== undefined; one = one.next)
    if (one.text !== null && isOf(other, one.text)) return true;
  return false;
}

/**
 * What the same text always has: its id, and where there is none the text. A second is no name here, for whether a time can be read
 * depends on when Duo has answered; what has the same key may have other texts.
 */
function keyOf({ name, text, time }: LogRecord): string {
  const isSecond = time !== null && name === String(Math.floor(time / 1000));
  return name === null || isSecond ? text : name;
}

function isOf(one: Met, text: string): boolean {
  return one.text === null ? one.identity === identity(text) : one.text === text;
}

function identityOf({ text, identity: known }: Met): string {
  return known ?? identity(text ?? '');
}
