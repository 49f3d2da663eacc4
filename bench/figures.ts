/** One line of the table. */
export interface Figure {
  readonly part: string;
  readonly what: string;
  /** NaN where it was not measured. */
  readonly value: number;
  readonly unit: string;
  /** The bound, where there is one. */
  readonly most?: number;
  /** What has to be set for it to be measured, where that is not set; then there is no value. */
  readonly missing?: string;
}

/** The middle one of several. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? Number.NaN) + (sorted[sorted.length >> 1] ?? Number.NaN)) / 2;
}

/** Whether a figure is within its bound; one that is not a number is not. */
export function holds({ value, most }: Figure): boolean {
  return most === undefined || value <= most;
}

/** What has a bound comes first: that can be compared between machines. */
export function table(figures: readonly Figure[]): string {
  const bounded = figures.filter(({ most }) => most !== undefined);
  const rest = figures.filter(({ most }) => most === undefined);
  const rows = [
    ['', '', '', 'at most', ''],
    ...[...bounded, ...rest].map((figure) => [
      figure.part,
      figure.what,
      figure.missing === undefined ? `${print(figure.value)} ${figure.unit}`.trim() : `no ${figure.missing}`,
      figure.most === undefined ? '' : print(figure.most),
      figure.most === undefined
        ? ''
        : holds(figure)
          ? 'holds'
          : figure.missing === undefined
            ? 'MISSED'
            : 'NOT MEASURED',
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 2 || column === 3
            ? cell.padStart(widths[column] ?? 0)
            : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function print(value: number): string {
  const form =
    Math.abs(value) >= 100 ? { maximumFractionDigits: 0 } : ({ maximumSignificantDigits: 3 } as const);
  return value.toLocaleString('en-US', form);
}
