import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLog, simulatorEnvironment } from 'duo-simulator';
import { type Peer, startPeer } from '../peers/peer';
import { type Bundles, makeBundles } from './bundles';
import { type PythonCollector, runPython } from './python/run-python';
import { type Run, runOnce } from './run-once';

/** The log that is measured: the busiest that Duo has, and the one with the longest records. */
const busiest = 'authentication';

/**
 * A run, and what it asked of the others: `objects` are the writes of records, `bytes` theirs; `asked` is how long after the
 * start of its process the first request came to Duo, in ms, NaN if none did.
 */
export type Counted = Run & {
  requests: number;
  asked: number;
  reads: number;
  listings: number;
  writes: number;
  objects: number;
  bytes: number;
};

/** How a run is made; times in ms. */
export interface RunOptions {
  /** Its name, or a directory's URL. @default one of its own, empty */
  readonly store?: string;
  /** What stands between the collector and Duo. @default nothing */
  readonly through?: Peer;
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
  /** Runs a collector against the simulator with so many records and against the store; checks that it has them all. */
  run(
    collector: keyof Bundles | PythonCollector,
    duo: Peer,
    records: number,
    options?: RunOptions,
  ): Promise<Counted>;
  /** The simulator with so many records of 23 hours, or of the UTC day before yesterday. Only one runs at a time: a million take memory. */
  duo(records: number, day?: 'day'): Promise<Peer>;
  close(): void;
}

const plain = { latency: 0, shift: 0 };

/** What becomes of the records that are put: `read` are counted, and forgotten after that. */
export type Storing = 'forgotten' | 'kept' | 'read';

/** Packages the service and starts the store. */
export async function createWorld(
  root: string,
  logName = busiest,
  storing: Storing = 'forgotten',
): Promise<World> {
  const { logType } = await findLog(logName);
  const folder = mkdtempSync(join(tmpdir(), 'duo-bench-'));
  const bundles = await makeBundles(logName, folder);
  const store = await startPeer('store', [storing]);
  let current: { readonly records: number; readonly peer: Peer } | undefined;
  let stores = 0;
  return {
    bundles,
    async run(collector, duo, records, options = {}) {
      const [duoLatency, storeLatency] = options.latency ?? [0, 0];
      stores += 1;
      const name = options.store ?? String(stores);
      const shift = Date.now() - (options.at ?? Date.now());
      await duo.order({ latency: duoLatency, shift });
      await store.order({ latency: storeLatency, shift });
      const env = {
        ...simulatorEnvironment((options.through ?? duo).url),
        STORE_URL: name.startsWith('file:') ? name : `s3://bench/${name}`,
        AWS_ENDPOINT_URL_S3: store.url,
        AWS_ACCESS_KEY_ID: 'made-up',
        AWS_SECRET_ACCESS_KEY: 'made-up',
        AWS_REGION: 'us-east-1',
        LOOKBACK_HOURS: String(options.lookbackHours ?? 48),
        FLOOR_PATH: logType.path,
        FLOOR_RECORDS: logType.records ?? '',
        MAX_PAGES: String(options.pages ?? 0),
        CLOCK_SHIFT_MS: String(shift),
        // What Google's function reads. After an empty page, whose cursor is null, it would begin anew.
        S3_BUCKET: 'bench',
        S3_PREFIX: `${name}/logs/`,
        STATE_KEY: `${name}/state.json`,
        MAX_ITERATIONS: String(Math.ceil(records / 1000)),
      };
      const bent = options.at === undefined ? [] : ['--require', join(root, 'tools/bent-time.cjs')];
      const nodeOptions = [...(options.nodeOptions ?? []), ...bent];
      const ran = isBundle(collector)
        ? await runOnce(bundles[collector], options.function ?? 'collect', env, nodeOptions)
        : await runPython(collector, env);
      const { requests = 0, firstAt = 0 } = await duo.order(plain);
      const counted = await store.order(plain);
      const { reads = 0, listings = 0, writes = 0, objects = 0, bytes = 0, stored = ran.records } = counted;
      if (ran.records !== records || stored !== records)
        throw new Error(
          `${collector}: ${ran.records} of ${records} records were collected, ${stored} stored`,
        );
      const asked = firstAt === 0 ? Number.NaN : firstAt - ran.started;
      return { ...ran, requests, asked, reads, listings, writes, objects, bytes };

      function isBundle(one: typeof collector): one is keyof Bundles {
        return one in bundles;
      }
    },
    async duo(records, day) {
      if (current?.records === records) return current.peer;
      current?.peer.stop();
      current = {
        records,
        peer: await startPeer('duo', [logName, String(records), ...(day === undefined ? [] : [day])]),
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
