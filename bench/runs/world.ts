import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLog, simulatorEnvironment } from 'duo-simulator';
import { type Peer, startPeer } from '../peers/peer';
import { type Bundles, makeBundles } from './bundles';
import { type Run, runOnce } from './run-once';

/** The log that is measured: the busiest that Duo has, and the one with the longest records. */
const busiest = 'authentication';

/** A run, and what it asked of the others. */
export type Counted = Run & {
  requests: number;
  reads: number;
  listings: number;
  writes: number;
  bytes: number;
};

/** How a run is made; times in ms. */
export interface RunOptions {
  /** @default a store of its own, empty */
  readonly store?: string;
  /** Of Duo and of the store. @default none */
  readonly latency?: readonly [duo: number, store: number];
  /** When the run thinks that it is. @default now */
  readonly at?: number;
  /** @default no limit */
  readonly pages?: number;
  /** @default 48 */
  readonly lookbackHours?: number;
  /** @default the one that collects */
  readonly function?: 'collect' | 'reconcile';
  readonly nodeOptions?: readonly string[];
}

/** What every part works with. */
export interface World {
  readonly bundles: Bundles;
  /** Runs a bundle against the simulator with so many records and against the store; checks that it has them all. */
  run(bundle: keyof Bundles, duo: Peer, records: number, options?: RunOptions): Promise<Counted>;
  /** The simulator with so many records of one day, or of the UTC day before yesterday. Only one runs at a time: a million take memory. */
  duo(records: number, day?: 'day'): Promise<Peer>;
  close(): void;
}

const plain = { latency: 0, shift: 0 };

/** Packages the service and starts the store, which keeps what is put if it is told to. */
export async function createWorld(
  root: string,
  name = busiest,
  kept: readonly 'kept'[] = [],
): Promise<World> {
  const { logType } = await findLog(name);
  const folder = mkdtempSync(join(tmpdir(), 'duo-bench-'));
  const bundles = await makeBundles(name, folder);
  const store = await startPeer('store', kept);
  let current: { readonly records: number; readonly peer: Peer } | undefined;
  let stores = 0;
  return {
    bundles,
    async run(bundle, duo, records, options = {}) {
      const [duoLatency, storeLatency] = options.latency ?? [0, 0];
      stores += 1;
      const shift = Date.now() - (options.at ?? Date.now());
      await duo.order({ latency: duoLatency, shift });
      await store.order({ latency: storeLatency, shift });
      const env = {
        ...simulatorEnvironment(duo.url),
        STORE_URL: `s3://bench/${options.store ?? stores}`,
        AWS_ENDPOINT_URL_S3: store.url,
        AWS_ACCESS_KEY_ID: 'made-up',
        AWS_SECRET_ACCESS_KEY: 'made-up',
        AWS_REGION: 'us-east-1',
        LOOKBACK_HOURS: String(options.lookbackHours ?? 48),
        FLOOR_PATH: logType.path,
        FLOOR_RECORDS: logType.records ?? '',
        MAX_PAGES: String(options.pages ?? 0),
        CLOCK_SHIFT_MS: String(shift),
      };
      const bent = options.at === undefined ? [] : ['--require', join(root, 'tools/bent-time.cjs')];
      const ran = await runOnce(bundles[bundle], options.function ?? 'collect', env, [
        ...(options.nodeOptions ?? []),
        ...bent,
      ]);
      if (ran.records !== records) throw new Error(`${ran.records} of ${records} records were stored`);
      const { requests = 0 } = await duo.order(plain);
      const { reads = 0, listings = 0, writes = 0, bytes = 0 } = await store.order(plain);
      return { ...ran, requests, reads, listings, writes, bytes };
    },
    async duo(records, day) {
      if (current?.records === records) return current.peer;
      current?.peer.stop();
      current = {
        records,
        peer: await startPeer('duo', [name, String(records), ...(day === undefined ? [] : [day])]),
      };
      return current.peer;
    },
    close() {
      current?.peer.stop();
      store.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
