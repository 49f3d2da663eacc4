import { escaped } from '../html';
import { seriesOf, type Widget } from './body';
import { graph } from './graph';
import type { Metric } from './metric';

/** The grid's 24 columns, and how high a unit is, in px. */
const unit = { columns: 24, width: 42, height: 34 };

/** How wide a page of the whole grid is, in px. */
export const pageWidth = unit.columns * unit.width;

/** How high a page of the first rows of the grid is, in px, with its head. */
export function pageHeight(rows: number): number {
  return rows * unit.height + 40;
}

/** What a dashboard shows, and of which span (ms). */
interface Shown {
  readonly title: string;
  readonly widgets: readonly Widget[];
  readonly metrics: readonly Metric[];
  readonly since: number;
  readonly until: number;
}

/** A dashboard as a page without scripts: each widget where its body puts it in the grid. */
export function dashboardPage({ title, widgets, metrics, since, until }: Shown): string {
  const bottom = Math.max(...widgets.map(({ y, height }) => y + height)) * unit.height;
  const placed = widgets.map((widget) => {
    const { x, y, width, height } = widget;
    const [wide, high] = [width * unit.width, height * unit.height];
    const place = `left:${x * unit.width}px;top:${y * unit.height}px;width:${wide - 10}px;height:${high - 10}px`;
    const inner =
      widget.type === 'text'
        ? markdown(widget.properties.markdown)
        : `<h2>${escaped(widget.properties.title)}</h2>${graph(seriesOf(widget, metrics, since, until), {
            width: wide - 12,
            height: high - 76,
            since,
            until,
          })}`;
    return `<section style="${place}">${inner}</section>`;
  });
  const span = `${new Date(since).toISOString().slice(0, 16).replace('T', ' ')} to ${new Date(until).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `<!doctype html><meta charset="utf-8"><title>${escaped(title)}</title><style>${style}</style><header><b>${escaped(title)}</b><span>${span}</span></header><main style="height:${bottom}px">${placed.join('')}</main>`;
}

/** The forms that the dashboard's texts have: a heading, code between fences, paragraphs. */
function markdown(text: string): string {
  return text
    .split(/```\n?/)
    .map((part, n) => {
      if (n % 2 === 1) return `<pre>${escaped(part.trimEnd())}</pre>`;
      return part
        .split('\n')
        .filter((line) => line !== '')
        .map((line) =>
          line.startsWith('### ')
            ? `<h2>${escaped(line.slice(4))}</h2>`
            : `<p>${escaped(line).replaceAll(/`([^`]+)`/g, '<code>$1</code>')}</p>`,
        )
        .join('');
    })
    .join('');
}

const style = `
body { margin: 0; padding: 10px 0 0 10px; width: ${pageWidth}px; background: #f2f3f3; color: #16191f; font: 12px 'DejaVu Sans', sans-serif; }
header { display: flex; justify-content: space-between; padding: 2px 14px 10px 4px; font-size: 15px; }
header span { color: #545b64; font-size: 12px; align-self: center; }
main { position: relative; }
section { position: absolute; box-sizing: border-box; background: #fff; border: 1px solid #d5dbdb; border-radius: 3px; overflow: hidden; }
h2 { margin: 8px 12px 4px; font-size: 12.5px; font-weight: bold; }
svg text { font-size: 10px; fill: #687078; }
.legend { padding: 2px 12px; display: flex; flex-wrap: wrap; gap: 0 12px; font-size: 10px; color: #414750; }
.legend i { display: inline-block; width: 9px; height: 9px; margin-right: 4px; border-radius: 2px; vertical-align: -0.5px; }
p, pre { margin: 8px 12px; line-height: 1.5; }
pre { padding: 8px; background: #f2f3f3; white-space: pre-wrap; }
code, pre { font-family: 'DejaVu Sans Mono', monospace; font-size: 11px; }
`;
