/*
 * Where things stand in the text of JSON, character by character. The text has as many characters as bytes (latin1), so that
 * places in it are places in the answer.
 */

/** Where a value begins and the place after it, in bytes. */
export type Place = readonly [from: number, to: number];

/** Where the array at `path` begins, or -1. */
export function findArray(json: string, path: readonly string[]): number {
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
export function cutArray(json: string, start: number): { places: Place[]; end: number } {
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

/** The characters that structure JSON. */
export const code = {
  quote: 0x22,
  comma: 0x2c,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
};

/** The place after the value at `start`; of what is not JSON, some place at or after it. */
export function skipValue(json: string, start: number): number {
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

/** The first place at or after `start` that is no white space. */
export function skipSpace(json: string, start: number): number {
  let at = start;
  while (isSpace(json.charCodeAt(at))) at++;
  return at;
}

/** The last place at or before `start` that is no white space. */
export function skipSpaceBack(bytes: Buffer, start: number): number {
  let at = start;
  while (isSpace(bytes[at])) at--;
  return at;
}

function isSpace(c: number | undefined): boolean {
  return c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09;
}
