import { parquetWriteBuffer } from 'hyparquet-writer';
import { type Column, parquetSchema } from './columns';
import type { Row } from './conform';

/**
 * Rows as a Parquet file, in their order, compressed with snappy, in row groups and pages of the size that AWS asks
 * custom sources of Security Lake for (https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources-best-practices.html).
 */
export function parquetOf(rows: readonly Row[], columns: readonly Column[]): Uint8Array {
  const file = parquetWriteBuffer({
    schema: parquetSchema(columns),
    columnData: columns.map(({ name }) => ({ name, data: rows.map((cells) => cells[name] ?? null) })),
    codec: 'SNAPPY',
    rowGroupSize,
    pageSize,
    createdBy: 'duo-log-collector',
  });
  return new Uint8Array(file);
}

/** In rows: of a kilobyte or two each, well below the 256 MB that AWS gives as the most for a row group. */
const rowGroupSize = 50_000;

/** In bytes, before they are compressed: AWS's 1 MB. */
const pageSize = 1_048_576;
