import type { Connection } from './duckdb';
import type { StoreTable } from './tables';

/** Makes the schemas of a database, in which a name without one is a log's before it is a class's. */
export async function makeSchemas(connection: Connection, folder: string): Promise<void> {
  await connection.run(
    `set timezone = 'UTC'; set temp_directory = ${quoted(`${folder}/spilled`)}; create schema logs; create schema lake; set search_path = 'logs,lake'`,
  );
}

/** A table that the query does not name, so that it can be listed: whoever reads it all the same is told why there is nothing. */
export async function addUnread(connection: Connection, table: StoreTable): Promise<void> {
  const why = quoted(`${nameOf(table)} was not read, because the query does not name it as a table`);
  await connection.run(`create view ${nameOf(table)} as select error(${why}) as unread`);
}

/** A table of which there is nothing in these days, and so no column of its own. */
export async function addEmpty(connection: Connection, table: StoreTable): Promise<void> {
  const columns = table.schema === 'logs' ? 'raw varchar, day date' : '"eventDay" varchar';
  await connection.run(`create table ${nameOf(table)} (${columns})`);
}

/**
 * A log's table, from the file of its records: their fields, and `raw`, `day` and, where there are accounts, `account`. Returns false
 * where two fields of a record differ in capitals only, which no table can have: its record is then one column, of JSON.
 */
export async function addRecords(
  connection: Connection,
  table: StoreTable,
  file: string,
  ofAccounts: boolean,
): Promise<boolean> {
  const ours = ofAccounts ? 'raw, day, account' : 'raw, day';
  const read = (columns: string) => `read_json(${quoted(file)}, ${ndjson}, ${columns})`;
  const view = (fields: string, from: string) =>
    `create view ${nameOf(table)} as select ${fields}, ${ours} from ${from}`;
  try {
    await connection.run(view('record.*', read(detected)));
    return true;
  } catch {
    const types = `columns = {record: 'json', raw: 'varchar', day: 'date', account: 'varchar'}`;
    await connection.run(view('record', read(types)));
    return false;
  }
}

/** A line holds a record twice, and a record is at most an answer of Duo's. */
const ndjson = `format = 'newline_delimited', maximum_object_size = 134217728`;

/** All records are looked at, and each field that one of them has becomes a column. */
const detected = 'sample_size = -1, map_inference_threshold = -1, field_appearance_threshold = 0';

/** A class's table, from its files: its columns, and those that their folders are named after. */
export async function addParquet(
  connection: Connection,
  table: StoreTable,
  files: readonly string[],
): Promise<void> {
  const partitions = `{region: varchar, "accountId": varchar, "eventDay": varchar}`;
  await connection.run(
    `create view ${nameOf(table)} as select * from read_parquet([${files.map(quoted).join(', ')}], union_by_name = true, hive_partitioning = true, hive_types = ${partitions})`,
  );
}

/** From now on the connection reads and writes nothing outside of this folder, and nothing can change that. */
export async function closeOff(connection: Connection, folder: string): Promise<void> {
  await connection.run(
    `set allowed_directories = [${quoted(`${folder}/`)}]; set enable_external_access = false; set lock_configuration = true`,
  );
}

/** Writes all rows of a query into a file. The query is put into another one, which gives columns of one name a name each. */
export async function writeRows(
  connection: Connection,
  sql: string,
  file: string,
  format: 'json' | 'csv',
): Promise<void> {
  const options = format === 'csv' ? 'format csv, header' : 'format json';
  await connection.run(`copy (select * from (${sql})) to ${quoted(file)} (${options})`);
}

function nameOf({ schema, name }: StoreTable): string {
  return `${schema}.${name}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '/').replaceAll("'", "''")}'`;
}
