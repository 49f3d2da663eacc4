import * as z from 'zod/mini';
import { type Metric, together, type Value } from './metric';
import { find, readExpression, type Search, valuesOf } from './search';

const place = { x: z.int(), y: z.int(), width: z.int(), height: z.int() };
const widget = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('metric'),
    ...place,
    properties: z.strictObject({
      title: z.string(),
      region: z.string(),
      view: z.literal('timeSeries'),
      metrics: z.array(z.tuple([z.strictObject({ expression: z.string() })])),
    }),
  }),
  z.strictObject({
    type: z.literal('text'),
    ...place,
    properties: z.strictObject({ markdown: z.string() }),
  }),
]);

/**
 * A dashboard's body, in the grid of 24 columns that CloudWatch has. What it can hold besides is not drawn, and so is refused.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
const dashboardBody = z.strictObject({ widgets: z.array(widget) });
export type Widget = z.infer<typeof widget>;

/** How services/storage makes the body: of the framework, it asks for the stage and its settings. */
const makeBody: (
  framework: object,
) => Promise<string> = require('../../../services/storage/parts/dashboard.cjs');

/** The widgets of a stage's dashboard, as its template has them. */
export async function widgetsOf(stage: string, accounts: boolean, lake: boolean): Promise<readonly Widget[]> {
  const text = await makeBody({
    resolveVariable: async () => stage,
    resolveConfigurationProperty: async () => ({ accounts, lake }),
  });
  return readWidgets(text);
}

/** The widgets of a body. */
export function readWidgets(body: string): readonly Widget[] {
  return dashboardBody.parse(JSON.parse(body)).widgets;
}

/** The searches of a widget. */
export function searchesOf({ type, properties }: Widget): Search[] {
  return type === 'text' ? [] : properties.metrics.map(([{ expression }]) => readExpression(expression));
}

/** The searches that find nothing of what is published, by the titles of their widgets. */
export function emptyWidgets(widgets: readonly Widget[], metrics: readonly Metric[]): string[] {
  return widgets.flatMap((one) =>
    searchesOf(one).some((search) => find(search, metrics).length === 0) && one.type === 'metric'
      ? [one.properties.title]
      : [],
  );
}

/** The published metrics that no widget draws, by their names. */
export function undrawnMetrics(widgets: readonly Widget[], metrics: readonly Metric[]): string[] {
  const drawn = new Set(widgets.flatMap(searchesOf).flatMap((search) => find(search, metrics)));
  return [...new Set(metrics.filter((metric) => !drawn.has(metric)).map(({ name }) => name))];
}

/** A line in a graph. */
export interface Series {
  readonly label: string;
  readonly values: readonly Value[];
}

/** The lines of a widget in the order of their labels, over a span of time (ms). */
export function seriesOf(widget: Widget, metrics: readonly Metric[], since: number, until: number): Series[] {
  return searchesOf(widget).flatMap((search) =>
    find(search, together(metrics))
      .map((metric) => ({
        label: Object.values(metric.dimensions).reverse().join(' '),
        values: valuesOf(search, metric, since, until),
      }))
      .toSorted((one, other) => one.label.localeCompare(other.label)),
  );
}
