import { plural } from '../../../operator/words';
import type { LogJson, ReportJson, State } from '../json';
import { states } from '../json';
import { lateOf } from './drawn/chart';
import { type Html, html } from './html';
import { marks, toLookAt } from './marks';
import { n } from './numbers';

/** How many days are in each state. */
export function countStates(logs: readonly LogJson[]): Readonly<Record<State, number>> {
  const counts = Object.fromEntries(states.map((state) => [state, 0])) as Record<State, number>;
  for (const { days } of logs) for (const { state } of days) counts[state] += 1;
  return counts;
}

/** What there is to say of all of it, in a sentence or two. */
export function verdict({ logs, check, without }: ReportJson): Html {
  const counts = countStates(logs);
  const good = counts.complete + counts.repaired + counts.empty;
  const bad = toLookAt.reduce((sum, state) => sum + counts[state], 0);
  const findings = check?.findings.length ?? 0;
  const problems = logs.some((log) => log.problems.length > 0) || without.length > 0;
  const parts = [
    good > 0
      ? html`<b>${plural(good, 'day')}</b> of ${plural(logs.length, 'log')}: all that Duo showed was stored.`
      : html`No day was found complete.`,
    ...(counts.waiting > 0 ? [html` ${plural(counts.waiting, 'day')} not reconciled yet.`] : []),
    ...(bad > 0 ? [html` <strong>${plural(bad, 'day')} to look at.</strong>`] : []),
    ...(findings > 0
      ? [
          html` <strong>${plural(findings, 'thing')} in the store ${findings === 1 ? 'does' : 'do'} not hold.</strong>`,
        ]
      : []),
  ];
  const isWell = bad === 0 && findings === 0 && !problems;
  return html`<p class="verdict ${isWell ? 'well' : 'look'}">${parts}</p>`;
}

/** The sums, large. */
export function tiles({ logs }: ReportJson): Html {
  const counts = countStates(logs);
  const days = logs.flatMap((log) => log.days);
  const records = days.reduce((sum, one) => sum + (one.records ?? 0), 0);
  const late = days.reduce((sum, one) => sum + lateOf(one), 0);
  const all = [
    html`<div><dt>records stored</dt><dd>${n(records)}</dd></div>`,
    html`<div><dt>of these, brought in by comparisons</dt><dd>${n(late)}</dd></div>`,
    ...states
      .filter((state) => counts[state] > 0)
      .map(
        (state) =>
          html`<div><dt><i class="sign ${state}">${marks[state].sign}</i> ${marks[state].name}</dt><dd>${n(counts[state])} <small>${counts[state] === 1 ? 'day' : 'days'}</small></dd></div>`,
      ),
  ];
  return html`<dl class="tiles">${all}</dl>`;
}
