import { printable } from 'duo-core';

/** A piece of a page. Only `html` and `raw` make one, so that no text gets into it as it is. */
export interface Html {
  readonly markup: string;
}

type Value = Html | string | number | readonly (Html | string)[];

/** A piece of a page: each value in it is text, unless it is such a piece itself. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { markup: String.raw({ raw: parts }, ...values.map(markupOf)) };
}

/** Markup of the page's own: its style, its script, and what `escaped` was applied to already. */
export function raw(markup: string): Html {
  return { markup };
}

function markupOf(value: Value): string {
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  if ('markup' in value) return value.markup;
  return value.map(markupOf).join('');
}

/** A text as it stands in a page, also in an attribute between quotes; what is no text in it is there to be read. */
function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}
