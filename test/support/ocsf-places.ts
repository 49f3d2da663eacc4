import type { OcsfEvent, ToOcsf } from 'duo-ocsf';

/** A value of a record, and where it stands; JSON in a text is opened, and the indexes of lists are members as well. */
export interface Leaf {
  readonly path: string;
  readonly value: unknown;
}

/** The values of a record that are not empty. */
export function leavesOf(value: unknown, at = ''): Leaf[] {
  const inside = opened(value);
  if (typeof inside === 'object' && inside !== null) {
    return Object.entries(inside).flatMap(([key, one]) => leavesOf(one, at === '' ? key : `${at}.${key}`));
  }
  return value === null || value === '' ? [] : [{ path: at, value }];
}

/** A path without the indexes of lists. */
export const fieldOf = (path: string): string => path.replace(/\.\d+(?=\.|$)/g, '');

/**
 * The places of a mapping at which the value of a leaf shows: those at which its event differs when the leaf has another
 * value. A change of class is `class_uid`, whatever else follows. `raw_data` and `observables`, which repeat, and the captions
 * of numbers are left out. Values with which something would be wrong are not tried.
 */
export function placesOf(
  toOcsf: ToOcsf,
  record: string,
  leaf: Leaf,
  others: readonly unknown[],
): Set<string> {
  const { event } = toOcsf(record);
  const values = [...others, ...variations(leaf.value)].filter((one) => one !== leaf.value);
  const changed = values.map((one) =>
    toOcsf(JSON.stringify(withLeaf(JSON.parse(record), leaf.path.split('.'), one))),
  );
  const right = changed.filter(({ problems }) => problems.length === 0);
  return new Set(right.flatMap((one) => differences(event, one.event)));
}

/** Other values of the same kind. */
function variations(value: unknown): unknown[] {
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number') return [value + 1000];
  if (typeof value !== 'string') return [];
  if (/^\d{4}-\d\d-/.test(value))
    return [value.replace(/^\d{4}/, (year) => (year === '2024' ? '2023' : '2024'))];
  if (value.includes('db8::')) return [value.replace('db8::', 'db8:1::')];
  return [/^\d+\.\d+\.\d+\.\d+/.test(value) ? value.replace(/^\d+/, '203') : `${value}x`];
}

function withLeaf(value: unknown, [key, ...more]: readonly string[], leaf: unknown): unknown {
  if (key === undefined) return leaf;
  const inside = opened(value);
  if (typeof inside !== 'object' || inside === null) throw new Error(`nothing stands at ${key}`);
  const next = withLeaf(Reflect.get(inside, key), more, leaf);
  const changed = Array.isArray(inside) ? inside.with(Number(key), next) : { ...inside, [key]: next };
  return typeof value === 'string' ? JSON.stringify(changed) : changed;
}

function opened(value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith('{')) return value;
  return JSON.parse(value);
}

function differences(one: OcsfEvent, other: OcsfEvent): string[] {
  if (one.class_uid !== other.class_uid) return ['class_uid'];
  const [left, right] = [one, other].map(
    (event) => new Map(leavesOf(event).map(({ path, value }) => [path, value])),
  );
  const paths = [...new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])])];
  const places = new Set(
    paths
      .filter((path) => left?.get(path) !== right?.get(path))
      .map((path) => placeOf(fieldOf(path)))
      .filter((place) => !/^(raw_data|observables|type_uid|type_name)(\.|$)/.test(place)),
  );
  return [...places].filter((place) => !isCaption(place, places));
}

/** What OCSF has no fields for is one place, however much is in it. */
const placeOf = (path: string): string => path.replace(/^(unmapped|.*\bdata)\..*$/, '$1');

function isCaption(place: string, places: ReadonlySet<string>): boolean {
  return places.has(`${place}_id`) || (place.endsWith('_name') && places.has(place.replace(/_name$/, '_id')));
}
