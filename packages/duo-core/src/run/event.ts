import * as z from 'zod/mini';
import { ConfigError } from '../errors';

const schema = z.union([z.literal(''), z.nullish(z.strictObject({}))]);

/**
 * Checks the event of an invocation, which has nothing to say: `{}`, and `""`, null and nothing mean the same. Throws a
 * `ConfigError` for anything else, because what somebody wants must not pass for a scheduled run.
 */
export function checkEvent(event: unknown): void {
  if (schema.safeParse(event).success) return;
  throw new ConfigError(
    'the event must be {}: the function knows what is due. To have days collected, ask for them: duo backfill <log-type> --stage <stage> --from <day> --to <day>',
  );
}
