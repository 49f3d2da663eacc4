/** What a JSON text says. */
export interface ExactJson {
  /** As `JSON.parse` reads it, but with numbers that a JavaScript number would change as texts of all their digits. */
  readonly value: unknown;
  /** As `JSON.parse` reads it. */
  readonly plain: unknown;
  /** Whether the two differ. */
  readonly isInexact: boolean;
}

/** Reads a JSON text. Undefined if it is not JSON, or nested more than 100 deep: nothing here could go through that. */
export function exactJson(json: string): ExactJson | undefined {
  const plain = parse(json);
  if (plain === undefined || isTooDeep(json)) return undefined;
  const quoted = mayBeInexact.test(json)
    ? json.replace(stringOrNumber, (token) =>
        token.startsWith('"') || isExact(token) ? token : `"${token}"`,
      )
    : json;
  const isInexact = quoted !== json;
  return { value: isInexact ? JSON.parse(quoted) : plain, plain, isInexact };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const deepest = 100;

function isTooDeep(json: string): boolean {
  // Most texts have fewer brackets altogether.
  if (json.split(/[[{]/, deepest + 2).length < deepest + 2) return false;
  let depth = 0;
  for (const [token] of json.matchAll(stringOrBracket)) {
    if (token === '[' || token === '{') depth += 1;
    if (token === ']' || token === '}') depth -= 1;
    if (depth > deepest) return true;
  }
  return false;
}

const stringOrBracket = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{}]/g;

/** Few texts have such digits or an exponent: the others are read once. */
const mayBeInexact = /[\d.]{16}|(?:^|[:,[\s])-?[\d.]+[eE]/;

const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A double keeps 15 decimal digits, and each integer up to 2^53. */
function isExact(number: string): boolean {
  const value = Number(number);
  if (/^-?\d+$/.test(number)) return Number.isSafeInteger(value);
  const digits = number
    .replace(/[eE].*/, '')
    .replace(/\D/g, '')
    .replace(/^0+/, '');
  return Number.isFinite(value) && digits.length <= 15 && (value !== 0 || digits === '');
}
