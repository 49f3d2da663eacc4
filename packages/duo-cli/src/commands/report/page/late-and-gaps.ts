import { plural } from '../../../operator/words';
import { type Html, html, raw } from './html';
import { minute, n } from './numbers';
import type { Shown } from './shown';
import { row, table } from './table';

/** How many rows of what came late are. */
const mostUnfolded = 40;

/** How many came late, and when. */
export function lateTable(logs: readonly Shown[]): Html {
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

/** What scheduled runs have left out. */
export function gapTable(logs: readonly Shown[]): Html {
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
