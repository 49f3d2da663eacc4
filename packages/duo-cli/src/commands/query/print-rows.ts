import { createReadStream } from 'node:fs';
import { printable } from 'duo-core';
import { readLines } from '../../logs/read-lines';
import type { World } from '../../operator/world';
import { writeRows } from './database';
import type { Connection } from './duckdb';
import { rowsText } from './rows';

/** The most rows of a table on a screen. */
const mostShown = 1_000;

/** Prints all rows of a query as DuckDB writes them, by way of a file; `show` is what becomes of a line. */
export async function printAll(
  connection: Connection,
  sql: string,
  file: string,
  format: 'json' | 'csv',
  show: (line: string) => string,
  world: World,
): Promise<void> {
  await writeRows(connection, sql, file, format);
  for await (const line of readLines(createReadStream(file))) world.print(`${show(line)}\n`);
}

/** Prints the first rows of a query as a table, and says so if there are more. */
export async function printTable(
  connection: Connection,
  sql: string,
  show: (cell: string) => string,
  world: World,
): Promise<void> {
  const read = await connection.streamAndReadUntil(sql, mostShown + 1);
  const rows = read.getRows();
  // As it will be printed, so that it is measured as it will be printed.
  const cell = (value: unknown) =>
    value === null ? '' : printable(show(String(value)).replaceAll(/\s/g, ' '));
  const cells = rows.slice(0, mostShown).map((row) => row.map(cell));
  const names = read.deduplicatedColumnNames().map(cell);
  world.print(rowsText(names, cells, world.screenColumns ?? 80));
  if (rows.length > mostShown)
    world.complain(
      `Only the first ${mostShown.toLocaleString('en')} rows are shown: --csv and --json have all.\n`,
    );
}
