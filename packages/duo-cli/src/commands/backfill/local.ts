import { randomUUID } from 'node:crypto';
import { collect, defaultOverlap, emptyReport, type LogType } from 'duo-core';
import type { World } from '../../operator/world';
import type { Target } from '../../store/target';
import type { BackfillRun } from './run';

/**
 * Runs are those of this process, as long as a few pages take: waits are left to the caller, who can be interrupted in them.
 */
export function localRun(
  logType: LogType,
  { store, duo }: Target,
  { clock }: World,
  say: (line: string) => void,
): BackfillRun {
  return async (span) => {
    const report = emptyReport();
    const now = clock.now();
    const outcome = await collect({
      logType,
      duo,
      store,
      clock,
      random: Math.random,
      renewCredentials: async () => {}, // They were read when the command began.
      lookback: 0, // not used: a backfill says where it begins
      backfill: span,
      overlap: Math.max(defaultOverlap, (logType.overlapSeconds ?? 0) * 1000),
      maxPages: 10,
      deadline: now + 45_000,
      cutoff: now + 120_000,
      run: randomUUID(),
      log: { info() {}, warn: say, error: say },
      report,
    });
    const left = span.until - (report.watermark ?? span.since);
    return { outcome, records: report.records, pages: report.pages, behindSeconds: left / 1000 };
  };
}
