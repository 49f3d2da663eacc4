import type { DayJson } from '../json';
import type { Listed } from './drawn/calendar';
import { type Html, html } from './html';
import { marks, reasons } from './marks';
import { row, table } from './table';

const columns = [
  'State',
  'Records',
  'Found by',
  'Late',
  'Shown',
  'Changed',
  'Doubled',
  'Astray',
  'Deleted',
  'Objects',
  'Size',
];

/** Each day of a log in words and numbers. The calendar's line about a day is made of its row. */
export function numbers({ id, log }: Listed): Html {
  const label = `The numbers of ${log.logType}`;
  return html`<details><summary>${label}, day by day</summary>
${table({ label, kind: 'numbers', id }, ['Day', ...columns], log.days.map(rowOf))}</details>
`;
}

function rowOf(one: DayJson): Html {
  const { day, state, why, records, by, compared, shown, late = [] } = one;
  const counts = [one.changed, one.doubled, one.astray, one.deleted];
  return row(
    day,
    `${marks[state].sign} ${marks[state].name}${why === undefined ? '' : `: ${reasons[why]}`}`,
    records === null ? '?' : n(records),
    by === 'receipt'
      ? `comparison of ${minute(compared ?? '')}`
      : by === 'ledger'
        ? "the runs' own count"
        : 'nobody',
    late.map(({ at, records: count }) => `${n(count)} on ${at.slice(0, 10)}`).join(', '),
    shown === undefined ? '' : n(shown),
    // Only a comparison knows them; what it leaves out is 0.
    ...counts.map((count) => (compared === undefined ? '' : n(count ?? 0))),
    n(one.objects ?? 0),
    sizeText(one.bytes ?? 0),
  );
}

/** A count as people read it. */
export function n(count: number): string {
  return count.toLocaleString('en');
}

/** A moment to the minute, in UTC. */
export function minute(at: string): string {
  return at.slice(0, 16).replace('T', ' ');
}

/** So many bytes, in a unit of which there are few. */
export function sizeText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = bytes === 0 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const count = bytes / 1000 ** power;
  return `${count < 10 && power > 0 ? count.toFixed(1) : Math.round(count)} ${units[power]}`;
}
