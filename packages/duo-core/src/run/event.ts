import * as z from 'zod/mini';
import type { Span } from '../delivery/checkpoint';
import { ConfigError } from '../errors';
import { publishingDelay } from '../limits';

const backfill = z.strictObject({
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
});

const schema = z.union([z.literal(''), z.nullish(z.strictObject({ backfill: z.optional(backfill) }))]);

/**
 * The backfill that an event asks for, in ms, or null for the live log: a scheduled run has the event `{}`; `""`, null
 * and nothing mean the same. Throws a `ConfigError` for anything else, because a mistyped backfill must not pass for a
 * scheduled run.
 */
export function readEvent(event: unknown, now: number): Span | null {
  const parsed = schema.safeParse(event);
  if (!parsed.success) {
    throw new ConfigError(
      'the event must be {} or {"backfill":{"from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z"}}',
    );
  }
  const span = parsed.data === '' ? undefined : parsed.data?.backfill;
  if (span === undefined) return null;
  const since = Date.parse(span.from);
  const until = Date.parse(span.to);
  if (since >= until) throw new ConfigError('backfill: from must be before to');
  if (until > now - publishingDelay) {
    throw new ConfigError(
      'backfill: to must be two minutes ago or earlier; the scheduled runs collect what is newer',
    );
  }
  return { since, until };
}
