import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { ReconcileReport } from '../delivery/days/reconcile-report';
import type { RunReport } from '../delivery/run-report';

/**
 * Adds a run's figures to the metrics, also those of a run that failed: how far behind a log is (seconds; null where
 * it does not apply) matters most then.
 */
export function addRunMetrics(metrics: Metrics, report: RunReport, behindSeconds: number | null): void {
  metrics.addMetric('Records', MetricUnit.Count, report.records);
  metrics.addMetric('Duplicates', MetricUnit.Count, report.duplicates);
  metrics.addMetric('Pages', MetricUnit.Count, report.pages);
  metrics.addMetric('Objects', MetricUnit.Count, report.objects);
  metrics.addMetric('Throttles', MetricUnit.Count, report.throttles);
  metrics.addMetric('SchemaDrift', MetricUnit.Count, report.drifted);
  metrics.addMetric('Gaps', MetricUnit.Count, report.gaps);
  if (behindSeconds !== null) metrics.addMetric('BehindSeconds', MetricUnit.Seconds, behindSeconds);
}

/** Adds the figures of a run of reconciliations; how many days are left (null where nobody knows) also where it failed. */
export function addReconcileMetrics(metrics: Metrics, report: ReconcileReport): void {
  metrics.addMetric('Repaired', MetricUnit.Count, report.repaired);
  metrics.addMetric('Doubled', MetricUnit.Count, report.doubled);
  metrics.addMetric('Astray', MetricUnit.Count, report.astray);
  metrics.addMetric('Deleted', MetricUnit.Count, report.deleted);
  if (report.unreconciled !== null)
    metrics.addMetric('UnreconciledDays', MetricUnit.Count, report.unreconciled);
}
