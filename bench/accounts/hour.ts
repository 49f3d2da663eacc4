import { createStarter } from 'duo-accounts';
import { publishingDelay, recordsIn } from 'duo-core';
import { createSimulator, fakeClock, findLog, noon, reconcile, seededRandom } from 'duo-simulator';
import * as z from 'zod/mini';
import { latency } from '../parts/waiting';
import { startAws } from './aws';
import { counter } from './counter';
import { customersOf, type Mixture, parametersOf } from './customers';
import { makeInstance, partsOf, stage } from './functions';
import { createLambda, type Ran } from './lambda';
import { emptyUsage, type Hour, type LogOutcome, type Usage } from './outcome';
import { logNames, publish } from './publish';

/** How a stage is simulated. */
export interface HourOptions extends Mixture {
  /** How many runs Lambda has at once. */
  readonly concurrency: number;
  /** @default 60 */
  readonly minutes?: number;
  /** Of the records that Duo has otherwise. @default 1 */
  readonly scale?: number;
}

const minute = 60_000;
const path = `/duo/${stage}`;
const bucket = 'bench';

/** Rounds before the hour, in which each account has its first turn, and all the instances are made that are needed. */
const warm = 5;

/** Rounds after the hour, in which the rest of its records is brought in; and those of Duo's delay. */
const rest = 5 + publishingDelay / minute + 1;

/**
 * Simulates an hour of a stage with many accounts: the starter decides every minute who runs, the real handlers of four logs run,
 * against the simulator, an S3, an SSM and a Lambda on the loopback, and by a clock of their own. The variables of this process by which
 * the SDK finds AWS are set until it ends.
 */
export async function simulateHour({
  concurrency,
  minutes = 60,
  scale = 1,
  ...mixture
}: HourOptions): Promise<Hour> {
  const precise = fakeClock(noon);
  // Waits are random, to fractions of a millisecond; no machine's clock shows those.
  const clock = { ...precise, now: () => Math.floor(precise.now()) };
  const end = noon + (warm + minutes) * minute;
  // The first runs, within five minutes, look an hour back.
  const from = noon - 54 * minute;
  const customers = customersOf(mixture);
  const logs = await Promise.all(logNames.map((name) => findLog(name)));
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
  publish(customers, logs, simulator, { from, to: end, scale });
  const aws = await startAws({
    parameters: parametersOf(customers, path),
    now: clock.now,
    asked(request, decrypted) {
      if (request === 'parameters') busiest.parameters.count(clock.now());
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
  const lambda = createLambda(clock, concurrency, seededRandom(2), (functionName) =>
    makeInstance(functionName, logs, { env, clock }),
  );
  const start = createStarter({ env, clock });
  const behind = new Map<string, { watermark: number; worst: number }>();
  const bad = new Set(customers.filter(({ kind }) => kind !== 'healthy').map(({ setup }) => setup.name));
  let wellOfBad = 0;

  try {
    for (let n = 0; n < warm + minutes + rest; n++) {
      const at = noon + n * minute;
      clock.advance(at - clock.now());
      current = null;
      await start({ at: new Date(at).toISOString() }, { getRemainingTimeInMillis: () => 55_000 });
      const isCounted = n >= warm && n < warm + minutes;
      await runAll(isCounted ? usage : { collect: emptyUsage(), reconcile: emptyUsage() });
    }
    clock.advance(end + rest * minute - clock.now());
    return {
      minutes,
      published: end - from,
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
      // All that were ever made, whatever round it was.
      usage[work].cold += Number(ran.cold);
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

const ofAccount = z.object({ account: z.string() });
const ofResult = z.object({ outcome: z.string(), behindSeconds: z.number() });
