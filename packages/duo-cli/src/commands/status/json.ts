import { type LogStatus, leftBy } from './of-log';

/** A log's status for other programs: times as ISO 8601 in UTC. */
export function statusJson(status: LogStatus, now: number) {
  const { logType, deployed, savedAt, checkpoint, days, progress, lastDay, problem } = status;
  return {
    logType,
    deployed,
    watermark: checkpoint && iso(checkpoint.watermark),
    behindSeconds: checkpoint && Math.max(0, Math.round((now - checkpoint.watermark) / 1000)),
    window: checkpoint?.window
      ? {
          from: iso(checkpoint.window.from),
          to: iso(checkpoint.window.to),
          pages: checkpoint.window.pages,
          progress,
        }
      : null,
    lastDay: lastDay && { records: lastDay.records, objects: lastDay.objects, unread: lastDay.unread },
    compared: days?.compared ?? null,
    due: days?.due ?? null,
    gaps: days?.gaps.map(([from, to]) => ({ from: iso(from), to: iso(to) })) ?? [],
    lastRun: leftBy(checkpoint),
    savedAt: savedAt === null ? null : iso(savedAt),
    problem,
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
