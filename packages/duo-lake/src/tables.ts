import * as z from 'zod/mini';
import type { Column } from './columns';

/** A table of the lake: its name, the number of the OCSF class whose events it has, and its columns. */
export interface Table {
  readonly name: string;
  readonly class_uid: number;
  readonly columns: readonly Column[];
}

/** See `Table`. */
export type Tables = readonly Table[];

const leaf = z.strictObject({
  // The keys of objects and the database both take no other.
  name: z.string().check(z.regex(/^[a-z][a-z0-9_]*$/)),
  type: z.enum(['string', 'int', 'bigint', 'double', 'boolean', 'json']),
  isList: z.optional(z.literal(true)),
});

const column: z.ZodMiniType<Column> = z.lazy(() =>
  z.union([
    leaf,
    z.strictObject({
      name: leaf.shape.name,
      type: z.literal('struct'),
      columns: z.array(column).check(z.minLength(1)),
      isList: leaf.shape.isList,
    }),
  ]),
);

const tablesSchema = z.array(
  z.strictObject({
    name: z.string().check(z.regex(/^[a-z][a-z_]*$/)),
    class_uid: z.int(),
    columns: z.array(column).check(z.minLength(1)),
  }),
);

/** Reads tables that are written down. Throws a `ZodError` that says where they are wrong. */
export function readTables(json: unknown): Tables {
  return tablesSchema.parse(json);
}
