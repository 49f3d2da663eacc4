import { createHash } from 'node:crypto';
import type { LogType, TimeField } from './log-type';

/** One log entry: its text as Duo sent it, its time in ms (null if it cannot be read), and whether it fits the schema. */
export interface LogRecord {
  readonly text: string;
  readonly time: number | null;
  readonly fits: boolean;
}

/** For each identity met within the overlap: the record's time in ms, and the most copies met on one page. */
export type Seen = Record<string, [time: number, copies: number]>;

/** Pairs each record's text, sliced out of the answer, with what the parsed value says; see `readTime` for `latest`. */
export function readRecords(
  text: string,
  path: readonly string[],
  values: readonly unknown[],
  logType: LogType,
  latest: number,
): LogRecord[] {
  const texts = sliceArray(text, path);
  if (texts.length !== values.length) {
    throw new Error(
      `${logType.path}: ${texts.length} records were sliced where a JSON parser reads ${values.length}`,
    );
  }
  return texts.map((recordText, index) => {
    const value = values[index];
    const time = readTime(value, logType.time, latest);
    return { text: recordText, time, fits: time !== null && logType.schema.safeParse(value).success };
  });
}

/** A record's identity: 128 bits of the SHA-256 of its text. Two records are the same when their identities are. */
export function identity(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/**
 * Separates what is new on a page from what was met before: of a record that is n times on the page and m times in
 * `seen`, n − m are new. Nothing is consumed, so a page may be sifted again with the same answer. A record whose time
 * cannot be read or lies outside the window (ms) it was found in counts as its end, and anew each time it is met: Duo
 * may file it under another time and show it for as long as it likes.
 */
export function sift(
  records: readonly LogRecord[],
  seen: Readonly<Seen>,
  window: { readonly from: number; readonly to: number },
): { fresh: LogRecord[]; seen: Seen } {
  const copies = new Map<string, number>();
  const met: Seen = { ...seen };
  const fresh = records.filter(({ text, time }) => {
    const id = identity(text);
    const copy = (copies.get(id) ?? 0) + 1;
    copies.set(id, copy);
    const [known, most] = seen[id] ?? [0, 0];
    const plausible = time !== null && time >= window.from - boundsTolerance && time <= window.to;
    met[id] = [plausible ? time : Math.max(known, window.to), Math.max(most, copy)];
    return copy > most;
  });
  return { fresh, seen: met };
}

/** How much coarser than its timestamps Duo's comparison with a window's bounds may be, in ms. */
export const boundsTolerance = 1_000;

/**
 * The text of each element of the array at `path`, exactly as it stands in `json`, which must be valid JSON. A line
 * break between tokens becomes a space, since each record is to be one line; inside a string JSON allows none.
 */
export function sliceArray(json: string, path: readonly string[]): string[] {
  let start = skipSpace(json, 0);
  for (const name of path) start = findMember(json, start, name);
  if (json[start] !== '[') throw new Error(`no array at ${path.join('.')}`);
  const elements: string[] = [];
  let at = skipSpace(json, start + 1);
  while (json[at] !== ']') {
    const end = skipValue(json, at);
    elements.push(json.slice(at, end).replace(/[\r\n]/g, ' '));
    at = skipSpace(json, end);
    if (json[at] === ',') at = skipSpace(json, at + 1);
  }
  return elements;
}

/** Where the value of a member begins; of members with the same name the last one counts, as for `JSON.parse`. */
function findMember(json: string, start: number, name: string): number {
  if (json[start] !== '{') throw new Error(`no object around "${name}"`);
  let found: number | undefined;
  let at = skipSpace(json, start + 1);
  while (json[at] !== '}') {
    const keyEnd = skipString(json, at);
    const value = skipSpace(json, skipSpace(json, keyEnd) + 1);
    if (JSON.parse(json.slice(at, keyEnd)) === name) found = value;
    at = skipSpace(json, skipValue(json, value));
    if (json[at] === ',') at = skipSpace(json, at + 1);
  }
  if (found === undefined) throw new Error(`no member "${name}"`);
  return found;
}

function skipValue(json: string, start: number): number {
  if (json[start] === '"') return skipString(json, start);
  let at = start;
  let depth = 0;
  for (; at < json.length; at++) {
    const c = json[at];
    if (c === '"') at = skipString(json, at) - 1;
    else if (c === '{' || c === '[') depth++;
    else if ((c === '}' || c === ']') && depth > 0) {
      depth--;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (c === ',' || c === '}' || c === ']' || isSpace(c))) return at;
  }
  return at;
}

function skipString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

function skipSpace(json: string, start: number): number {
  let at = start;
  while (isSpace(json[at])) at++;
  return at;
}

function isSpace(c: string | undefined): boolean {
  return c === ' ' || c === '\n' || c === '\r' || c === '\t';
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/**
 * A record's time in ms, rounded down as in Duo's cursor; null if it cannot be read. One after `latest` (ms) is none: what
 * has not happened yet is not in a log, unless its unit has changed.
 */
export function readTime(record: unknown, { field, unit }: TimeField, latest: number): number | null {
  if (typeof record !== 'object' || record === null) return null;
  const value: unknown = Object.entries(record).find(([name]) => name === field)?.[1];
  const time = unit === 'iso' ? readIso(value) : readNumber(value, unit);
  return time === null || time > latest ? null : time;
}

function readIso(value: unknown): number | null {
  if (typeof value !== 'string' || !isoTime.test(value)) return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : time;
}

function readNumber(value: unknown, unit: 's' | 'ms'): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  return Math.floor(unit === 's' ? value * 1000 : value);
}
