import { exactJson } from './exact-json';
import { Found } from './found';

/**
 * A record of Duo's, read by paths like `access_device.location.city`. What is missing, null, empty or of another kind is
 * undefined: it stays where the record has it, and so in `unmapped`.
 */
export interface RawRecord {
  /** The text, number or boolean at the path, as text. */
  text(path: string): Found<string> | undefined;
  /** The texts of the list at the path, if it has nothing else. */
  texts(path: string): Found<readonly string[]> | undefined;
  /** The time at the path, in ms since 1970: an ISO 8601 time with a zone, or a number of seconds or milliseconds. */
  time(path: string, unit: 'iso' | 's' | 'ms'): Found<number> | undefined;
  /** Whatever is at the path: JSON in a text as what it says. */
  value(path: string): Found<unknown> | undefined;
  /** The objects of the list at the path. */
  list(path: string): RawRecord[];
  /** The object at the path, or in the JSON text there. Where there is prose, or nothing, the record that it gives is empty. */
  json(path: string): RawRecord;
}

/**
 * Reads an object, which stands at `at` in the record; `at` is empty for the record itself. The paths at which JSON was read
 * are added to `opened`.
 */
export function rawRecord(record: object, opened: Set<string> = new Set(), at = ''): RawRecord {
  const full = (path: string) => (at === '' ? path : `${at}.${path}`);
  const get = (path: string) => path.split('.').reduce<unknown>(member, record);
  const text = (path: string) => {
    const value = get(path);
    const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return !isText || value === '' ? undefined : new Found(String(value), [full(path)]);
  };
  return {
    text,
    texts(path) {
      const value = get(path);
      const isTexts =
        Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
      return isTexts ? new Found(value, [full(path)]) : undefined;
    },
    time: (path, unit) => {
      const ms = milliseconds(get(path), unit);
      return ms === undefined ? undefined : new Found(ms, [full(path)]);
    },
    value(path) {
      const value = structured(get(path));
      return isEmpty(value) ? undefined : new Found(value, [full(path)]);
    },
    list(path) {
      const value = get(path);
      if (!Array.isArray(value)) return [];
      return value.flatMap((one, index) =>
        isObject(one) ? rawRecord(one, opened, full(`${path}.${index}`)) : [],
      );
    },
    json(path) {
      const value = structured(get(path));
      opened.add(full(path));
      return rawRecord(isObject(value) ? value : {}, opened, full(path));
    },
  };
}

/**
 * What of a record has not landed in an event: it without what stands at these paths, and without what is empty. The JSON
 * that was read at `opened` stands there as what it says. Undefined if that is nothing.
 */
export function rest(
  record: object,
  landed: readonly string[],
  opened: ReadonlySet<string>,
): Readonly<Record<string, unknown>> | undefined {
  const places = { landed: false, opened: false, below: new Map<string, Place>() };
  for (const path of landed) placeAt(places, path).landed = true;
  for (const path of opened) placeAt(places, path).opened = true;
  const left = without(record, places);
  return isObject(left) ? { ...left } : undefined;
}

/** A path of a record, and those that begin with it. */
interface Place {
  landed: boolean;
  opened: boolean;
  readonly below: Map<string, Place>;
}

function placeAt(root: Place, path: string): Place {
  let place = root;
  for (const key of path.split('.')) {
    const next = place.below.get(key) ?? { landed: false, opened: false, below: new Map<string, Place>() };
    place.below.set(key, next);
    place = next;
  }
  return place;
}

function without(value: unknown, place: Place | undefined): unknown {
  if (place?.landed) return undefined;
  const inside = place?.opened ? structured(value) : value;
  if (!isObject(inside)) return isEmpty(inside) ? undefined : inside;
  const members: [string, unknown][] = [];
  for (const [name, member] of Object.entries(inside)) {
    const kept = without(member, place?.below.get(name));
    if (kept !== undefined) members.push([name, kept]);
  }
  if (members.length === 0) return undefined;
  return Array.isArray(inside) ? members.map(([, item]) => item) : Object.fromEntries(members);
}

const member = (value: unknown, key: string): unknown =>
  isObject(value) && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;

/** The object or list that a JSON text says, since Duo writes some of them so; else the value itself. */
function structured(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  const read = exactJson(value)?.value;
  return isObject(read) ? read : value;
}

function milliseconds(value: unknown, unit: 'iso' | 's' | 'ms'): number | undefined {
  const ms =
    unit === 'iso' ? fromIso(value) : typeof value === 'number' ? value * (unit === 's' ? 1000 : 1) : NaN;
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? undefined : Math.floor(ms);
}

/** Digits beyond the milliseconds are cut, not rounded: so are Duo's cursors. */
function fromIso(value: unknown): number {
  const [, seconds = '', fraction = '', zone = ''] =
    (typeof value === 'string' &&
      /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(value)) ||
    [];
  return Date.parse(`${seconds}${fraction.slice(0, 4)}${zone}`);
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

/** Lists as well. */
function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
