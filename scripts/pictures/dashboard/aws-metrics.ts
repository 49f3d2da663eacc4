import type { Metric } from './metric';

/**
 * What Lambda itself publishes of each function, and the dashboard draws: the names that the function's runs have values of here.
 * Names: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 * Dimensions: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-view.html
 */
const ofLambda = {
  namespace: 'AWS/Lambda',
  dimension: 'FunctionName',
  names: {
    Invocations: () => 1,
    Errors: ({ failed }: LambdaRun) => (failed ? 1 : 0),
    Duration: ({ duration }: LambdaRun) => duration,
  },
} as const;

/** A run of a deployed function; times in ms. */
export interface LambdaRun {
  readonly functionName: string;
  readonly at: number;
  readonly duration: number;
  readonly failed: boolean;
}

/** What Lambda publishes of a run. */
export function lambdaMetrics(run: LambdaRun): Metric[] {
  return Object.entries(ofLambda.names).map(([name, figure]) => ({
    namespace: ofLambda.namespace,
    name,
    dimensions: { [ofLambda.dimension]: run.functionName },
    values: [{ at: run.at, value: figure(run) }],
  }));
}
