import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Where a run says what happens; messages carry no record, secret or signature. */
export interface Log {
  info(message: string, details: Record<string, unknown>): void;
  warn(message: string): void;
  error(message: string): void;
}

/** What a run counts as it goes. */
export interface RunReport {
  /** Records stored. */
  records: number;
  /** Records met again and not stored. */
  duplicates: number;
  pages: number;
  objects: number;
  /** How often Duo answered 429. */
  throttles: number;
  /** Records that do not fit the descriptor's schema; they are stored. */
  drifted: number;
  /** Spans that Duo no longer had, or of which it has shown less than it says there is. */
  gaps: number;
  /** Records that Duo has shown and that are not stored, nor left to another window. There should be none. */
  leftOut: number;
  /** At most how long after its own time the latest record was published that was found behind the watermark, in ms. */
  late: number;
  /** In ms; null until a checkpoint is known. */
  watermark: number | null;
}

/** A report of nothing yet. */
export function emptyReport(): RunReport {
  return {
    records: 0,
    duplicates: 0,
    pages: 0,
    objects: 0,
    throttles: 0,
    drifted: 0,
    gaps: 0,
    leftOut: 0,
    late: 0,
    watermark: null,
  };
}

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
