import { isAscii, isUtf8 } from 'node:buffer';
import { NotUtf8Error } from '../errors';
import { code, cutArray, findArray, type Place, skipSpace, skipSpaceBack, skipValue } from './json-text';

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
  if (Array.isArray(path.reduce(member, whole))) throw new SyntaxError('the array is in it twice');
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
  // Of ASCII, characters are bytes: a part of one text is made without a copy.
  const json = isAscii(page) ? latin1(page) : null;
  const read: OpenPage['read'] = (record) => ({
    records: places.map(([from, to]) => {
      const text = json === null ? page.toString('utf8', from, to) : json.slice(from, to);
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
