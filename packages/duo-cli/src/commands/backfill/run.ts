import * as z from 'zod/mini';
import type { ClosedSpan } from '../../state/closed-span';

/** What `backfill` wants to know of a run: the part of the function's result that it goes by. */
export const runResult = z.object({
  outcome: z.enum(['caught-up', 'more', 'throttled', 'superseded']),
  records: z.number(),
  pages: z.number(),
  /** How much of the span is still to be read. */
  behindSeconds: z.number(),
});

/** See `runResult`. */
type BackfillResult = z.infer<typeof runResult>;

/** Reads some of a span, from where the last run of it stopped. Rejects when the run failed, or `signal` aborts. */
export type BackfillRun = (span: ClosedSpan, signal: AbortSignal) => Promise<BackfillResult>;
