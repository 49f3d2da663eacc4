import type { DaySpan } from '../../../operator/day-span';
import type { DayJson } from '../json';
import { states } from '../json';
import { calendar } from './drawn/calendar';
import { chart, lateOf } from './drawn/chart';
import { type Html, html, raw } from './html';
import { marks, toLookAt } from './marks';
import { minute, n, numbers } from './numbers';
import type { Shown } from './shown';
import { row, table } from './table';
import { countStates } from './verdict';

/** How many accounts are unfolded, whatever is in them. */
const unfolded = 3;

/** The logs of each account; the own one of a stage or store has no name. */
export function accountsOf(logs: readonly Shown[]): [string | undefined, Shown[]][] {
  const accounts = new Map<string | undefined, Shown[]>();
  for (const one of logs) accounts.set(one.log.account, [...(accounts.get(one.log.account) ?? []), one]);
  return [...accounts];
}

/** The logs of an account: calendar, sums, charts and numbers; of `count` accounts, it is unfolded where something is to be looked at. */
export function accountPart(
  account: string | undefined,
  logs: readonly Shown[],
  span: DaySpan,
  count: number,
): Html {
  const part = html`${calendar(logs, span)}
${byLog(logs)}
<h3>Records a day</h3>
<p class="hint">Each bar is a day. Stripes on top: brought in by a comparison. Pale: not compared with Duo, counted by the scheduled runs.</p>
<div class="charts">${logs.map(
    ({ log }) =>
      html`<figure><figcaption><b>${log.logType}</b> ${busiest(log.days)}</figcaption>${chart(log, span)}</figure>
`,
  )}</div>
${logs.map(numbers)}`;
  if (account === undefined) return part;
  const counts = countStates(logs.map(({ log }) => log));
  const isOpen = count <= unfolded || toLookAt.some((state) => counts[state] > 0);
  const said = states
    .filter((state) => counts[state] > 0)
    .map((state) => html` <i class="sign ${state}">${marks[state].sign}</i> ${n(counts[state])}`);
  return html`<details class="account"${isOpen ? raw(' open') : ''}><summary><h3>${account}</h3>${said}</summary>${part}</details>`;
}

function busiest(days: readonly DayJson[]): string {
  const counted = days.filter(({ records }) => records !== null);
  const records = counted.reduce((sum, one) => sum + (one.records ?? 0), 0);
  const [most] = counted.toSorted((one, other) => (other.records ?? 0) - (one.records ?? 0));
  if (most === undefined) return 'no day was counted';
  return `${n(records)} in all, ${n(most.records ?? 0)} on ${most.day}, the busiest day`;
}

/** The sums of each log. */
function byLog(logs: readonly Shown[]): Html {
  const used = states.filter((state) => logs.some(({ log }) => log.days.some((one) => one.state === state)));
  const rows = logs.map(({ log }) => {
    const counts = countStates([log]);
    const records = log.days.reduce((sum, one) => sum + (one.records ?? 0), 0);
    const late = log.days.reduce((sum, one) => sum + lateOf(one), 0);
    const edges = [log.since, log.watermark].map((at) => (at === null ? '?' : minute(at)));
    return row(log.logType, ...edges, n(records), n(late), ...used.map((state) => n(counts[state])));
  });
  const signs = used.map(
    (state) => html`<i class="sign ${state}">${marks[state].sign}</i> <span>${marks[state].name}</span>`,
  );
  const look = { label: 'Sums of each log', kind: 'sums', caption: 'Sums of these days' };
  return table(look, ['Log', 'Begins', 'Stored up to', 'Records', 'Late', ...signs], rows);
}
