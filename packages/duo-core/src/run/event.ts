import * as z from 'zod/mini';
import { isAccountName } from '../account-log';
import { ConfigError } from '../errors';

const schema = z.strictObject({ account: z.optional(z.string().check(z.refine(isAccountName))) });

/** What the event of an invocation says: which account the run is of, if the stage has several. */
export type RunEvent = z.infer<typeof schema>;

/**
 * Reads the event of an invocation: `{}` (`""`, null and nothing mean the same), or `{"account": "<name>"}`. Throws a
 * `ConfigError` for anything else, because what somebody wants must not pass for a scheduled run.
 */
export function readEvent(event: unknown): RunEvent {
  const { data } = schema.safeParse(event === '' ? {} : (event ?? {}));
  if (data !== undefined) return data;
  throw new ConfigError(
    'the event must be {}, or {"account": "<name>"} where the stage has accounts: the function knows what is due. To have days collected, ask for them: npx pnpm duo backfill <log-type> --stage <stage> --from <day> --to <day>',
  );
}
