import { createHash } from 'node:crypto';
import { printable } from 'duo-core';
import type { ReportJson } from '../json';
import { accountPart, accountsOf } from './account-part';
import { attention } from './attention';
import { checkPart } from './check-part';
import { stripes } from './drawn/chart';
import { found, legend, meanings } from './explanations';
import { html } from './html';
import { gapTable, lateTable } from './late-and-gaps';
import { minute } from './numbers';
import { script } from './script';
import type { Shown } from './shown';
import { style } from './style';
import { tiles, verdict } from './verdict';

/** What a page of this command begins with: only such a file is replaced by another one. */
export const beginning = '<!doctype html>\n<html lang="en" data-made-by="duo report">';

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
