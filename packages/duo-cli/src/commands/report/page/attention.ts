import { daysText } from '../../../operator/day-span';
import { plural } from '../../../operator/words';
import type { DayJson, ReportJson, State } from '../json';
import { type Html, html } from './html';
import { marks, reasons, toLookAt } from './marks';
import type { Shown } from './shown';

/** What somebody should look at, by log. */
export function attention(logs: readonly Shown[], { without }: ReportJson): Html {
  const items = [
    ...logs.flatMap(({ name, log }) => [
      ...log.problems.map((problem) => html`<li><b>${name}</b> ${problem}.</li>`),
      ...toLookAt.flatMap((state) => attentionTo(name, state, log.days)),
    ]),
    ...(without.length === 0
      ? []
      : [
          html`<li><b>${without.join(', ')}</b> Nothing is stored of ${without.length === 1 ? 'this account' : 'these accounts'}.</li>`,
        ]),
  ];
  if (items.length === 0)
    return html`<p class="calm">Nothing here needs a look: no gap, nothing deleted, doubled, changed or astray.</p>`;
  return html`<section class="attention" aria-labelledby="look"><h2 id="look">To look at</h2><ul>${items}</ul></section>`;
}

function attentionTo(name: string, state: State, days: readonly DayJson[]): Html[] {
  const own = days.filter((one) => one.state === state);
  if (own.length === 0) return [];
  const sum = (count: (one: DayJson) => number) => own.reduce((all, one) => all + count(one), 0);
  const counts = (['deleted', 'doubled', 'changed', 'astray'] as const)
    .map((kind) => [kind, sum((one) => one[kind] ?? 0)] as const)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${plural(count, 'record')} ${kind}`);
  const past = own.filter(({ why }) => why === 'past').length;
  const said = [...counts, ...(past > 0 ? [`of ${plural(past, 'day')} of it, ${reasons.past}`] : [])].join(
    ', ',
  );
  return [
    html`<li><i class="sign ${state}">${marks[state].sign}</i> <b>${name}</b> ${daysText(own.map(({ day }) => day))}: ${marks[state].name}${said === '' ? '' : ` (${said})`}. <span>${marks[state].meaning}.</span></li>`,
  ];
}
