import type { ListedObject, LogType } from 'duo-core';
import type { DaySpan } from '../../operator/day-span';
import { UsageError } from '../../operator/usage-error';
import { plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { startProgress } from '../../progress/progress';
import type { Target } from '../../store/target';
import { addEmpty, addParquet, addRecords, addUnread, makeSchemas } from './database';
import type { Connection } from './duckdb';
import { fetchParquet, fetchRecords, type Reading } from './fetch';
import { lakeObjects } from './lake';
import { type RawObject, rawObjects } from './raw-log';
import { namesOf, type StoreTable } from './tables';

/** Where what is queried comes from. */
export interface Source {
  readonly target: Target;
  readonly days: DaySpan;
  /** How many bytes of objects may be read. */
  readonly most: number;
  /** Where files are put for DuckDB. */
  readonly folder: string;
  /** Ends the reading when it aborts. */
  readonly signal: AbortSignal;
}

/** What was read: how many objects could not be, and the tables of which there is nothing in these days. */
export interface ReadTables {
  readonly damaged: number;
  readonly empty: readonly StoreTable[];
}

/** The objects of a table. */
type Listed =
  | { readonly of: StoreTable; readonly logType: LogType; readonly objects: readonly RawObject[] }
  | { readonly of: StoreTable; readonly logType: null; readonly objects: readonly ListedObject[] };

/**
 * Reads the tables that are wanted into the database, and says what was read; the others are there by name alone. Throws a `UsageError`
 * before anything is read where it would be too much.
 */
export async function readTables(
  connection: Connection,
  tables: readonly StoreTable[],
  wanted: readonly StoreTable[],
  source: Source,
  world: World,
): Promise<ReadTables> {
  const { days, folder, signal } = source;
  const { store } = source.target;
  const listed: Listed[] = [];
  for (const table of wanted) listed.push(await listOf(table, source));
  const count = listed.reduce((sum, { objects }) => sum + objects.length, 0);
  const bytes = listed.flatMap(({ objects }) => objects.map(({ size }) => size)).reduce((a, b) => a + b, 0);
  refuseTooMuch(bytes, source);
  const progress = world.columns === undefined ? undefined : startProgress(world);
  let [damaged, done] = [0, 0];
  const reading: Reading = {
    store,
    folder,
    damaged(error) {
      damaged += 1;
      world.complain(`${error.message}\n`);
    },
    read({ size }) {
      signal.throwIfAborted();
      done += size;
      progress?.show(Math.min(1, done / bytes), () => `${sizeText(done)} of ${sizeText(bytes)}`);
    },
  };
  const empty: StoreTable[] = [];
  try {
    await makeSchemas(connection, folder);
    for (const table of tables) if (!wanted.includes(table)) await addUnread(connection, table);
    for (const one of listed) {
      if (await addTable(connection, one, days, reading, world)) continue;
      empty.push(one.of);
      await addEmpty(connection, one.of);
    }
  } finally {
    progress?.end();
  }
  if (wanted.length > 0)
    world.complain(
      `Read ${plural(count, 'object')} (${sizeText(bytes)}) for ${namesOf(wanted, tables)}, ${days.first} to ${days.last}.\n`,
    );
  return { damaged, empty };
}

async function listOf(of: StoreTable, { target, days }: Source): Promise<Listed> {
  return of.schema === 'logs'
    ? { of, logType: of.logType, objects: await rawObjects(target, of.logType, days) }
    : { of, logType: null, objects: await lakeObjects(target.store, of.name, days) };
}

function refuseTooMuch(bytes: number, { most }: Source): void {
  if (bytes <= most) return;
  throw new UsageError(
    `The query would read ${sizeText(bytes)}, more than ${sizeText(most)}. Give fewer days with --from and --to, or --most ${Math.ceil(bytes / 1_000_000)}: for a while this takes about twenty times as much room on the disk.`,
  );
}

/** Whether there is anything of it. */
async function addTable(
  connection: Connection,
  { of, ...listed }: Listed,
  days: DaySpan,
  reading: Reading,
  world: World,
): Promise<boolean> {
  if (listed.logType === null) {
    const files = await fetchParquet(listed.objects, reading);
    if (files.length > 0) await addParquet(connection, of, files);
    return files.length > 0;
  }
  const file = await fetchRecords(listed.logType, days, listed.objects, reading);
  if (file === undefined) return false;
  const ofAccounts = listed.objects.some(({ account }) => account !== undefined);
  if (!(await addRecords(connection, of, file, ofAccounts)))
    world.complain(`The records of ${of.name} make no columns: each is JSON in the column record.\n`);
  return true;
}

/** A number of bytes as people say it: `34 kB`. */
function sizeText(bytes: number): string {
  const power = bytes < 1_000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** power;
  return `${value.toLocaleString('en', { maximumSignificantDigits: 3 })} ${['bytes', 'kB', 'MB', 'GB'][power]}`;
}
