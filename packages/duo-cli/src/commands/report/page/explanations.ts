import type { ReportJson } from '../json';
import { states } from '../json';
import { type Html, html } from './html';
import { marks } from './marks';

/** The signs in a row; what each means has a part of its own. */
export function legend(): Html {
  return html`<ul class="legend">${states.map((state) => html`<li><i class="sign ${state}">${marks[state].sign}</i> ${marks[state].name}</li>`)}</ul>`;
}

/** What each sign means. */
export function meanings(): Html {
  const items = states.map(
    (state) =>
      html`<div><dt><i class="sign ${state}">${marks[state].sign}</i> ${marks[state].name}</dt><dd>${marks[state].meaning}.</dd></div>`,
  );
  return html`<h2 id="signs">What the signs mean</h2><dl class="how">${items}<div><dt><i class="sign"></i> blank</dt><dd>The log had not begun, or the day is not part of this report.</dd></div></dl>`;
}

/** How each figure was found. */
export function found({ check }: ReportJson): Html {
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
