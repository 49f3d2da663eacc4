import type { Counted } from './count';
import type { Usage } from './usage';

/** What came of one collector: why it was not run, or its figures. */
export type Row = { readonly name: string } & (
  | { readonly missing: string }
  | (Counted & { readonly usage: Usage; readonly requests: number; readonly note: string })
);

const legend = [
  'lost: of what Duo published within two minutes; late: lost of what came later.',
  'min: minutes from when a record happened to its delivery, the median.',
  'asked: requests to Duo.',
];

/** The rows as a table of at most 80 columns, and what they say beside their figures below it. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['', 'delivered', 'lost', 'late', 'doubled', 'min', 'asked', 'CPU s', 'MB'];
  const cells = rows.map((row) =>
    'missing' in row
      ? [row.name, 'not run']
      : [
          row.name,
          String(row.delivered),
          String(row.lost),
          String(row.lostLate),
          String(row.doubled),
          row.delay === null ? '-' : (row.delay / 60_000).toFixed(0),
          String(row.requests),
          (row.usage.cpu / 1000).toFixed(1),
          row.usage.peak.toFixed(0),
        ],
  );
  const widths = head.map((title, at) =>
    Math.max(title.length, ...cells.map((line) => line[at]?.length ?? 0)),
  );
  const lines = [head, ...cells].map((line) =>
    line
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  const notes = rows.map((row) => `  ${row.name}: ${'missing' in row ? row.missing : row.note}`);
  return `${[...lines, '', ...legend, ...notes].join('\n')}\n`;
}
