import type { Receipt } from 'duo-core';
import { tableLine } from '../operator/table';

/** The counts of a receipt in the order in which tables have them. */
export const receiptCounts = [
  'shown',
  'stored',
  'repaired',
  'changed',
  'doubled',
  'astray',
  'deleted',
] as const satisfies readonly (keyof Receipt)[];

/** A day and its counts, as a line of a table; `repaired` is called `missing` where nothing was stored. */
export type DayCounts = Record<(typeof receiptCounts)[number], number> & { readonly day: string };

/** The head of a table of days. */
export function dayTableHead(repaired: 'repaired' | 'missing'): string {
  const names = receiptCounts.map((name) => (name === 'repaired' ? repaired : name).toUpperCase());
  return tableLine(['DAY', ...names], widths);
}

/** A row of that table. */
export function dayTableRow(counts: DayCounts): string {
  return tableLine([counts.day, ...receiptCounts.map((name) => counts[name].toLocaleString('en'))], widths);
}

const widths = [10, ...receiptCounts.map(() => 8)];

/** The sum of a count over some days. */
export function sumOf(days: readonly DayCounts[], name: (typeof receiptCounts)[number]): number {
  return days.reduce((sum, day) => sum + day[name], 0);
}
