import type { DayJson } from '../json';
import type { Listed } from './calendar';
import { lateOf } from './chart';
import { type Html, html } from './html';
import { marks, reasons } from './marks';

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
  return html`<details><summary>The numbers of ${log.logType}, day by day</summary>
<div class="scroll" tabindex="0" role="region" aria-label="The numbers of ${log.logType}"><table class="numbers" id="${id}">
<thead><tr><th scope="col">Day${columns.map((name) => html`<th scope="col">${name}`)}<tbody>
${log.days.map(rowOf)}</table></div></details>
`;
}

/** Ends of cells and rows are left out: there may be very many. */
function rowOf(one: DayJson): Html {
  const { day, state, why, records, by, compared, shown, changed, doubled, astray, deleted } = one;
  const found =
    by === 'receipt'
      ? html`comparison of ${minute(compared ?? '')}`
      : by === 'ledger'
        ? html`the runs' own count`
        : html`nobody has counted`;
  const late = (one.late ?? []).map(({ at, records: count }) => `${n(count)} on ${at.slice(0, 10)}`);
  const cells = [
    html`${marks[state].sign} ${marks[state].name}${why === undefined ? '' : `: ${reasons[why]}`}`,
    html`${records === null ? '?' : n(records)}`,
    found,
    html`${lateOf(one) === 0 ? '' : late.join(', ')}`,
    ...[shown, changed, doubled, astray, deleted].map((count, k) => {
      if (k === 0) return html`${count === undefined ? '' : n(count)}`;
      return html`${compared === undefined ? '' : n(count ?? 0)}`;
    }),
    html`${n(one.objects ?? 0)}`,
    html`${sizeText(one.bytes ?? 0)}`,
  ];
  return html`<tr><th scope=row>${day}${cells.map((cell) => html`<td>${cell}`)}
`;
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
