import { parseArgs } from 'node:util';
import * as z from 'zod/mini';

/** What `--help` prints. */
export const help = `pnpm compare [options]

Runs this collector, Duo's log sync, Google's function and the shortest loop with
Duo's own client against the simulator, on the telephony log: the same records,
faults and kills for each, hours in minutes. Prints what each has delivered, lost
and doubled, and what it took. Exits with 1 if this collector loses or doubles one.

  --hours <n>      how many hours of records there are (4)
  --speed <n>      how many times as fast their time passes (180)
  --ending <form>  the last page's next_offset: cursor, null, absent or all (all)
  --records <n>    records an hour (2000)
  --faults <0..1>  how often something is wrong with a request (0.05)
  --kills <0..1>   how often a process is killed a moment after a request (0.05)
  --seed <n>       the seed of the records, faults and kills (1)
  --help           this text

LOG_SYNC names a folder with Duo's log sync, as its repository has it
(https://github.com/duosecurity/duo_log_sync). SEED_FUNCTION names Google's guide as
text, or its function alone. Neither is part of this project: without them, their
rows say so.
`;

/** How the last page of a window can end; see the simulator. */
export const endings = ['cursor', 'null', 'absent'] as const;

const count = z.coerce.number().check(z.int(), z.gte(0), z.lte(100_000));
const share = z.coerce.number().check(z.gte(0), z.lte(1));
const schema = z.object({
  hours: z._default(z.coerce.number().check(z.gt(0), z.lte(48)), 4),
  speed: z._default(z.coerce.number().check(z.gte(1), z.lte(600)), 180),
  ending: z._default(z.enum([...endings, 'all']), 'all'),
  records: z._default(count, 2000),
  faults: z._default(share, 0.05),
  kills: z._default(share, 0.05),
  seed: z._default(count, 1),
});

/** What the command line asks for. */
export type Options = z.infer<typeof schema>;

/** Reads the command line; null if it asks for help. Throws if it cannot be understood. */
export function readOptions(args: string[]): Options | null {
  const names = Object.keys(schema.def.shape);
  const { values } = parseArgs({
    args,
    options: {
      help: { type: 'boolean' },
      ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
    },
  });
  if (values.help) return null;
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  throw new Error(`--${parsed.error.issues[0]?.path.join()} cannot be understood\n\n${help}`);
}
