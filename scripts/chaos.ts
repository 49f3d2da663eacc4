import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { packageService } from 'duo-contract/package-service';
import type { TimeField } from 'duo-core';
import { recordsIn } from 'duo-core';
import {
  createSimulator,
  type Fault,
  findLogs,
  generate,
  reconcile,
  seededRandom,
  simulatorEnvironment,
  withOddTime,
} from 'duo-simulator';
import * as z from 'zod/mini';
import { startMoto } from './moto';

const help = `pnpm chaos [options]

Runs the real bundle of a service as processes of their own against the simulator, under random faults, and kills each
with SIGKILL at a random moment; then lets it catch up and reconciles record by record. Exits with 1 if a record is
lost, doubled or out of order.

  --log-type <name>     the service to run (telephony)
  --runs <n>            runs to kill (50)
  --records <n>         records that Duo publishes meanwhile (60 full pages)
  --burst <n>           how many records have one and the same time (1)
  --faults <0..1>       how often something is wrong with a request (0.2)
  --late <0..1>         how many records are published late, within the overlap (0.05)
  --odd <0..1>          how many records have an absurd time: ahead, long past, unreadable, in another unit (0)
  --parallel <n>        runs at once on the same store (1)
  --store <file|s3>     a directory, or moto, an S3 server that is installed from PyPI (file)
  --ending <form>       the last page's next_offset: cursor, null or absent (cursor)
  --seed <n>            another seed: other records, faults and moments (1)
  --help                this text
`;

const count = z.coerce.number().check(z.int(), z.gte(1), z.lte(1_000_000));
const share = z.coerce.number().check(z.gte(0), z.lte(1));
const optionsSchema = z.object({
  'log-type': z._default(z.string(), 'telephony'),
  runs: z._default(count, 50),
  records: z.optional(count),
  burst: z._default(count, 1),
  faults: z._default(share, 0.2),
  late: z._default(share, 0.05),
  odd: z._default(share, 0),
  parallel: z._default(count, 1),
  store: z._default(z.enum(['file', 's3']), 'file'),
  ending: z._default(z.enum(['cursor', 'null', 'absent']), 'cursor'),
  seed: z._default(count, 1),
});
type Options = z.infer<typeof optionsSchema>;

const root = join(__dirname, '..');
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Waits in the killed processes take a hundredth of the time: a minute of throttling 0.6 s. */
const waitFraction = 0.01;

async function main(): Promise<void> {
  const names = Object.keys(optionsSchema.def.shape);
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean' },
      ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
    },
  });
  if (values.help) return void process.stdout.write(help);
  const parsed = optionsSchema.safeParse(values);
  if (!parsed.success)
    throw new Error(`--${parsed.error.issues[0]?.path.join()} is not understood\n\n${help}`);
  const { lost, doubled, disorder } = await chaos(parsed.data);
  if (lost + doubled + disorder > 0) process.exitCode = 1;
}

async function chaos(options: Options) {
  const { seed, parallel, ending, burst } = options;
  const found = (await findLogs(join(root, 'services'))).find(
    ({ logType }) => logType.name === options['log-type'],
  );
  if (found === undefined) throw new Error(`there is no service ${options['log-type']}`);
  const { logType, samples } = found;
  const random = seededRandom(seed);
  const folder = mkdtempSync(join(tmpdir(), 'duo-chaos-'));
  const program = join(folder, 'handler.js');
  writeFileSync(program, packageService(join(root, 'services', logType.name)).files['src/handler.js'] ?? '');

  // The story takes a day of backlog and then some minutes a run; it is told with a clock that only it moves on.
  const story = 24 * hour + options.runs * 3 * minute;
  let shift = story - 24 * hour;
  let disturbing = true;
  const simulator = createSimulator({
    logs: [{ logType, ending }],
    now: () => Date.now() - shift,
    // What goes wrong with the next request is decided when the last one has been answered.
    onRequest: () => {
      if (disturbing && random() < options.faults) simulator.fail(pick(faults, random));
    },
  });
  const log = simulator.log(logType.name);
  const end = Date.now();
  const begin = end - story;
  // Where Duo has filed each record, which is not where an odd one says.
  const places = new Map<string, number>();
  const texts = generate({
    logType,
    samples,
    count: options.records ?? 60 * logType.paging.limit,
    burst,
    from: begin,
    to: end,
    seed,
  });
  for (const [n, text] of texts.entries()) {
    const filedAt = timeIn(text, logType.time);
    const late = random() < options.late ? random() * (5 * minute - 45 * second) : 0;
    const record = random() < options.odd ? withOddTime(text, logType, filedAt, n) : text;
    places.set(record, filedAt);
    log.add(record, { filedAt, publishedAt: filedAt + 2 * minute + late });
  }
  const apiUrl = await simulator.listen();
  const store = await openStore(options.store, folder);
  const environment = {
    PATH: process.env.PATH,
    ...store.environment,
    ...simulatorEnvironment(apiUrl),
    // The first run that gets to save decides where the log begins: it must not be after the story's beginning.
    LOOKBACK_HOURS: String(Math.ceil(story / hour) + 24),
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    NODE_OPTIONS: `--require "${join(__dirname, 'bent-time.cjs')}"`,
    WAIT_FRACTION: String(waitFraction),
  };

  const tally = { runs: 0, kills: 0, failures: 0 };
  let usual = 500;
  try {
    while (tally.kills < options.runs) {
      if (shift > 0) shift = Math.max(0, shift - Math.round(random() * 4 * minute));
      await Promise.all(
        Array.from({ length: parallel }, () => oneRun(random() * 1.5 * usual, random() * usual * 0.5)),
      );
      if (tally.kills % 20 === 0) process.stderr.write(`\rkilled ${tally.kills} of ${tally.runs} runs `);
    }
    // Told to its end: a record that is published between the last run and the reckoning would count as lost.
    disturbing = false;
    for (let runs = 0, told = false, outcome = ''; !told || outcome !== 'caught-up'; runs++) {
      if (runs > 300) throw new Error('300 undisturbed runs did not catch up');
      shift -= 5 * minute;
      told = Date.now() - shift > end + 10 * minute;
      ({ outcome } = await oneRun(undefined, 0));
    }
    process.stderr.write('\r                              \r');
    return await report();
  } finally {
    await simulator.close();
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }

  /** One process; killed `after` ms from when it is ready, unless it has ended by then or `after` is undefined. */
  async function oneRun(after: number | undefined, stagger: number): Promise<{ outcome: string }> {
    await new Promise((resolve) => setTimeout(resolve, stagger));
    const child = spawn(process.execPath, [join(__dirname, 'run-bundle.cjs'), program], {
      env: { ...environment, CLOCK_SHIFT_MS: String(shift) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let output = '';
    let errors = '';
    let ready = 0;
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      errors += chunk;
    });
    let killed = false;
    let timer: NodeJS.Timeout | undefined;
    child.on('message', () => {
      ready = Date.now();
      if (after === undefined) return;
      timer = setTimeout(() => {
        killed = child.kill('SIGKILL');
      }, after);
    });
    await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
    clearTimeout(timer);
    tally.runs += 1;
    if (killed && child.signalCode === 'SIGKILL') {
      tally.kills += 1;
      return { outcome: 'killed' };
    }
    usual = 0.8 * usual + 0.2 * (Date.now() - ready);
    if (child.exitCode === 0) return JSON.parse(output);
    tally.failures += 1;
    if (!expectedFailure.test(errors)) throw new Error(`a run failed: ${errors}`);
    return { outcome: 'failed' };
  }

  async function report() {
    const objects = await store.read();
    const delivered = objects.flatMap(({ lines }) => lines);
    const { published, lost, doubled } = reconcile(log.published(), delivered);
    // The offset style promises no order.
    const disorder = logType.paging.style === 'offset' ? 0 : disordered(objects, places);
    const { runs, kills, failures } = tally;
    process.stdout.write(
      `${logType.name}, store ${options.store}, seed ${seed}: runs ${runs} kills ${kills} failures ${failures} requests ${simulator.requests.length} objects ${objects.length} published ${published} delivered ${delivered.length}\nlost ${lost} doubled ${doubled} disorder ${disorder}\n`,
    );
    return { lost, doubled, disorder };
  }
}

/**
 * What the faults below may make of a run, and what a slow machine may: the time-outs of the AWS SDK and the end of a run,
 * too, are a hundredth of what they are.
 */
const expectedFailure =
  /^(UnavailableError|ClockError|CredentialsError|BadRequestError.*next_offset|StoreError.*([Tt]ime(d )?[Oo]ut|no answer before the end of the run|still a conflict))/;

const faults: readonly Fault[] = [
  'throttle',
  'error',
  'bad-gateway',
  'not-json',
  'reset',
  'truncate',
  // A cursor of an earlier run that is no longer accepted.
  {
    status: 400,
    body: { stat: 'FAIL', code: 40002, message: 'Invalid request parameters', message_detail: 'next_offset' },
  },
];

interface StoredObject {
  readonly key: string;
  readonly lines: string[];
}

/** Records that stand after a later one of the same window; late ones are read by a later window. */
function disordered(objects: readonly StoredObject[], places: ReadonlyMap<string, number>): number {
  const last = new Map<string, number>();
  let disorder = 0;
  const name = ({ key }: StoredObject) => key.slice(key.lastIndexOf('/') + 1);
  for (const object of [...objects].sort((a, b) => (name(a) < name(b) ? -1 : 1))) {
    const window = name(object).split('-').slice(0, 2).join('-');
    for (const line of object.lines) {
      const at = places.get(line) ?? 0;
      if (at < (last.get(window) ?? 0)) disorder += 1;
      last.set(window, at);
    }
  }
  return disorder;
}

interface OpenStore {
  readonly environment: Record<string, string>;
  read(): Promise<StoredObject[]>;
  close(): void;
}

async function openStore(kind: Options['store'], folder: string): Promise<OpenStore> {
  if (kind === 'file') {
    const directory = join(folder, 'store');
    return {
      environment: { STORE_URL: pathToFileURL(directory).href },
      read: async () =>
        readdirSync(directory, { recursive: true, encoding: 'utf8' })
          .filter((key) => key.startsWith('logs/') && key.endsWith('.gz'))
          .map((key) => ({ key, lines: recordsIn(readFileSync(join(directory, key))) })),
      close() {},
    };
  }
  const local = join(root, '.local');
  mkdirSync(local, { recursive: true });
  const moto = await startMoto(local);
  const settings = {
    AWS_ACCESS_KEY_ID: 'made-up',
    AWS_SECRET_ACCESS_KEY: 'made-up',
    AWS_REGION: 'us-east-1',
  };
  const s3 = new S3Client({
    endpoint: moto.url,
    region: settings.AWS_REGION,
    credentials: { accessKeyId: settings.AWS_ACCESS_KEY_ID, secretAccessKey: settings.AWS_SECRET_ACCESS_KEY },
  });
  await s3.send(new CreateBucketCommand({ Bucket: 'chaos' }));
  return {
    environment: { STORE_URL: 's3://chaos/duo', AWS_ENDPOINT_URL_S3: moto.url, ...settings },
    async read() {
      const objects: StoredObject[] = [];
      let token: string | undefined;
      do {
        const page = await s3.send(
          new ListObjectsV2Command({
            Bucket: 'chaos',
            Prefix: 'duo/logs/',
            ...(token && { ContinuationToken: token }),
          }),
        );
        for (const { Key: key = '' } of page.Contents ?? []) {
          const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'chaos', Key: key }));
          objects.push({ key, lines: recordsIn((await Body?.transformToByteArray()) ?? new Uint8Array()) });
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
      return objects;
    },
    close() {
      s3.destroy();
      moto.stop();
    },
  };
}

/** A record's time in ms. */
function timeIn(record: string, { field, unit }: TimeField): number {
  const value = z.record(z.string(), z.unknown()).parse(JSON.parse(record))[field];
  if (unit === 'iso') return Date.parse(String(value));
  return Number(value) * (unit === 's' ? second : 1);
}

function pick<T>(from: readonly T[], random: () => number): T {
  const chosen = from[Math.floor(random() * from.length)];
  if (chosen === undefined) throw new Error('there is nothing to pick from');
  return chosen;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
