import { type DaySpan, daysOf } from '../../../../operator/day-span';
import type { LogJson } from '../../json';
import { type Html, html, raw } from '../html';
import { marks } from '../marks';

/** A log, and the name of the table of its numbers in the page. */
export interface Listed {
  readonly id: string;
  readonly log: LogJson;
}

/** A table for each month: a row for each log, a column for each day, and the sign of its state. */
export function calendar(logs: readonly Listed[], span: DaySpan): Html {
  const shown = daysOf(span);
  const months = [...new Set(shown.map((day) => day.slice(0, 7)))];
  const isShown = new Set(shown);
  const states = logs.map(({ log }) => new Map(log.days.map(({ day, state }) => [day, state])));
  return html`<div class="months">${months.map((month) => {
    const all = daysIn(month);
    const rows = logs.map(({ id, log }, n) => {
      const cells = all.map((day) => {
        const state = isShown.has(day) ? states[n]?.get(day) : undefined;
        // Without quotes: there may be very many.
        return state === undefined ? '<td></td>' : `<td class=${state}>${marks[state].sign}</td>`;
      });
      return html`<tr data-log="${id}"><th scope="row">${log.logType}</th>${raw(cells.join(''))}</tr>`;
    });
    return html`<table class="month" data-month="${month}"><caption>${monthName(month)}</caption><colgroup><col class="log"><col span="31"></colgroup>
<thead><tr><th scope="col"><span class="unseen">Log</span></th>${all.map(headOf)}</tr></thead><tbody>${rows}</tbody></table>
`;
  })}</div>`;
}

function headOf(day: string): Html {
  const weekend = [0, 6].includes(new Date(day).getUTCDay());
  return html`<th scope="col"${weekend ? raw(' class="weekend"') : ''}>${Number(day.slice(8))}</th>`;
}

function daysIn(month: string): string[] {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const last = new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
  return daysOf({ first: `${month}-01`, last });
}

/** Like "March 2026". */
function monthName(month: string): string {
  return new Date(month).toLocaleDateString('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });
}
