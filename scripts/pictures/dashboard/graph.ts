import { escaped } from '../html';
import type { Series } from './body';

const hour = 3_600_000;
const colours = ['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728', '#9467bd', '#8c564b', '#e377c2', '#7f7f7f'];

/** The size of a graph, and the span of time that it is of (ms). */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly since: number;
  readonly until: number;
}

const margin = { left: 46, right: 12, top: 8, bottom: 20 };

/**
 * Lines over time as SVG, each with its colour in the legend below: neighbouring values are joined, and one without a neighbour is a dot,
 * as CloudWatch has it.
 */
export function graph(series: readonly Series[], { width, height, since, until }: Frame): string {
  const most = Math.max(0, ...series.flatMap(({ values }) => values.map(({ value }) => value)));
  const steps = stepsTo(most);
  const top = steps.at(-1) ?? 1;
  const x = (at: number) =>
    margin.left + ((at - since) / (until - since)) * (width - margin.left - margin.right);
  const y = (value: number) => height - margin.bottom - (value / top) * (height - margin.top - margin.bottom);
  const levels = steps.map(
    (value) =>
      `<line x1="${margin.left}" x2="${width - margin.right}" y1="${y(value)}" y2="${y(value)}" stroke="#e9ebed"/><text x="${margin.left - 6}" y="${y(value) + 3.5}" text-anchor="end">${short(value)}</text>`,
  );
  const hours: string[] = [];
  for (let at = Math.ceil(since / (2 * hour)) * 2 * hour; at <= until; at += 2 * hour)
    hours.push(
      `<text x="${x(at)}" y="${height - 5}" text-anchor="${at === since ? 'start' : at === until ? 'end' : 'middle'}">${new Date(at).toISOString().slice(11, 16)}</text>`,
    );
  const nothing = `<text x="${width / 2}" y="${height / 2 - 10}" text-anchor="middle">No data available.</text>`;
  const lines =
    series.length === 0
      ? [nothing]
      : series.map((one, n) => lineOf(one, x, y, colours[n % colours.length] ?? ''));
  return `<svg width="${width}" height="${height}" role="img">${levels.join('')}${hours.join('')}${lines.join('')}</svg><div class="legend">${series
    .map(
      ({ label }, n) =>
        `<span><i style="background:${colours[n % colours.length]}"></i>${escaped(label)}</span>`,
    )
    .join('')}</div>`;
}

function lineOf(
  { values }: Series,
  x: (at: number) => number,
  y: (value: number) => number,
  colour: string,
): string {
  const apart = values.map(({ at }, n) => at - (values[n - 1]?.at ?? Number.NEGATIVE_INFINITY));
  const period = Math.max(300_000, Math.min(...apart));
  const parts: (typeof values)[number][][] = [];
  for (const [n, value] of values.entries()) {
    if ((apart[n] ?? 0) > period || n === 0) parts.push([]);
    parts.at(-1)?.push(value);
  }
  return parts
    .map((part) => {
      const points = part.map(({ at, value }) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`);
      const [only = ''] = points;
      const [cx, cy] = only.split(',');
      if (points.length === 1) return `<circle cx="${cx}" cy="${cy}" r="2" fill="${colour}"/>`;
      return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.6" stroke-linejoin="round"/>`;
    })
    .join('');
}

/** From 0 in at most five even steps of 1, 2 or 5 and zeros, up to the greatest value or beyond. */
function stepsTo(most: number): number[] {
  if (most === 0) return [0, 1];
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10) * power);
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, n) => n * step);
}

function short(value: number): string {
  if (value >= 1_000_000) return `${value / 1_000_000}M`;
  return value >= 10_000 ? `${value / 1_000}k` : String(value);
}
