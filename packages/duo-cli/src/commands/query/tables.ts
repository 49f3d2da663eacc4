import type { LogType } from 'duo-core';
import type { TableName } from './named-tables';

/** A table that a query can name: a log's records as they are stored, or a class of the lake. */
export type StoreTable =
  | { readonly schema: 'logs'; readonly name: string; readonly logType: LogType }
  | { readonly schema: 'lake'; readonly name: string };

/** All tables, the logs first: a name without a schema is the first that is called so. */
export function storeTables(logs: readonly LogType[], classes: readonly string[]): StoreTable[] {
  return [
    ...logs.map((logType): StoreTable => ({ schema: 'logs', name: tableOf(logType), logType })),
    ...classes.map((name): StoreTable => ({ schema: 'lake', name })),
  ];
}

/** The name of a log's table: SQL takes a hyphen for a minus, so it becomes an underscore. */
function tableOf({ name }: LogType): string {
  return name.replaceAll('-', '_');
}

/** Those of the tables that these names mean, each once. A name that means none is the query's own, or DuckDB's. */
export function meant(names: readonly TableName[], tables: readonly StoreTable[]): StoreTable[] {
  const found = names.flatMap(({ schema, table }) => {
    const one = tables.find(({ name, ...of }) => name === table && (schema === '' || schema === of.schema));
    return one === undefined ? [] : [one];
  });
  return [...new Set(found)];
}

/** For messages: some of the tables, each by the shortest name that means it among all of them. */
export function namesOf(some: readonly StoreTable[], all: readonly StoreTable[]): string {
  return some
    .map((one) =>
      all.find(({ name }) => name === one.name) === one ? one.name : `${one.schema}.${one.name}`,
    )
    .join(', ');
}
