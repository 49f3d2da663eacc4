import { type DaySpan, daysOf } from '../../../../operator/day-span';
import type { DayJson, LogJson } from '../../json';
import { type Html, html, raw } from '../html';
import { marks, toLookAt } from '../marks';

/** How high the bars of the busiest day are; a bar's y is between 0 and this. */
const height = 100;

/**
 * The records of each day of a log as bars; what came late stands on top of its bar, in stripes. Drawn here: a path for each kind of
 * bar, in a picture that is as wide as the page and whose texts are not stretched with it.
 */
export function chart({ logType, days }: LogJson, span: DaySpan): Html {
  const all = daysOf(span);
  const known = new Map(days.map((one) => [one.day, one]));
  const most = Math.max(1, ...days.map(({ records }) => records ?? 0));
  const compared: string[] = [];
  const counted: string[] = [];
  const late: string[] = [];
  for (const [n, day] of all.entries()) {
    const one = known.get(day);
    if (!one?.records) continue;
    const top = Math.max(1.5, (one.records / most) * height);
    (one.by === 'receipt' ? compared : counted).push(bar(n, 0, top));
    const part = (Math.min(one.records, lateOf(one)) / one.records) * top;
    if (part > 0) late.push(bar(n, Math.max(0, top - Math.max(1.5, part)), top));
  }
  const runs = runsOf(all, known);
  const share = (n: number) => `${((100 * n) / all.length).toFixed(2)}%`;
  return html`<svg class="chart" role="img" aria-label="${labelOf(logType, days)}" width="100%" height="124">
<svg y="4" width="100%" height="${height}" viewBox="0 0 ${all.length} ${height}" preserveAspectRatio="none">
<path class="grid" d="M0 .5H${all.length}M0 ${height / 2}H${all.length}"/>
${runs.map(({ state, from, to }) => html`<path class="band ${state}" d="${`M${from} 0H${to}V${height}H${from}z`}"/>`)}
<path class="bars" d="${compared.join('')}"/><path class="bars counted" d="${counted.join('')}"/><path class="late" d="${late.join('')}"/>
</svg>
${runs.map(({ state, from, to }) => html`<text class="sign" x="${share((from + to) / 2)}" y="18">${marks[state].sign}</text>`)}
<path class="base" d="M0 104.5H9999"/>
${ticksOf(all).map(({ n, text }) => html`<text class="tick" x="${share(n)}" y="119">${text}</text>`)}</svg>`;
}

/** A bar over the n-th day, which leaves a little of the day free on both sides. */
function bar(n: number, from: number, to: number): string {
  const [bottom, top] = [height - from, height - to].map((y) => Number(y.toFixed(1)));
  return `M${n + 0.1} ${bottom}V${top}h.8V${bottom}z`;
}

/** How many records of a day were brought in by comparisons. */
export function lateOf({ late = [] }: Pick<DayJson, 'late'>): number {
  return late.reduce((sum, { records }) => sum + records, 0);
}

/** Days in a row of one state that somebody should look at; `to` is excluded. */
function runsOf(all: readonly string[], known: ReadonlyMap<string, DayJson>) {
  const runs: { state: DayJson['state']; from: number; to: number }[] = [];
  for (const [n, day] of all.entries()) {
    const state = known.get(day)?.state;
    if (state === undefined || !toLookAt.includes(state)) continue;
    const run = runs.at(-1);
    if (run?.state === state && run.to === n) run.to = n + 1;
    else runs.push({ state, from: n, to: n + 1 });
  }
  return runs;
}

/** Where months begin, of a short span also weeks, and what stands there: as much as there is room for. */
function ticksOf(all: readonly string[]): { readonly n: number; readonly text: string }[] {
  const isBegun = (day: string) =>
    day.endsWith('-01') || (all.length <= 62 && new Date(day).getUTCDay() === 1);
  const begun = all.flatMap((day, n) => (n === 0 || isBegun(day) ? [{ n, day }] : []));
  const room = all.length / 12;
  const shown: typeof begun = [];
  for (const one of begun.toReversed()) {
    const next = shown.at(-1);
    if (next === undefined || next.n - one.n >= room) shown.push(one);
  }
  const name = (day: string) =>
    new Date(day).toLocaleDateString('en', {
      ...(all.length <= 62 && { day: 'numeric' }),
      month: 'short',
      ...(all.length > 300 && { year: '2-digit' }),
      timeZone: 'UTC',
    });
  return shown.map(({ n, day }) => ({ n, text: name(day) }));
}

function labelOf(logType: string, days: readonly DayJson[]): string {
  const counts = days.flatMap(({ records }) => records ?? []);
  if (counts.length === 0) return `Records a day of ${logType}: none was counted.`;
  const [least, most] = [Math.min(...counts), Math.max(...counts)].map((one) => one.toLocaleString('en'));
  return `Records a day of ${logType}: from ${least} to ${most}. The table of its numbers has each day.`;
}

/** Stripes for all charts of the page: in lines across, which are not slanted where a picture is stretched. */
export const stripes: Html = raw(
  '<svg class="unseen" width="0" height="0" aria-hidden="true"><pattern id="stripes" width="1" height="4" patternUnits="userSpaceOnUse"><rect class="under" width="1" height="4"/><rect class="stripe" width="1" height="2.4"/></pattern></svg>',
);
