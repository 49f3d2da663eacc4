import { table } from '../../operator/table';

/** The least that a column is cut to, in characters. */
const leastWidth = 10;

/**
 * Rows as lines of at most `width` characters: a table whose widest cells are cut; or, where the columns are too many for that, each row
 * as lines of `name  value`, with an empty line between rows.
 */
export function rowsText(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): string {
  const widths = names.map((name, n) => Math.max(name.length, ...rows.map((row) => row[n]?.length ?? 0)));
  const room = width - 2 * (names.length - 1);
  const most = widest(widths, room);
  if (most >= leastWidth || sum(widths, most) === sum(widths, Number.POSITIVE_INFINITY))
    return table([names, ...rows].map((row) => row.map((cell) => cut(cell, most))));
  const name = Math.max(...names.map(({ length }) => Math.min(length, 30)));
  const lines = rows.map((row) =>
    row
      .map((cell, n) => `${cut(names[n] ?? '', 30).padEnd(name)}  ${cut(cell, width - name - 2)}\n`)
      .join(''),
  );
  return lines.join('\n');
}

/** The widest that a column can be, so that all fit. */
function widest(widths: readonly number[], room: number): number {
  for (let most = Math.max(...widths); most > 0; most--) if (sum(widths, most) <= room) return most;
  return 0;
}

function sum(widths: readonly number[], most: number): number {
  return widths.reduce((all, one) => all + Math.min(one, most), 0);
}

function cut(cell: string, width: number): string {
  return cell.length <= width ? cell : `${cell.slice(0, Math.max(0, width - 1))}…`;
}
