import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { sign, signatureDate } from 'duo-core';
import { simulatorCredentials } from 'duo-simulator';
import * as z from 'zod/mini';

/** What one run of Google's function works with: a folder as its bucket, an address for Duo, the time in ms. */
export interface SeedRun {
  readonly bucket: string;
  readonly apiUrl: string;
  readonly now: number;
  readonly maxIterations: number;
}

/** Runs the function once; resolves to the status code that it returns. */
export type Seed = (run: SeedRun) => Promise<number>;

/** Google's function itself, where `SEED_FUNCTION` names it or the document that shows it, and a port of our own. */
export const seeds: readonly (readonly [name: string, seed: Seed])[] = [
  ...(isGiven() ? [["Google's function", pythonSeed] as const] : []),
  ['a port of it', portedSeed],
];

/** It is Google's, and not part of this project: that it is not there is said, and is no failure. */
function isGiven(): boolean {
  if (process.env.SEED_FUNCTION) return true;
  console.warn(
    "NOT RUN: SEED_FUNCTION names no file, so Google's own function is not tried, only a port of it",
  );
  return false;
}

const harness = join(__dirname, '../../../../tools/google-function');

async function pythonSeed({ bucket, apiUrl, now, maxIterations }: SeedRun): Promise<number> {
  const { stdout } = await promisify(execFile)('python3', [join(__dirname, 'run.py')], {
    env: {
      PATH: process.env.PATH,
      PYTHONPATH: [join(__dirname, 'stubs'), harness].join(delimiter),
      PYTHONDONTWRITEBYTECODE: '1',
      SEED_FUNCTION: process.env.SEED_FUNCTION,
      SEED_BUCKETS: bucket,
      SEED_NOW: String(now),
      S3_BUCKET: '.',
      S3_PREFIX: 'duo-telephony/',
      STATE_KEY: 'duo-telephony/state.json',
      DUO_IKEY: simulatorCredentials.ikey,
      DUO_SKEY: simulatorCredentials.skey,
      DUO_API_HOST: simulatorCredentials.apiHost,
      DUO_API_URL: apiUrl,
      MAX_ITERATIONS: String(maxIterations),
    },
  });
  return Number(stdout.trim().split('\n').at(-1));
}

const path = '/admin/v2/logs/telephony';
const stateSchema = z.object({ last_offset: z.nullish(z.string()), last_timestamp_ms: z.optional(z.int()) });
const pageSchema = z.object({
  response: z.object({
    items: z.array(z.record(z.string(), z.unknown())), // not an object: that would change the order
    metadata: z.object({ next_offset: z.nullish(z.string()) }),
  }),
});

/** Line for line what the Python does, oddities included, but for its retries. */
async function portedSeed({ bucket, apiUrl, now, maxIterations }: SeedRun): Promise<number> {
  const folder = join(bucket, 'duo-telephony');
  mkdirSync(folder, { recursive: true });
  let state: z.infer<typeof stateSchema> = {};
  try {
    state = stateSchema.parse(JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')));
  } catch {
    // As the Python does: it takes a state that it cannot read for none.
  }
  const logs: z.infer<typeof pageSchema>['response']['items'] = [];
  let next = state.last_offset;
  const mintime = next ? undefined : (state.last_timestamp_ms ?? now - 24 * 3_600_000);
  let more = true;
  for (let fetched = 0; more && fetched < maxIterations; fetched++) {
    if (!next && mintime === undefined) return 500; // UnboundLocalError
    const params: Record<string, string> = next
      ? { limit: '1000', next_offset: next }
      : { mintime: String(mintime), maxtime: String(now - 120_000), limit: '1000', sort: 'ts:asc' };
    const { apiHost, ...keys } = simulatorCredentials;
    const { query, headers } = sign({ method: 'GET', host: apiHost, path, params }, keys, signatureDate(now));
    const answer = await fetch(`${apiUrl}${path}?${query}`, { headers });
    if (answer.status !== 200) return 500;
    const { items, metadata } = pageSchema.parse(await answer.json()).response;
    logs.push(...items);
    if ('next_offset' in metadata) {
      next = metadata.next_offset;
      state.last_offset = next;
    } else {
      more = false;
      state.last_offset = null;
      const latest = logs
        .map(({ ts }) => String(ts))
        .sort()
        .at(-1);
      if (latest !== undefined) state.last_timestamp_ms = Math.trunc(timestamp(latest) * 1000) + 1;
    }
  }
  if (logs.length > 0) {
    const name = new Date(now).toISOString().replace(/[-:]/g, '').replace('T', '_').slice(0, 15);
    writeFileSync(join(folder, `telephony_${name}.json`), logs.map(dumps).join('\n'));
  }
  writeFileSync(join(folder, 'state.json'), dumps(state));
  return 200;
}

/** Python's `datetime.timestamp()`: seconds as a double, from microseconds. */
function timestamp(iso: string): number {
  const micros = Number((/\.(\d{1,6})/.exec(iso)?.[1] ?? '').padEnd(6, '0'));
  return (Math.floor(Date.parse(iso) / 1000) * 1_000_000 + micros) / 1_000_000;
}

/** Python's `json.dumps`. */
function dumps(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(dumps).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([name, member]) => `${dumps(name)}: ${dumps(member)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
