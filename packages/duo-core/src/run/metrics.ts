import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { ReconcileReport } from '../delivery/days/reconcile-report';
import type { RunReport } from '../delivery/run-report';

/** What takes metrics: those of Powertools, or whoever asks what would be published. */
interface MetricSink {
  addMetric(name: string, unit: (typeof MetricUnit)['Count' | 'Seconds'], value: number): unknown;
}

const countsOfRuns = {
  Records: 'records',
  Duplicates: 'duplicates',
  Objects: 'objects',
  Throttles: 'throttles',
  SchemaDrift: 'drifted',
  Gaps: 'gaps',
} as const satisfies Record<string, keyof RunReport>;

const countsOfReconciliations = {
  Repaired: 'repaired',
  Doubled: 'doubled',
  Astray: 'astray',
  Deleted: 'deleted',
} as const satisfies Record<string, keyof ReconcileReport>;

const countsOfLake = {
  LakeRecords: 'records',
  LakeFiles: 'files',
  LakeProblems: 'problems',
  LakeStopped: 'stopped',
} as const;

/**
 * The metrics that a run leaves out when there is nothing to tell: what is missing of them is 0. CloudWatch charges a metric
 * for the hours in which it is published (https://aws.amazon.com/cloudwatch/pricing/). The one other is `BehindSeconds`.
 */
export const leftOutMetrics: readonly string[] = [
  ...Object.keys(countsOfRuns),
  ...Object.keys(countsOfReconciliations),
  ...Object.keys(countsOfLake),
  'UnreconciledDays',
];

/**
 * Adds a run's figures to the metrics, also those of a run that failed: its counts that are not 0, and how far behind the
 * log is (seconds; null where it does not apply), which is always told and matters most then.
 */
export function addRunMetrics(metrics: MetricSink, report: RunReport, behindSeconds: number | null): void {
  for (const [name, count] of Object.entries(countsOfRuns)) addCount(metrics, name, report[count]);
  if (behindSeconds !== null) metrics.addMetric('BehindSeconds', MetricUnit.Seconds, behindSeconds);
}

/**
 * Adds the figures of a run of reconciliations, also of one that failed: its counts that are not 0, and how many days are
 * left of those that were due. A run with nothing due has none to tell.
 */
export function addReconcileMetrics(metrics: MetricSink, report: ReconcileReport): void {
  for (const [name, count] of Object.entries(countsOfReconciliations)) addCount(metrics, name, report[count]);
  const { unreconciled, days } = report;
  // The alarm takes the least of several runs: the one that gets the last day done says 0.
  if (unreconciled !== null && unreconciled + days > 0)
    metrics.addMetric('UnreconciledDays', MetricUnit.Count, unreconciled);
}

/** Adds the figures of a run of the lake (packages/duo-lake), also of one that failed: its counts that are not 0. */
export function addLakeMetrics(
  metrics: MetricSink,
  report: Readonly<Record<(typeof countsOfLake)[keyof typeof countsOfLake], number>>,
): void {
  for (const [name, count] of Object.entries(countsOfLake)) addCount(metrics, name, report[count]);
}

function addCount(metrics: MetricSink, name: string, count: number): void {
  if (count > 0) metrics.addMetric(name, MetricUnit.Count, count);
}
