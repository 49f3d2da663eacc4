import { createStarter } from 'duo-accounts';
import { createHandler, createReconcileHandler, publishingDelay, recordsIn } from 'duo-core';
import {
  createSimulator,
  fakeClock,
  findLog,
  generate,
  noon,
  reconcile,
  seededRandom,
} from 'duo-simulator';
import * as z from 'zod/mini';
import { latency } from '../parts/waiting';
import { type AwsRequest, startAws } from './aws';
import { type Customer, customersOf, type Mixture, parametersOf } from './customers';
import { createLambda, type Ran } from './lambda';

/** How a stage is simulated. */
export interface HourOptions extends Mixture {
  /** How many runs Lambda has at once. */
  readonly concurrency: number;
  /** @default 60 */
  readonly minutes?: number;
}

/** What runs of a function took in all; times in ms. `wall` is what they waited: for Duo, for the store, for their turn at Duo. */
export type Usage = Record<
  'runs' | 'cold' | 'failed' | 'wall' | 'cpu' | AwsRequest | 'decrypted' | 'duo',
  number
>;

/** How a log of a healthy account came out. */
export interface LogOutcome {
  readonly account: string;
  readonly logType: string;
  /** Records that were stored, by the end. */
  readonly records: number;
  readonly objects: number;
  readonly lost: number;
  readonly doubled: number;
  /** How far it was behind at its worst moment, in ms, from its first run on. */
  readonly behind: number;
}

/** What an hour was like. All of it is plain data. */
export interface Hour {
  readonly logs: readonly LogOutcome[];
  readonly usage: Readonly<Record<'collect' | 'reconcile', Usage>>;
  /** Runs that were invoked for the bad accounts and ended well all the same: none should. */
  readonly wellOfBad: number;
  readonly atOnce: number;
  readonly dropped: number;
  /** The most requests to Duo that the parent's keys have signed within a minute. */
  readonly parentsAMinute: number;
  /** The most that the functions and the starter have asked SSM for within a second. */
  readonly parametersASecond: number;
}

const minute = 60_000;
const stage = 'bench';
const path = `/duo/${stage}`;
const bucket = 'bench';

/** What the largest account has in a day of each log. */
const largest = { telephony: 40_000, authentication: 200_000, activity: 20_000, 'trust-monitor': 2_000 };

/** Rounds after the hour, in which the rest of its records is brought in; and those of Duo's delay. */
const rest = 5 + publishingDelay / minute + 1;

/** As in serverless.common.yml and below it, in ms. */
const lifetimes = { collect: 280_000, reconcile: 840_000 };

/**
 * Simulates an hour of a stage with many accounts: the starter decides every minute who runs, the real handlers of four logs run,
 * against the simulator, an S3, an SSM and a Lambda on the loopback, and by a clock of their own. Sizes are skewed: the account
 * of rank n has an nth of what the first has. Sets variables of this process by which the SDK finds AWS.
 */
export async function simulateHour({ concurrency, minutes = 60, ...mixture }: HourOptions): Promise<Hour> {
  const clock = fakeClock(noon);
  const customers = customersOf(mixture);
  const logs = await Promise.all(Object.keys(largest).map((name) => findLog(name)));
  const usage = { collect: emptyUsage(), reconcile: emptyUsage() };
  /** Of the function that runs; null while the starter does. */
  let current: Usage | null = null;
  const busiest = { parent: counter(minute), parameters: counter(1_000) };
  const simulator = createSimulator({
    logs,
    accounts: customers.map(({ setup }) => setup),
    now: clock.now,
    onRequest: ({ params, account }) => {
      clock.advance(latency[0]);
      if (current !== null) current.duo += 1;
      if ('account_id' in params && account !== null) busiest.parent.count(clock.now());
    },
  });
  publish(customers, logs, minutes, simulator);
  const aws = await startAws({
    parameters: parametersOf(customers, path),
    now: clock.now,
    asked(request, decrypted) {
      if (request.startsWith('parameters')) busiest.parameters.count(clock.now());
      // The starter asks for many things at once; it is measured by itself.
      if (current === null) return;
      clock.advance(latency[1]);
      current[request] += 1;
      current.decrypted += decrypted;
    },
    invoked: (functionName, payload) => lambda.invoke(functionName, JSON.parse(payload)),
  });
  const env = {
    STORE_URL: `s3://${bucket}`,
    DUO_CREDENTIALS: `ssm:${path}`,
    DUO_API_URL: await simulator.listen(),
    LOOKBACK_HOURS: '1',
    STAGE: stage,
    LOG_TYPES: logs.map(({ logType }) => logType.name).join(','),
  };
  Object.assign(process.env, aws.env, {
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  const lambda = createLambda(clock, concurrency, (functionName) => {
    const { name, work } = partsOf(functionName);
    const logType = logs.find((log) => log.logType.name === name)?.logType;
    if (logType === undefined) throw new Error(`${functionName}: there is no log ${name}`);
    const surroundings = { env, clock, random: seededRandom(1) };
    const handler =
      work === 'collect'
        ? createHandler(logType, surroundings)
        : createReconcileHandler(logType, surroundings);
    return { handler, lifetime: lifetimes[work] };
  });
  const start = createStarter({ env, clock });
  const behind = new Map<string, { watermark: number; worst: number }>();
  const bad = new Set(customers.filter(({ kind }) => kind !== 'healthy').map(({ setup }) => setup.name));
  let wellOfBad = 0;

  try {
    for (let n = 0; n < minutes + rest; n++) {
      const at = noon + n * minute;
      clock.advance(at - clock.now());
      current = null;
      await start({ at: new Date(at).toISOString() }, { getRemainingTimeInMillis: () => 55_000 });
      const counted = n < minutes ? usage : { collect: emptyUsage(), reconcile: emptyUsage() };
      await runAll(counted);
    }
    clock.advance(noon + (minutes + rest) * minute - clock.now());
    return {
      logs: outcomes(),
      usage,
      wellOfBad,
      ...lambda.counts(),
      parentsAMinute: busiest.parent.most(),
      parametersASecond: busiest.parameters.most(),
    };
  } finally {
    await simulator.close();
    await aws.close();
    for (const name of Object.keys(aws.env)) delete process.env[name];
  }

  async function runAll(counted: Record<'collect' | 'reconcile', Usage>): Promise<void> {
    const begins = (functionName: string) => {
      current = counted[partsOf(functionName).work];
    };
    await lambda.runAll(begins, (ran) => {
      const { work } = partsOf(ran.functionName);
      const of = counted[work];
      of.runs += 1;
      of.cold += Number(ran.cold);
      of.failed += Number(ran.error !== undefined);
      of.wall += ran.ended - ran.began;
      of.cpu += ran.cpu;
      if (work === 'collect') look(ran);
    });
  }

  function look({ functionName, event, ended, result, error }: Ran): void {
    const { account } = ofAccount.parse(event);
    if (error !== undefined) {
      if (!bad.has(account)) throw error;
      return;
    }
    const { outcome, behindSeconds } = ofResult.parse(result);
    if (bad.has(account)) {
      wellOfBad += Number(outcome !== 'throttled');
      return;
    }
    const key = `${partsOf(functionName).name}/${account}`;
    const last = behind.get(key);
    const watermark = ended - behindSeconds * 1000;
    // Just before this run ended, it was as far behind as it ever is.
    const worst = last === undefined ? 0 : Math.max(last.worst, ended - last.watermark);
    behind.set(key, { watermark, worst });
  }

  function outcomes(): LogOutcome[] {
    const stored = new Map<string, { texts: string[]; objects: number }>();
    for (const [key, body] of aws.s3.objects) {
      const [, name, account] = /^bench\/logs\/([^/]+)\/([^/]+)\/.*\.gz$/.exec(key) ?? [];
      if (name === undefined) continue;
      const of = stored.get(`${name}/${account}`) ?? { texts: [], objects: 0 };
      stored.set(`${name}/${account}`, of);
      of.texts.push(...recordsIn(Buffer.from(body, 'latin1')));
      of.objects += 1;
    }
    return customers
      .filter(({ kind }) => kind === 'healthy')
      .flatMap(({ setup: { name: account } }) =>
        logs.map(({ logType: { name: logType } }) => {
          const { texts, objects } = stored.get(`${logType}/${account}`) ?? { texts: [], objects: 0 };
          const { lost, doubled } = reconcile(simulator.log(logType, account).published(), texts);
          const seen = behind.get(`${logType}/${account}`);
          // One that never ran is behind since the beginning.
          const worst = Math.max(seen?.worst ?? 0, clock.now() - (seen?.watermark ?? noon - 60 * minute));
          return { account, logType, records: texts.length, objects, lost, doubled, behind: worst };
        }),
      );
  }
}

/** What Duo has of the healthy accounts: of the hour before, which is looked back at, and of the hour. */
function publish(
  customers: readonly Customer[],
  logs: readonly Awaited<ReturnType<typeof findLog>>[],
  minutes: number,
  simulator: ReturnType<typeof createSimulator>,
): void {
  // The first turns come within five minutes, and look an hour back.
  const [from, to] = [noon - 54 * minute, noon + minutes * minute];
  for (const { kind, setup, rank } of customers)
    for (const { logType, samples } of logs) {
      if (kind !== 'healthy') continue;
      const aDay =
        largest[z.enum(['telephony', 'authentication', 'activity', 'trust-monitor']).parse(logType.name)] /
        rank;
      // What is left of a record comes or not by its rank, so that small accounts have some, too.
      const count = Math.floor((aDay * (to - from)) / (24 * 60 * minute) + ((rank * 0.618) % 1));
      simulator
        .log(logType.name, setup.name)
        .addAll(generate({ logType, samples, count, from, to, seed: rank }));
    }
}

const ofAccount = z.object({ account: z.string() });
const ofResult = z.object({ outcome: z.string(), behindSeconds: z.number() });

function partsOf(functionName: string): { name: string; work: 'collect' | 'reconcile' } {
  const [, name = '', work] = /^duo-(.+)-bench-(collect|reconcile)$/.exec(functionName) ?? [];
  return { name, work: z.enum(['collect', 'reconcile']).parse(work) };
}

function emptyUsage(): Usage {
  return {
    runs: 0,
    cold: 0,
    failed: 0,
    wall: 0,
    cpu: 0,
    get: 0,
    put: 0,
    list: 0,
    parameters: 0,
    'parameters-by-path': 0,
    invoke: 0,
    decrypted: 0,
    duo: 0,
  };
}

/** Counts what happens within each span of so many ms, and says what the most was. */
function counter(span: number) {
  const counts = new Map<number, number>();
  return {
    count(at: number): void {
      const place = Math.floor(at / span);
      counts.set(place, (counts.get(place) ?? 0) + 1);
    },
    most: () => Math.max(0, ...counts.values()),
  };
}
