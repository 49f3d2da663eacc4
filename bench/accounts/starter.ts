import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isTurn } from 'duo-accounts';
import { firstCheckpoint, openStore, saveCheckpoint, systemClock } from 'duo-core';
import { createSimulator } from 'duo-simulator';
import { build } from 'esbuild';
import { deployedBundle } from '../../tools/deployed-bundle';
import { latency } from '../parts/waiting';
import { loadOnce, runOnce } from '../runs/run-once';
import { startAws } from './aws';
import { type Customer, parametersOf } from './customers';
import { logNames } from './publish';

/** What a round of the starter takes in a process of its own; times in ms, memory in KB. */
export interface StarterRun {
  readonly load: number;
  readonly wall: number;
  readonly cpu: number;
  readonly peak: number;
  /** How many functions it has started. */
  readonly started: number;
  /** What it has asked SSM, S3 and Lambda. */
  readonly requests: number;
}

const minute = 60_000;
const path = '/duo/bench';
const root = join(__dirname, '../..');

/** As with the other parts: what a round needs, not what V8 takes before it collects its garbage. In MB. */
const nodeOptions = ['--max-old-space-size=64', '--max-semi-space-size=4'];

/**
 * Runs the bundle of `services/accounts` once in a process of its own, in the fullest minute of the last quarter of an hour, with a
 * checkpoint for each log of each account; AWS answers after the latency of the store. Throws unless it has started whom it should.
 */
export async function measureStarter(customers: readonly Customer[]): Promise<StarterRun> {
  const folder = mkdtempSync(join(tmpdir(), 'duo-starter-'));
  const names = customers.map(({ setup }) => setup.name);
  const { at, share } = fullest(names);
  const shift = Date.now() - at;
  let requests = 0;
  let started = 0;
  let wait = 0;
  const now = () => Date.now() - shift;
  const accounts = customers.map(({ setup }) => setup);
  const simulator = createSimulator({ logs: [], accounts, now });
  const aws = await startAws({
    parameters: parametersOf(customers, path),
    now,
    asked: () => {
      requests += 1;
      return systemClock.sleep(wait);
    },
    invoked: () => {
      started += 1;
    },
  });
  try {
    await fill(names, aws.env, now);
    const outfile = join(folder, 'starter.js');
    await build({
      ...deployedBundle(),
      entryPoints: [join(root, 'services/accounts/src/handler.ts')],
      outfile,
    });
    requests = 0;
    wait = latency[1];
    const env = {
      ...aws.env,
      STORE_URL: 's3://bench',
      DUO_CREDENTIALS: `ssm:${path}`,
      DUO_API_URL: await simulator.listen(),
      STAGE: 'bench',
      LOG_TYPES: logNames.join(','),
      CLOCK_SHIFT_MS: String(shift),
    };
    const bent = ['--require', join(root, 'tools/bent-time.cjs')];
    const { load, wall, cpu, peak } = await runOnce(outfile, 'start', env, [...nodeOptions, ...bent]);
    if (started !== share) throw new Error(`the starter has started ${started} functions, not ${share}`);
    return { load, wall, cpu, peak, started, requests };
  } finally {
    await simulator.close();
    await aws.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How long a fresh process takes to load the bundle of a log's service, in ms. */
export async function measureHandlersLoad(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'duo-starter-'));
  try {
    const outfile = join(folder, 'handler.js');
    await build({
      ...deployedBundle(),
      entryPoints: [join(root, 'services/telephony/src/handler.ts')],
      outfile,
    });
    return await loadOnce(outfile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The middle of the minute in which the most is started, and how much that is. */
function fullest(names: readonly string[]): { at: number; share: number } {
  const middle = Math.floor(Date.now() / minute) * minute + minute / 2;
  return Array.from({ length: 15 }, (_, n) => middle - (n + 1) * minute)
    .map((at) => {
      const turns = [5, 15].flatMap((every) => names.filter((name) => isTurn(name, at, every)));
      return { at, share: turns.length * logNames.length };
    })
    .reduce((one, other) => (other.share > one.share ? other : one));
}

/** Puts a checkpoint of each log of each account there, as a first run would have. */
async function fill(names: readonly string[], env: Readonly<Record<string, string>>, now: () => number) {
  Object.assign(process.env, env);
  const open = openStore({ store: { kind: 's3', bucket: 'bench', prefix: '' }, kmsKeyArn: undefined });
  const store = open(new AbortController().signal);
  const patience = { clock: systemClock, random: Math.random };
  for (const account of names)
    for (const logType of logNames) {
      const checkpoint = firstCheckpoint({ logType, account }, now() - 5 * minute, now() - 5 * minute);
      await saveCheckpoint(store, { ...checkpoint, by: 'bench/1' }, null, patience);
    }
  for (const name of Object.keys(env)) delete process.env[name];
}
