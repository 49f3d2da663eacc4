import type { SchemaElement } from 'hyparquet';

/**
 * A column of a table: of texts, whole numbers of 32 or 64 bits, truths, any JSON as a text, or of structs with columns of their own;
 * each may be a list.
 */
export type Column = Leaf | Struct;

interface Leaf {
  readonly name: string;
  readonly type: 'string' | 'int' | 'bigint' | 'double' | 'boolean' | 'json';
  readonly isList?: true | undefined;
}

interface Struct {
  readonly name: string;
  readonly type: 'struct';
  readonly columns: readonly Column[];
  readonly isList?: true | undefined;
}

/** The columns of a table as Parquet's schema: a list of elements, depth first. All may be null, so that columns can come later. */
export function parquetSchema(columns: readonly Column[]): SchemaElement[] {
  return [{ name: 'schema', num_children: columns.length }, ...columns.flatMap(elementsOf)];
}

/** A list is a group of three levels: https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#lists */
function elementsOf(column: Column): SchemaElement[] {
  const { name, isList } = column;
  if (!isList) return one(column, name);
  return [
    { name, repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    ...one(column, 'element'),
  ];
}

function one(column: Column, name: string): SchemaElement[] {
  if (column.type !== 'struct') return [{ name, repetition_type: 'OPTIONAL', ...primitives[column.type] }];
  const { columns } = column;
  return [
    { name, repetition_type: 'OPTIONAL', num_children: columns.length },
    ...columns.flatMap(elementsOf),
  ];
}

const primitives = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  int: { type: 'INT32' },
  bigint: { type: 'INT64' },
  double: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  // A text, which Athena and its kind have functions for.
  json: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
} as const satisfies Record<Leaf['type'], Partial<SchemaElement>>;
