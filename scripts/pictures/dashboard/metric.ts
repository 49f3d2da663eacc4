import * as z from 'zod/mini';

/** A metric as CloudWatch keeps it: its namespace, its name and its dimensions say which one it is. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: readonly Value[];
}

/** A value, and when it was published (ms). */
export interface Value {
  readonly at: number;
  readonly value: number;
}

/** A line that a function has logged, and when (ms). */
export interface LoggedLine {
  readonly at: number;
  readonly text: string;
}

const embedded = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string() })),
      }),
    ),
  }),
});
const figures = z.union([z.number(), z.array(z.number())]);

/**
 * What CloudWatch makes of logged lines: those in the embedded metric format are metrics, the others are none.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricsIn(lines: readonly LoggedLine[]): Metric[] {
  return together(
    lines.flatMap(({ at, text }) => {
      const { data } = embedded.safeParse(parsed(text));
      if (data === undefined) return [];
      return data._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
        Dimensions.flatMap((names) =>
          Metrics.map(({ Name }) => ({
            namespace: Namespace,
            name: Name,
            dimensions: Object.fromEntries(names.map((name) => [name, z.string().parse(data[name])])),
            values: [figures.parse(data[Name])].flat().map((value) => ({ at, value })),
          })),
        ),
      );
    }),
  );
}

/** Each metric once, with all of its values. */
export function together(metrics: readonly Metric[]): Metric[] {
  const known = new Map<string, Metric>();
  for (const metric of metrics) {
    const key = JSON.stringify([metric.namespace, metric.name, Object.entries(metric.dimensions).sort()]);
    const values = [...(known.get(key)?.values ?? []), ...metric.values];
    known.set(key, { ...metric, values });
  }
  return [...known.values()];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
