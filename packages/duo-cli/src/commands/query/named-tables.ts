import * as z from 'zod/mini';
import { UsageError } from '../../operator/usage-error';
import type { Connection } from './duckdb';
import { explained } from './explained';

/** A query that only reads: its text as DuckDB has understood it, and the tables that it names. */
export interface Query {
  readonly sql: string;
  readonly named: readonly TableName[];
}

/** How a query names a table: in small letters, and with an empty schema where it gives none. */
export interface TableName {
  readonly schema: string;
  readonly table: string;
}

const serialized = z.object({
  error: z.boolean(),
  error_type: z.optional(z.string()),
  error_message: z.optional(z.string()),
  statements: z.optional(z.array(z.unknown())),
});

const baseTable = z.object({
  type: z.literal('BASE_TABLE'),
  schema_name: z.string(),
  table_name: z.string(),
});

/**
 * Parses a query by DuckDB's own parser, which knows of all places where a table can stand; nothing of it is run. A name that the
 * query itself defines (`with …`) is among them. Throws a `UsageError` for all that is not one SELECT.
 */
export async function parseQuery(connection: Connection, sql: string): Promise<Query> {
  const [json] = await texts(connection, 'select json_serialize_sql($sql::varchar)::varchar', sql);
  const { error, error_type, error_message = '', statements = [] } = serialized.parse(JSON.parse(json ?? ''));
  if (error && error_type === 'not implemented') throw new UsageError(onlyReads);
  if (error) throw explained(new Error(`Parser Error: ${error_message}`));
  if (statements.length !== 1) throw new UsageError(statements.length === 0 ? empty : onlyReads);
  const [text = ''] = await texts(
    connection,
    'select json_deserialize_sql(json_serialize_sql($sql::varchar))',
    sql,
  );
  return { sql: text, named: tablesIn(statements) };
}

const onlyReads = 'A query is one statement that reads: select …, from …, describe … or summarize ….';
const empty = 'The query is empty.';

async function texts(connection: Connection, sql: string, value: string): Promise<string[]> {
  const rows = await connection.runAndReadAll(sql, { sql: value });
  return rows.getRows().map(([text]) => String(text));
}

/** The tables below a node of the parsed query. */
function tablesIn(node: unknown): TableName[] {
  if (typeof node !== 'object' || node === null) return [];
  const below = Object.values(node).flatMap(tablesIn);
  const table = baseTable.safeParse(node);
  if (!table.success) return below;
  const { schema_name, table_name } = table.data;
  return [{ schema: schema_name.toLowerCase(), table: table_name.toLowerCase() }, ...below];
}
