import * as z from 'zod/mini';
import type { Span } from './checkpoint';
import { longestLookback } from './config';
import { ConfigError } from './errors';

const backfill = z.strictObject({
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
});

const schema = z.union([z.literal(''), z.nullish(z.strictObject({ backfill: z.optional(backfill) }))]);

/**
 * The span that an event asks for, in ms: the live log, from `lookback` before now and without an end, or a
 * backfill. A scheduled run has the event `{}`; `""`, null and nothing mean the same. Throws a `ConfigError` for
 * anything else, because a mistyped backfill must not pass for a scheduled run.
 */
export function readEvent(event: unknown, now: number, lookback: number): Span {
  const parsed = schema.safeParse(event);
  if (!parsed.success) {
    throw new ConfigError(
      'the event must be {} or {"backfill":{"from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z"}}',
    );
  }
  const span = parsed.data === '' ? undefined : parsed.data?.backfill;
  if (span === undefined) return { since: now - lookback, until: null };
  const since = Date.parse(span.from);
  const until = Date.parse(span.to);
  if (since >= until) throw new ConfigError('backfill: from must be before to');
  if (until > now) throw new ConfigError('backfill: to lies in the future; the scheduled runs collect that');
  if (since < now - longestLookback) {
    throw new ConfigError(
      `backfill: Duo keeps 180 days; from must be ${new Date(now - longestLookback).toISOString()} or later`,
    );
  }
  return { since, until };
}
