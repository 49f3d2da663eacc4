import { isUtf8 } from 'node:buffer';
import { NotUtf8Error } from '../errors';

/** A page that was cut into its records and what stands around them. */
export interface OpenPage {
  /**
   * What stands around the records in all likelihood, with an empty array in their place: good enough to ask for the next
   * page. Whether it was cut rightly is known when the records have been read.
   */
  readonly likely: unknown;
  /** Whether there are no records, or no array of them; as likely. */
  readonly isEmpty: boolean;
  /**
   * Hands over each record's value, and its text exactly as it stands in the page. Only a line break between tokens becomes a
   * space, since each record is to be one line; inside a string JSON allows none. Returns what came of them, and what stands
   * around them. Throws a `SyntaxError` if the page is not JSON.
   */
  read<T>(record: (value: unknown, text: string) => T): { readonly records: T[]; readonly around: unknown };
}

/**
 * Opens a page in UTF-8 whose records are the array at `path`. Only what stands around them is parsed at once, so that the
 * next page can be asked for; the records are parsed one by one when they are read. Throws a `SyntaxError` if the page
 * cannot be JSON, and a `NotUtf8Error` if it is Duo's but for a byte that is no UTF-8.
 */
export function openPage(answer: Buffer, path: readonly string[]): OpenPage {
  // RFC 8259, 8.1: a parser may skip a byte order mark.
  const page = answer.subarray(answer.indexOf(byteOrderMark) === 0 ? byteOrderMark.length : 0);
  // Anything else could not be stored as it came.
  if (!isUtf8(page)) throw notUtf8(page, answer.length - page.length, path);
  const alike = cutAlike(page, path);
  if (alike === undefined) return cutExactly(page, path);
  return {
    ...alike,
    read(record) {
      try {
        return alike.read(record);
      } catch {
        // The guess was wrong, or the page is: the exact cut tells, and throws then.
        return cutExactly(page, path).read(record);
      }
    },
  };
}

const byteOrderMark = Buffer.from('\ufeff');

/** Says where the first byte is that is no UTF-8; `skipped` bytes stand before the page. */
function notUtf8(page: Buffer, skipped: number, path: readonly string[]): Error {
  const json = latin1(page);
  const answer: unknown = JSON.parse(json);
  // Of something else it is better said that it is not what was asked for.
  if (member(answer, 'stat') === undefined) return new SyntaxError('not UTF-8');
  // A decoder replaces what it cannot read, so that it comes out as other bytes.
  const decoded = Buffer.from(page.toString());
  let at = page.findIndex((byte, index) => byte !== decoded[index]);
  while (!isUtf8(page.subarray(0, at))) at -= 1;
  const record = cutArray(json, findArray(json, path)).places.findIndex(
    ([from, to]) => from <= at && at < to,
  );
  return new NotUtf8Error(page[at] ?? 0, at + skipped, record < 0 ? null : record + 1);
}

/** Where a record begins and the place after it, in bytes. */
type Place = readonly [from: number, to: number];

/**
 * Cuts wherever an object begins as the first record does, with the same name: by native searches, in a sixth of the time that
 * a look at each character takes. Inside a string its quotes would be escaped; and if the object lies inside of a record or
 * behind the array, what was cut off before it is not JSON, so `read` throws.
 */
function cutAlike(page: Buffer, path: readonly string[]): OpenPage | undefined {
  const head = latin1(page, 0, 1_024);
  const start = findArray(head, path);
  const first = skipSpace(head, start + 1);
  const [opening] = /^\{\s*"[^"\\]*"/.exec(head.slice(first)) ?? [];
  if (start < 0 || opening === undefined) return undefined;
  const pattern = Buffer.from(opening, 'latin1');
  const places: Place[] = [];
  let at = first;
  for (let next = page.indexOf(pattern, at + 1); next > 0; next = page.indexOf(pattern, at + 1)) {
    const comma = skipSpaceBack(page, next - 1);
    if (page[comma] !== code.comma) return undefined;
    places.push([at, skipSpaceBack(page, comma - 1) + 1]);
    at = next;
  }
  const tail = latin1(page, at);
  const length = skipValue(tail, 0);
  const close = skipSpace(tail, length);
  if (tail[close] !== ']') return undefined;
  return pageAround(page, [start, at + close + 1], [...places, [at, at + length]], path);
}

/** Cuts after each element, which is found character by character. */
function cutExactly(page: Buffer, path: readonly string[]): OpenPage {
  const json = latin1(page);
  const start = findArray(json, path);
  const { places, end } = cutArray(json, start);
  const found = end > 0 ? pageAround(page, [start, end], places, path) : undefined;
  if (found !== undefined) return found;
  const whole: unknown = JSON.parse(page.toString());
  // Of several members of a name the last one counts, and that one was not cut.
  if (Array.isArray(path.reduce(member, whole))) throw new SyntaxError('the array stands there twice');
  return { likely: whole, isEmpty: true, read: () => ({ records: [], around: whole }) };
}

/** As many characters as bytes, of which those that are not ASCII stand inside strings. */
function latin1(page: Buffer, from = 0, to = page.length): string {
  return page.toString('latin1', from, to);
}

/** The page with its array cut out; undefined if that is not the one at `path`. */
function pageAround(
  page: Buffer,
  [start, end]: Place,
  places: readonly Place[],
  path: readonly string[],
): OpenPage | undefined {
  let around: unknown;
  try {
    around = JSON.parse(`${page.toString('utf8', 0, start)}[0]${page.toString('utf8', end)}`);
  } catch {
    return undefined;
  }
  const array = path.reduce(member, around);
  if (!Array.isArray(array) || array.pop() !== 0 || array.length > 0) return undefined;
  const lineBreaks = page.includes('\n') || page.includes('\r');
  const read: OpenPage['read'] = (record) => ({
    records: places.map(([from, to]) => {
      const text = page.toString('utf8', from, to);
      return record(JSON.parse(text), lineBreaks ? text.replace(/[\r\n]/g, ' ') : text);
    }),
    around,
  });
  return { likely: around, isEmpty: places.length === 0, read };
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

/** Where the array at `path` begins, or -1. */
function findArray(json: string, path: readonly string[]): number {
  let at = skipSpace(json, 0);
  for (const name of path) {
    at = findMember(json, at, JSON.stringify(name));
    if (at < 0) return -1;
  }
  return json[at] === '[' ? at : -1;
}

function findMember(json: string, start: number, name: string): number {
  let at = json[start] === '{' ? skipSpace(json, start + 1) : json.length;
  while (json[at] === '"') {
    const colon = skipSpace(json, skipString(json, at));
    const value = skipSpace(json, colon + 1);
    if (json.startsWith(name, at)) return value;
    const comma = skipSpace(json, skipValue(json, value));
    at = skipSpace(json, comma + 1);
  }
  return -1;
}

/** The elements of the array that begins at `start`; `end` is the place after it, or 0 where that cannot be told. */
function cutArray(json: string, start: number): { places: Place[]; end: number } {
  const places: Place[] = [];
  if (start < 0) return { places, end: 0 };
  let at = skipSpace(json, start + 1);
  if (json[at] === ']') return { places, end: at + 1 };
  for (;;) {
    const end = skipValue(json, at);
    places.push([at, end]);
    at = skipSpace(json, end);
    if (json[at] === ']') return { places, end: at + 1 };
    if (json[at] !== ',') return { places, end: 0 };
    at = skipSpace(json, at + 1);
  }
}

const code = {
  quote: 0x22,
  comma: 0x2c,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
};

/** The place after the value at `start`; of what is not JSON, some place at or after it. */
function skipValue(json: string, start: number): number {
  let depth = 0;
  for (let at = start; at < json.length; at++) {
    const c = json.charCodeAt(at);
    if (c === code.quote) {
      at = skipString(json, at) - 1;
      if (depth === 0) return at + 1;
    } else if (c === code.openBrace || c === code.openBracket) depth++;
    else if (c === code.closeBrace || c === code.closeBracket) {
      if (depth <= 1) return depth === 0 ? at : at + 1;
      depth--;
    } else if (depth === 0 && (c === code.comma || isSpace(c))) return at;
  }
  return json.length;
}

/** The native search is several times as fast as a look at each character. */
function skipString(json: string, start: number): number {
  for (let at = json.indexOf('"', start + 1); at >= 0; at = json.indexOf('"', at + 1)) {
    let escapes = 0;
    while (json.charCodeAt(at - 1 - escapes) === code.backslash) escapes++;
    if (escapes % 2 === 0) return at + 1;
  }
  return json.length;
}

function skipSpace(json: string, start: number): number {
  let at = start;
  while (isSpace(json.charCodeAt(at))) at++;
  return at;
}

function skipSpaceBack(bytes: Buffer, start: number): number {
  let at = start;
  while (isSpace(bytes[at])) at--;
  return at;
}

function isSpace(c: number | undefined): boolean {
  return c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09;
}
