import { type Html, html } from './html';

type Cell = Html | string;

/** What a table is called, and how it looks; `id` and `caption` only where it has them. */
export interface Look {
  readonly label: string;
  readonly kind: string;
  readonly id?: string;
  readonly caption?: string;
}

/** A table that scrolls by itself where it is wider than the page, also by the keyboard. Each element has its end: not every reader adds them. */
export function table(
  { label, kind, id, caption }: Look,
  heads: readonly Cell[],
  rows: readonly Html[],
): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table class="${kind}"${id === undefined ? '' : html` id="${id}"`}>${caption === undefined ? '' : html`<caption>${caption}</caption>`}
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>
${rows}</tbody></table></div>`;
}

/** A row of it: what it is about, and its cells. */
export function row(head: Cell, ...cells: readonly Cell[]): Html {
  return html`<tr><th scope=row>${head}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
`;
}
