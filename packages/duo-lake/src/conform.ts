import type { Column } from './columns';

/** What a cell can hold. */
export type Cell =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly Cell[]
  | { readonly [name: string]: Cell };

/**
 * An event's value as a column holds it, `null` where there is none. Throws an error that names the field for a value of another
 * type, and for one that has no column: a mapping and its table must agree.
 */
export function conform(value: unknown, column: Column, at = column.name): Cell {
  if (value === undefined || value === null) return null;
  if (!column.isList) return single(value, column, at);
  if (!Array.isArray(value)) throw mismatch(at, column, value);
  return value.map((item: unknown, index) => single(item, column, `${at}[${index}]`));
}

function single(value: unknown, column: Column, at: string): Cell {
  switch (column.type) {
    case 'string':
      if (typeof value === 'string') return value;
      break;
    case 'boolean':
      if (typeof value === 'boolean') return value;
      break;
    case 'json':
      return JSON.stringify(value);
    case 'double':
      if (Number.isFinite(value)) return Number(value);
      break;
    case 'int':
      if (Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31) return Number(value);
      break;
    case 'bigint':
      if (Number.isSafeInteger(value)) return BigInt(Number(value));
      break;
    case 'struct':
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        return row(value, column.columns, `${at}.`);
  }
  throw mismatch(at, column, value);
}

/** What a row holds, by the names of its columns. */
export type Row = { readonly [name: string]: Cell };

/** An object as a row of these columns. Throws as `conform` does. */
export function row(value: object, columns: readonly Column[], at = ''): Row {
  const known = new Set(columns.map(({ name }) => name));
  for (const [name, inner] of Object.entries(value))
    if (inner !== undefined && !known.has(name)) throw new Error(`${at}${name} has no column`);
  return Object.fromEntries(
    columns.map((column) => [
      column.name,
      conform(Reflect.get(value, column.name), column, `${at}${column.name}`),
    ]),
  );
}

function mismatch(at: string, { type, isList }: Column, value: unknown): Error {
  const found = Array.isArray(value) ? 'a list' : typeof value;
  return new Error(`${at} must be ${isList ? 'a list of ' : ''}${type}, not ${found}`);
}
