import { type AccountLog, logOf } from '../account-log';
import { collect, type Outcome } from '../delivery/collect';
import { type ReconcileOutcome, reconcileDue } from '../delivery/days/reconcile-due';
import { emptyReconcileReport } from '../delivery/days/reconcile-report';
import { emptyReport, type RunReport } from '../delivery/run-report';
import type { LogType } from '../log-type';
import { createInvocation, type RunContext, type Surroundings } from './invocation';
import { addReconcileMetrics, addRunMetrics } from './metrics';

/**
 * What a run returns and logs last. `behindSeconds` is now minus the watermark; `lateSeconds` says how long after its own time,
 * at most, the latest record was published that was found behind the watermark; `leftOut` records Duo has shown and nobody
 * stores, which should be none.
 */
export interface RunResult extends AccountLog {
  readonly outcome: Outcome;
  readonly records: number;
  readonly duplicates: number;
  readonly pages: number;
  readonly objects: number;
  readonly leftOut: number;
  readonly behindSeconds: number;
  readonly lateSeconds: number;
}

/** The Lambda handler that collects a log: see `collect`. */
export function createHandler(
  logType: LogType,
  surroundings: Surroundings = {},
): (event: unknown, context: RunContext) => Promise<RunResult> {
  return createInvocation(
    logType,
    {
      report: emptyReport,
      async run({ config, ...invocation }): Promise<RunResult> {
        const { report, clock } = invocation;
        const outcome = await collect({
          ...invocation,
          waitsWhenThrottled: true,
          lookback: config.lookback,
          overlap: Math.max(config.overlap, (logType.overlapSeconds ?? 0) * 1000),
          maxPages: config.maxPages,
        });
        return {
          ...logOf(invocation),
          outcome,
          records: report.records,
          duplicates: report.duplicates,
          pages: report.pages,
          objects: report.objects,
          leftOut: report.leftOut,
          behindSeconds: behind(report, clock.now()) ?? 0,
          lateSeconds: Math.ceil(report.late / 1000),
        };
      },
      addMetrics: (metrics, report, now) => addRunMetrics(metrics, report, behind(report, now)),
    },
    surroundings,
  );
}

/** What a run of reconciliations returns and logs last: see `ReconcileReport`. */
export interface ReconcileResult extends AccountLog {
  readonly outcome: ReconcileOutcome;
  readonly days: number;
  readonly unreconciledDays: number;
  readonly repaired: number;
  readonly changed: number;
  readonly doubled: number;
  readonly astray: number;
  readonly deleted: number;
  readonly pages: number;
}

/** The Lambda handler that reconciles the days of a log: see `reconcileDue`. It stops when Duo throttles: the live log comes first. */
export function createReconcileHandler(
  logType: LogType,
  surroundings: Surroundings = {},
): (event: unknown, context: RunContext) => Promise<ReconcileResult> {
  return createInvocation(
    logType,
    {
      report: emptyReconcileReport,
      async run({ config, ...invocation }): Promise<ReconcileResult> {
        const { lookback, maxPages } = config;
        const outcome = await reconcileDue({ ...invocation, waitsWhenThrottled: false, lookback, maxPages });
        const { days, unreconciled, repaired, changed, doubled, astray, deleted, pages } = invocation.report;
        const counts = { repaired, changed, doubled, astray, deleted, pages };
        return { ...logOf(invocation), outcome, days, unreconciledDays: unreconciled ?? 0, ...counts };
      },
      addMetrics: addReconcileMetrics,
    },
    surroundings,
  );
}

/** In seconds; null until a checkpoint is known. */
function behind({ watermark }: RunReport, now: number): number | null {
  return watermark === null ? null : Math.max(0, Math.round((now - watermark) / 1000));
}
