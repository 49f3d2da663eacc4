import * as z from 'zod/mini';
import { plural } from '../../operator/words';
import { parseJson } from '../../store/parse-json';
import { errorText } from './error-text';

/** How much a line of a log matters. */
export type Level = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** A line of a function's log as a person reads it. */
export interface LogLine {
  readonly level: Level;
  readonly says: string;
}

/**
 * What a line of a function's log says; null for what tells a person nothing: metrics, and Lambda's own of a run that began or
 * ended well. The collector's own lines are JSON (Powertools), and so are Lambda's where its log format is JSON, as it is in the
 * template; in the other format they are told by how they begin.
 */
export function readLogLine(text: string): LogLine | null {
  const json = parseJson(text);
  if (typeof json !== 'object' || json === null) return plainLine(text);
  if (metrics.safeParse(json).success) return null;
  const platform = platformEvent.safeParse(json);
  if (platform.success) return platformLine(platform.data);
  const own = ownLine.safeParse(json).data;
  if (own === undefined) return plainLine(text);
  const { level = 'INFO', message, ...fields } = own;
  const said = errorText(fields) ?? errorText(message) ?? (typeof message === 'string' ? message : undefined);
  return { level: levels[level] ?? 'INFO', says: withDetails(said ?? text, fields) };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
const metrics = z.object({ _aws: z.unknown() });

const ownLine = z.looseObject({
  level: z.catch(z.optional(z.string()), undefined),
  message: z.optional(z.unknown()),
});

const levels: Readonly<Record<string, Level | undefined>> = {
  TRACE: 'DEBUG',
  DEBUG: 'DEBUG',
  WARN: 'WARN',
  ERROR: 'ERROR',
  CRITICAL: 'ERROR',
  FATAL: 'ERROR',
};

/** What a run or a day counts, as it is told: in this order, and not where it is 0. */
const counts: Readonly<Record<string, (count: number) => string>> = {
  shown: (count) => `${count} shown`,
  stored: (count) => `${count} stored`,
  records: (count) => plural(count, 'record'),
  duplicates: (count) => plural(count, 'duplicate'),
  objects: (count) => plural(count, 'object'),
  pages: (count) => plural(count, 'page'),
  days: (count) => plural(count, 'day'),
  unreconciledDays: (count) => `${plural(count, 'day')} to go`,
  repaired: (count) => `${count} repaired`,
  changed: (count) => `${count} changed`,
  doubled: (count) => `${count} doubled`,
  astray: (count) => `${count} astray`,
  deleted: (count) => `${count} deleted`,
  leftOut: (count) => `${count} left out`,
};

function withDetails(said: string, fields: Readonly<Record<string, unknown>>): string {
  const { outcome, day, behindSeconds } = fields;
  const details = [
    ...(typeof outcome === 'string' ? [outcome] : []),
    ...(typeof day === 'string' ? [day] : []),
    ...Object.entries(counts).flatMap(([name, told]) => {
      const { [name]: count } = fields;
      return typeof count === 'number' && count !== 0 ? [told(count)] : [];
    }),
    ...(typeof behindSeconds === 'number' ? [`${behindSeconds} s behind`] : []),
  ];
  return details.length === 0 ? said : `${said}: ${details.join(', ')}`;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html, which these lines keep to. */
const platformEvent = z.object({
  type: z.string().check(z.startsWith('platform.')),
  record: z.object({
    status: z.optional(z.string()),
    errorType: z.optional(z.string()),
    reason: z.optional(z.string()),
    metrics: z.optional(
      z.object({
        durationMs: z.optional(z.number()),
        memorySizeMB: z.optional(z.number()),
        maxMemoryUsedMB: z.optional(z.number()),
      }),
    ),
  }),
});

function platformLine({ type, record }: z.infer<typeof platformEvent>): LogLine | null {
  const { status = 'success', errorType, reason, metrics: measured = {} } = record;
  if (type === 'platform.logsDropped')
    return {
      level: 'WARN',
      says: `Lambda has dropped lines of this log: ${reason ?? 'no reason given'}`,
    };
  // Of one run there are several that say the same.
  if (status === 'success' || !/^platform\.(report|initReport)$/.test(type)) return null;
  const { durationMs, memorySizeMB, maxMemoryUsedMB } = measured;
  return failedRun({
    status,
    errorType,
    seconds: durationMs === undefined ? undefined : durationMs / 1000,
    memory: memorySizeMB,
    used: maxMemoryUsedMB,
  });
}

interface Failed {
  readonly status: string;
  readonly errorType: string | undefined;
  readonly seconds: number | undefined;
  /** In MB, and so is `used`. */
  readonly memory: number | undefined;
  readonly used: number | undefined;
}

/** What an error that a run threw is, the line before says; null for that. Only of a run that was stopped there is no other line. */
function failedRun({ status, errorType, seconds, memory, used }: Failed): LogLine | null {
  const after = seconds === undefined ? '' : ` after ${Math.round(seconds)} s`;
  const full = memory !== undefined && used !== undefined && used >= memory;
  if (status === 'error' && !full && !errorType?.startsWith('Runtime.')) return null;
  const how =
    status === 'timeout'
      ? `Lambda stopped the run${after}: it took too long (timeout)`
      : `The run failed${after}`;
  const why = full ? `out of memory, ${used} of ${memory} MB were used` : errorType;
  return { level: 'ERROR', says: why === undefined ? how : `${how}: ${why}` };
}

/** A line in Lambda's other format, or of what is no logger: Node.js itself, whose stacks are left out. */
function plainLine(text: string): LogLine | null {
  if (text.trim() === '' || /^(START|END|INIT_START) |^\s+at .*:\d/.test(text)) return null;
  if (!text.startsWith('REPORT ')) return { level: alarming.test(text) ? 'ERROR' : 'INFO', says: text };
  const number = (before: string) => {
    const [, found] = new RegExp(`\\b${before}: ([\\d.]+)`).exec(text) ?? [];
    return found === undefined ? undefined : Number(found);
  };
  const [, status] = /\bStatus: (\w+)/.exec(text) ?? [];
  if (status === undefined || status === 'success') return null;
  const [, errorType] = /\bError Type: (\S+)/.exec(text) ?? [];
  const milliseconds = number('Duration');
  return failedRun({
    status,
    errorType,
    seconds: milliseconds === undefined ? undefined : milliseconds / 1000,
    memory: number('Memory Size'),
    used: number('Max Memory Used'),
  });
}

const alarming = /\bTask timed out\b|\bRuntime exited\b|\bRuntime\.\w+|\b(?:FATAL|ERROR)\b|\b\w*Error: /;
