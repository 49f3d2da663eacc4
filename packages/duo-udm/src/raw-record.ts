import { MappingError } from './mapping-error';

/** A record of Duo's, read by paths like `access_device.location.city`; what is missing, null or empty is undefined. */
export interface RawRecord {
  /** The text, number or boolean at the path, as text. Throws a `MappingError` if something else is there. */
  text(path: string): string | undefined;
  /** The number at the path. Throws a `MappingError` if something else is there. */
  number(path: string): number | undefined;
  /** The texts of the list at the path. */
  texts(path: string): string[];
  /** The objects of the list at the path. */
  list(path: string): RawRecord[];
  /** The text at the path, or the JSON of the object that is there. */
  jsonText(path: string): string | undefined;
  /** The object at the path, or in the JSON text there. Where there is prose, or nothing, the record that it gives is empty. */
  json(path: string): RawRecord;
}

/** Reads a record. Throws a `MappingError` if it is no JSON object. */
export function rawRecord(record: unknown): RawRecord {
  if (!isObject(record) || Array.isArray(record)) throw new MappingError('it is not a JSON object');
  return reader(record);
}

function reader(record: object): RawRecord {
  const at = (path: string) =>
    path
      .split('.')
      .reduce<unknown>(
        (value, key) => (isObject(value) && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined),
        record,
      );
  const list = (path: string): unknown[] => {
    const value = at(path) ?? [];
    if (!Array.isArray(value)) throw new MappingError(`${path} is not a list`);
    return value;
  };
  const text = (path: string, value = at(path)) => {
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'object') throw new MappingError(`${path} is not a text`);
    return String(value);
  };
  const jsonText = (path: string) => {
    const value = at(path);
    return text(path, isObject(value) ? JSON.stringify(value) : value);
  };
  return {
    text: (path) => text(path),
    number(path) {
      const value = at(path) ?? undefined;
      if (value === undefined || typeof value === 'number') return value;
      throw new MappingError(`${path} is not a number`);
    },
    texts: (path) => list(path).flatMap((item) => text(path, item) ?? []),
    list: (path) => list(path).filter(isObject).map(reader),
    jsonText,
    json: (path) => reader(parsed(jsonText(path))),
  };
}

function parsed(json: string | undefined): object {
  try {
    const value: unknown = JSON.parse(json ?? '{}');
    return isObject(value) ? value : {};
  } catch {
    return {}; // Duo writes prose there as well.
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
