import { plural } from '../../../operator/words';
import type { CheckJson, ReportJson } from '../json';
import { type Html, html } from './html';
import { sizeText } from './numbers';
import { row, table } from './table';

/** What `--check` has found, or that nothing was checked. */
export function checkPart(check: CheckJson | null, { from, to }: ReportJson): Html {
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
