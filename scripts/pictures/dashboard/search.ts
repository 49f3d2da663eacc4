import type { Metric, Value } from './metric';

/** What a dashboard's expression asks for: `SEARCH`, or a `FILL` of one, of the forms that services/storage writes. */
export interface Search {
  readonly namespace: string;
  /** The names of all dimensions that a metric has. */
  readonly dimensions: readonly string[];
  /** The metric's name, as it is. */
  readonly name: string;
  /** Words that must be in the value of a dimension. */
  readonly words: readonly { readonly dimension: string; readonly word: string }[];
  readonly statistic: 'Sum' | 'Maximum';
  /** In ms. */
  readonly period: number;
  /** What stands where there is no value; null where nothing does. */
  readonly fill: number | null;
}

/** Reads an expression. Throws for a form that it does not know, so that none is drawn as something else. */
export function readExpression(expression: string): Search {
  const [, filled, fill] = /^FILL\((SEARCH\(.*\)), (\d+)\)$/.exec(expression) ?? [];
  const [, schema = '', terms = '', statistic, period] =
    /^SEARCH\('\{([^}]*)\} (.*)', '(Sum|Maximum)', (\d+)\)$/.exec(filled ?? expression) ?? [];
  const [namespace = '', ...dimensions] = schema.split(',').map((name) => name.replaceAll('"', ''));
  const [, name, rest = ''] = /^MetricName="([^"]+)"((?: \w+=\w+)*)$/.exec(terms) ?? [];
  if (name === undefined || (statistic !== 'Sum' && statistic !== 'Maximum'))
    throw new Error(`This expression is of a form that the pictures cannot evaluate: ${expression}`);
  const words = rest
    .trim()
    .split(' ')
    .filter((term) => term !== '')
    .map((term) => ({ dimension: term.replace(/=.*/, ''), word: term.replace(/.*=/, '') }));
  return {
    namespace,
    dimensions,
    name,
    words,
    statistic,
    period: Number(period) * 1000,
    fill: fill === undefined ? null : Number(fill),
  };
}

/**
 * The metrics that a search finds. It names all dimensions of a metric, and no other; what is in double quotes has to be the whole name,
 * and a term without them has to be a word of the value, in any case of letters.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
export function find(
  { namespace, dimensions, name, words }: Search,
  metrics: readonly Metric[],
): readonly Metric[] {
  return metrics.filter(
    (metric) =>
      metric.namespace === namespace &&
      metric.name === name &&
      String(Object.keys(metric.dimensions).sort()) === String([...dimensions].sort()) &&
      words.every(({ dimension, word }) =>
        wordsOf(metric.dimensions[dimension] ?? '').includes(word.toLowerCase()),
      ),
  );
}

function wordsOf(value: string): string[] {
  return value.toLowerCase().split(/[^a-z\d]+/);
}

/** The values of a metric in a span (ms, `since` included, `until` excluded), one for each period that has some or is filled. */
export function valuesOf(
  { statistic, period, fill }: Pick<Search, 'statistic' | 'period' | 'fill'>,
  { values }: Metric,
  since: number,
  until: number,
): Value[] {
  const drawn: Value[] = [];
  for (let at = Math.floor(since / period) * period; at < until; at += period) {
    const of = values.filter((one) => one.at >= at && one.at < at + period).map(({ value }) => value);
    if (of.length > 0)
      drawn.push({ at, value: statistic === 'Sum' ? of.reduce((sum, one) => sum + one) : Math.max(...of) });
    else if (fill !== null) drawn.push({ at, value: fill });
  }
  return drawn;
}
