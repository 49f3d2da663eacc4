/** Rows of texts as lines, in columns as wide as they need to be; numbers stand to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => tableLine(row, widths)).join('');
}

/** One row of a table whose columns are as wide as given. */
export function tableLine(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, column) => {
    const width = widths[column] ?? 0;
    return column === 0 ? cell.padEnd(width) : cell.padStart(width);
  });
  return `${cells.join('  ').trimEnd()}\n`;
}
