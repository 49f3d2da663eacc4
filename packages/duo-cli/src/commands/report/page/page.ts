import { createHash } from 'node:crypto';
import { printable } from 'duo-core';
import { type DaySpan, daysText } from '../../../operator/day-span';
import { plural } from '../../../operator/words';
import type { CheckJson, DayJson, LogJson, ReportJson, State } from '../json';
import { states } from '../json';
import { calendar, type Listed } from './calendar';
import { chart, lateOf, stripes } from './chart';
import { type Html, html, raw } from './html';
import { marks, reasons, toLookAt } from './marks';
import { minute, n, numbers, sizeText } from './numbers';
import { script } from './script';
import { style } from './style';
import { row, table } from './table';

/** What a page of this command begins with: only such a file is replaced by another one. */
export const beginning = '<!doctype html>\n<html lang="en" data-made-by="duo report">';

/** How many accounts are unfolded, whatever is in them. */
const unfolded = 3;

/** How many rows of what came late are. */
const mostUnfolded = 40;

/** A log on the page: the page's own name for it, and what it is called there. */
interface Shown extends Listed {
  readonly name: string;
}

/** One self-contained page: it asks nobody for anything, and runs nothing but its own script. */
export function pageOf(report: ReportJson): string {
  const span = { first: report.from, last: report.to };
  const logs = report.logs.map(
    (log, k): Shown => ({
      id: `log-${k}`,
      log,
      name: log.account === undefined ? log.logType : `${log.account} · ${log.logType}`,
    }),
  );
  const where = report.stage === null ? report.store : `stage ${report.stage}, ${report.store}`;
  const json = printable(JSON.stringify(report)).replaceAll('<', '\\u003c');
  const body = html`<header>
<p class="where">${where}</p>
<h1>What was collected of Duo’s logs</h1>
<p class="span">${report.from} to ${report.to} <span>UTC days, both included · made ${minute(report.at)} UTC</span></p>
${verdict(report)}
</header>
<main>
${tiles(report)}
${attention(logs, report)}
<h2 id="days">Each day of each log</h2>
${legend()}
<p class="hint unprinted" id="hint">Point at a day, or go to one with Tab and the arrow keys: its numbers stand at the bottom of the page.</p>
${accountsOf(logs).map(([account, own], _, { length }) => accountPart(account, own, span, length))}
${lateTable(logs)}
${gapTable(logs)}
${checkPart(report.check, report)}
${meanings()}
${found(report)}
</main>
<footer><p>Made by <code>duo report</code> from receipts, checkpoints and the names of objects${report.check === null ? '' : ', and with --check from all objects'}. Duo was not asked. The same numbers as JSON stand in this file’s source (<code>id="numbers"</code>); <code>duo report --json</code> prints them. <button type="button" id="save" class="unprinted" hidden>Save the numbers as JSON</button></p></footer>
<p id="line" class="unprinted" role="status" hidden></p>
${stripes}`;
  return `${beginning}
<head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${hashOf(style)}'; script-src '${hashOf(script)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">
${html`<title>Duo logs, ${report.from} to ${report.to}</title>`.markup}
<style>${style}</style></head>
<body>
${body.markup}
<script type="application/json" id="numbers">${json}</script>
<script>${script}</script>
</body></html>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** How many days are in each state. */
export function countStates(logs: readonly LogJson[]): Readonly<Record<State, number>> {
  const counts = Object.fromEntries(states.map((state) => [state, 0])) as Record<State, number>;
  for (const { days } of logs) for (const { state } of days) counts[state] += 1;
  return counts;
}

function verdict({ logs, check, without }: ReportJson): Html {
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
function tiles({ logs }: ReportJson): Html {
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

/** What somebody should look at, by log. */
function attention(logs: readonly Shown[], { without }: ReportJson): Html {
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

/** The signs in a row; what each means has a part of its own. */
function legend(): Html {
  return html`<ul class="legend">${states.map((state) => html`<li><i class="sign ${state}">${marks[state].sign}</i> ${marks[state].name}</li>`)}</ul>`;
}

function meanings(): Html {
  const items = states.map(
    (state) =>
      html`<div><dt><i class="sign ${state}">${marks[state].sign}</i> ${marks[state].name}</dt><dd>${marks[state].meaning}.</dd></div>`,
  );
  return html`<h2 id="signs">What the signs mean</h2><dl class="how">${items}<div><dt><i class="sign"></i> blank</dt><dd>The log had not begun, or the day is not part of this report.</dd></div></dl>`;
}

/** The logs of each account; the own one of a stage or store has no name. */
function accountsOf(logs: readonly Shown[]): [string | undefined, Shown[]][] {
  const accounts = new Map<string | undefined, Shown[]>();
  for (const one of logs) accounts.set(one.log.account, [...(accounts.get(one.log.account) ?? []), one]);
  return [...accounts];
}

function accountPart(
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

/** How many came late, and when. */
function lateTable(logs: readonly Shown[]): Html {
  const rows = logs.flatMap(({ name, log }) =>
    log.days.flatMap(({ day, records, late = [] }) =>
      late.map((one) => row(name, day, n(one.records), records === null ? '?' : n(records), minute(one.at))),
    ),
  );
  const title = html`<h2 id="late">What came late</h2>`;
  if (rows.length === 0) return html`${title}<p>No comparison has brought in a record of these days.</p>`;
  const heads = ['Log', 'Day', 'Came late', 'Of so many now', 'Brought in at (UTC)'];
  return html`${title}
<p>Records that were not stored when their day was compared with Duo, and that the comparison stored: Duo had published them late, scheduled runs had left them out, or somebody asked for days from before.</p>
<details${rows.length <= mostUnfolded ? raw(' open') : ''}><summary>${plural(rows.length, 'comparison')} that brought something in</summary>${table({ label: 'What came late', kind: 'late' }, heads, rows)}</details>`;
}

function gapTable(logs: readonly Shown[]): Html {
  const rows = logs.flatMap(({ name, log }) =>
    log.gaps.map(({ from, to, compared }) =>
      row(
        name,
        minute(from),
        minute(to),
        `${compared ? 'all' : 'not all'} its days were compared with Duo since`,
      ),
    ),
  );
  const title = html`<h2 id="gaps">Gaps</h2>`;
  if (rows.length === 0) return html`${title}<p>The scheduled runs have left out no part of these days.</p>`;
  return html`${title}${table({ label: 'Gaps', kind: 'gaps' }, ['Log', 'From (UTC)', 'To, included', 'Since then'], rows)}`;
}

function checkPart(check: CheckJson | null, { from, to }: ReportJson): Html {
  const title = html`<h2 id="check">Check of the store</h2>`;
  if (check === null)
    return html`${title}<p>The objects themselves were not read for this report: <code>duo report --check</code> reads each once and compares it with the hash in its name, and each day’s last receipt with what is stored.</p>`;
  const { objects, bytes, receipts, ledgers, findings } = check;
  const read = html`<p>Read for ${from} to ${to}: ${plural(objects, 'object')} (${sizeText(bytes)}), each compared with the hash in its name. The records in them were counted and compared with the last receipts of ${plural(receipts, 'day')}${ledgers === 0 ? '' : `, and with what the scheduled runs have counted of ${plural(ledgers, 'day')} without one`}.</p>`;
  if (findings.length === 0) return html`${title}${read}<p class="verdict well">All of it holds.</p>`;
  const rows = findings.map(({ account, logType, day, key, problem }) =>
    row(
      account === undefined ? logType : `${account} · ${logType}`,
      day ?? '–',
      html`<code>${key}</code>`,
      problem,
    ),
  );
  return html`${title}${read}<p class="verdict look"><strong>${plural(findings.length, 'thing')} ${findings.length === 1 ? 'does' : 'do'} not hold:</strong></p>
${table({ label: 'What does not hold', kind: 'findings' }, ['Log', 'Day', 'What', 'Problem'], rows)}`;
}

function found({ check }: ReportJson): Html {
  return html`<h2 id="how">How each figure was found</h2>
<dl class="how">
<div><dt>Records, of a day with a receipt</dt><dd>Counted in the store when the day was last compared with Duo, records stored by that comparison included. The receipt of that comparison says so; it is put once and never changed.</dd></div>
<div><dt>Records, of a day without one</dt><dd>Counted by the scheduled runs (in the checkpoint’s ledger) as they decided to store them. Nobody has compared them with Duo yet.</dd></div>
<div><dt>Late</dt><dd>The sum of what each comparison of the day has stored, by its receipt.</dd></div>
<div><dt>Shown, changed, doubled, astray, deleted</dt><dd>By the day’s last receipt. Shown: what Duo showed of the day. Changed: stored with another text than Duo showed. Doubled: copies beyond those that Duo showed. Astray: shown by Duo without a time of that day, and not stored. Deleted: stored once, and gone.</dd></div>
<div><dt>Gaps, begins, stored up to</dt><dd>By the log’s checkpoint.</dd></div>
<div><dt>Objects, size</dt><dd>By a listing of the day’s folder. An object lies in the folder of its first record’s day; later records in it may be of other days.</dd></div>
<div><dt>When a day is compared</dt><dd>A day after its end and again seven days after it, by itself; the days of a gap as soon as they are over; any day when somebody asks. Days are UTC days.</dd></div>
${check === null ? '' : html`<div><dt>Check</dt><dd>Objects: the SHA-256 of the unpacked content against the hash in the name. Receipts: the records in all objects that are dated in the day, counted by the receipts’ own rule.</dd></div>`}
</dl>`;
}
