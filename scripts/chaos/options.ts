import { parseArgs } from 'node:util';
import * as z from 'zod/mini';

/** What `--help` prints. */
export const help = `pnpm chaos [options]

Runs the real bundle of a service as processes of their own against the simulator, under random faults, and kills each
with SIGKILL at a random moment; then lets it catch up and compares record by record. Exits with 1 if a record is
lost, doubled or out of order.

  --log-type <name>     the service to run (telephony)
  --runs <n>            runs to kill (50)
  --records <n>         records that Duo publishes meanwhile (60 full pages)
  --burst <n>           how many records have the same time (1)
  --faults <0..1>       how often something is wrong with a request (0.2)
  --late <0..1>         how many records are published late, within the overlap (0.05)
  --reconcile           kills reconciliations as well, over days; late is then up to 30 hours, and the receipts have to agree
  --lake                turns what is stored into Parquet as well, and kills that; each record has to be in the lake once
  --odd <0..1>          how many records have an absurd time: ahead, long past, unreadable, in another unit (0)
  --accounts <n>        Duo accounts of one stage, of which each run collects one: the first has keys of its own, the others are children (0)
  --parallel <n>        runs at once on the same store (1)
  --store <file|s3>     a directory, or moto, an S3 server that is installed from PyPI (file)
  --ending <form>       the last page's next_offset: cursor, null or absent (cursor)
  --seed <n>            the seed of the records, faults and moments (1)
  --help                this text
`;

const count = z.coerce.number().check(z.int(), z.gte(1), z.lte(1_000_000));
const share = z.coerce.number().check(z.gte(0), z.lte(1));
const schema = z.object({
  'log-type': z._default(z.string(), 'telephony'),
  runs: z._default(count, 50),
  records: z.optional(count),
  burst: z._default(count, 1),
  faults: z._default(share, 0.2),
  late: z._default(share, 0.05),
  odd: z._default(share, 0),
  accounts: z._default(z.coerce.number().check(z.int(), z.gte(0), z.lte(20)), 0),
  parallel: z._default(count, 1),
  store: z._default(z.enum(['file', 's3']), 'file'),
  ending: z._default(z.enum(['cursor', 'null', 'absent']), 'cursor'),
  seed: z._default(count, 1),
  reconcile: z._default(z.boolean(), false),
  lake: z._default(z.boolean(), false),
});

/** What the command line asks for. */
export type Options = z.infer<typeof schema>;

/** Reads the command line; null if it asks for help. Throws if it cannot be understood. */
export function readOptions(): Options | null {
  const names = Object.keys(schema.def.shape);
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean' },
      ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
      reconcile: { type: 'boolean' },
      lake: { type: 'boolean' },
    },
  });
  if (values.help) return null;
  const parsed = schema.safeParse(values);
  if (parsed.success && parsed.data.reconcile && parsed.data.odd > 0)
    throw new Error(
      '--odd and --reconcile cannot go together: a record with an absurd time belongs to no day',
    );
  if (parsed.success) return parsed.data;
  throw new Error(`--${parsed.error.issues[0]?.path.join()} is not understood\n\n${help}`);
}
