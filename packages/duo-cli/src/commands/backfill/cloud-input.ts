import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { momentText } from '../../operator/words';
import { type ClosedSpan, overlap } from '../../state/closed-span';
import type { BackfillPlan } from './plan';

/** A span as the function's event has it. */
const eventSpan = z.object({
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
});

/**
 * What the state machine of services/storage/parts/backfill.yml is started with. It reads `logType`, `spans` and `parallel`;
 * the rest is what the command was asked for, so that the same command knows its execution again.
 */
export const cloudInput = z.object({
  logType: z.string(),
  ...eventSpan.shape,
  /** The parts, the oldest first. */
  spans: z.array(eventSpan),
  /** How many parts are read at once, 1 to 4. */
  parallel: z.number(),
  /** What earlier backfills had stored when it was started. */
  done: z.array(eventSpan),
  /** What was left out because the scheduled runs store it. */
  left: z.array(eventSpan),
});

/** See `cloudInput`. */
export type CloudInput = z.infer<typeof cloudInput>;

/** What an execution is started with for a plan. */
export function inputOf(
  logType: string,
  span: ClosedSpan,
  { todo, done, left }: BackfillPlan,
  parallel: number,
): CloudInput {
  const spans = (all: readonly ClosedSpan[]) => all.map(toEvent);
  return { logType, ...toEvent(span), spans: spans(todo), parallel, done: spans(done), left: spans(left) };
}

/** A span of an execution's input, in ms. */
export function spanOf({ from, to }: z.infer<typeof eventSpan>): ClosedSpan {
  return { since: Date.parse(from), until: Date.parse(to) };
}

/** Whether an execution was started by the same command; `--parallel` and `--again` may have been others. */
export function isSame(input: CloudInput, logType: string, span: ClosedSpan): boolean {
  const { since, until } = spanOf(input);
  return input.logType === logType && since === span.since && until === span.until;
}

/** Whether an execution reads some of a span under checkpoints that another command would not have. */
export function isInTheWay(input: CloudInput, logType: string, span: ClosedSpan): boolean {
  return input.logType === logType && overlap(spanOf(input), span);
}

/**
 * The name of the nth execution of a plan. The same plan has the same name, so that two who start it at the same time start
 * it once. Up to 80 of the characters that Step Functions allows.
 */
export function executionName(input: CloudInput, n: number): string {
  const [from, to] = [input.from, input.to].map((time) => time.slice(0, 10).replaceAll('-', ''));
  const plan = createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 12);
  return `${input.logType.slice(0, 40)}-${from}-${to}-${plan}-${n}`;
}

function toEvent({ since, until }: ClosedSpan): z.infer<typeof eventSpan> {
  return { from: momentText(since), to: momentText(until) };
}
