import type { Column } from '../../packages/duo-lake/src/columns';
import { parquetSchema } from '../../packages/duo-lake/src/columns';

/**
 * The columns of a table as Glue has to have them to read the files of these columns, `time bigint` each: by the schema that the files
 * themselves have (https://github.com/apache/hive, ParquetHiveSerDe).
 */
export function hiveTypes(columns: readonly Column[]): string[] {
  const elements = parquetSchema(columns);
  let at = 1;
  const field = (): [name: string, type: string] => {
    const element = elements[at++];
    if (element === undefined) throw new Error('the schema ends too early');
    const { name, type, converted_type, num_children = 0 } = element;
    if (type !== undefined) return [name, primitives[`${type} ${converted_type ?? ''}`.trim()] ?? type];
    const children = Array.from({ length: num_children }, field);
    const [[, inner = ''] = []] = children;
    if (converted_type === 'LIST') return [name, `array<${inner}>`];
    if (element.repetition_type === 'REPEATED') return [name, inner];
    return [name, `struct<${children.map(([of, is]) => `${of}:${is}`).join(',')}>`];
  };
  return columns.map(() => field().join(' '));
}

const primitives: Readonly<Record<string, string>> = {
  'BYTE_ARRAY UTF8': 'string',
  INT32: 'int',
  INT64: 'bigint',
  DOUBLE: 'double',
  BOOLEAN: 'boolean',
};
