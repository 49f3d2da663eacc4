import { parseArgs } from 'node:util';
import * as z from 'zod/mini';

/** What `pnpm simulate --help` prints. */
export const help = `pnpm simulate [options]

Serves invented records of every log type under services/ the way Duo's Admin
API would, on 127.0.0.1. Half of the records are in the past; the others are
published as time passes.

  --port <n>            the port to listen on, 0 for any free one (8765)
  --records <n>         how many records to invent for each log type (5000)
  --hours <n>           how far the records reach back, and ahead (24)
  --accounts <n>        more Duo accounts beside its own, each with as many
                        records: the first has keys of its own, the others are
                        children (0)
  --seed <n>            the seed of the records and faults (1)
  --ending <form>       the last page's next_offset: cursor, null or absent (as
                        at Duo, per log)
  --fault-rate <0..1>   how often a request is throttled, reset, truncated or
                        failed (0)
  --retry-after <text>  the Retry-After of a throttled request, in seconds or as
                        a date (none, as at Duo)
  --help                this text
`;

const integer = (most: number) => z.coerce.number().check(z.int(), z.gte(0), z.lte(most));
const schema = z.object({
  help: z._default(z.boolean(), false),
  port: z._default(integer(65_535), 8765),
  records: z._default(integer(1_000_000), 5000),
  // 179 days: Duo refuses to be asked for more than 180.
  hours: z._default(z.coerce.number().check(z.gt(0), z.lte(179 * 24)), 24),
  accounts: z._default(integer(20), 0),
  seed: z._default(integer(2 ** 32 - 1), 1),
  ending: z.optional(z.enum(['cursor', 'null', 'absent'])),
  'fault-rate': z._default(z.coerce.number().check(z.gte(0), z.lte(1)), 0),
  // What a header may hold.
  'retry-after': z.optional(z.string().check(z.regex(/^[ -~]+$/))),
});

/** The command's options, or one sentence that says what is wrong with them. */
export function readCliOptions(args: readonly string[]): z.infer<typeof schema> | string {
  const text = { type: 'string' } as const;
  const options = { port: text, records: text, hours: text, accounts: text, seed: text, ending: text };
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { ...options, 'fault-rate': text, 'retry-after': text, help: { type: 'boolean' } },
    });
    const result = schema.safeParse(values);
    if (result.success) return result.data;
    const name = String(result.error.issues[0]?.path[0]);
    return `--${name} must not be "${String(Reflect.get(values, name))}"; see --help.`;
  } catch (error) {
    // Not `instanceof Error`: jest's globals are others than Node's. The first sentence says all.
    const { message } = z.object({ message: z.string() }).parse(error);
    return `${message.split(/\.\s/)[0]}; see --help.`;
  }
}
