import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createStarter } from 'duo-accounts';
import { createStoreFolder } from 'duo-contract/store-folder';
import { createWorld } from 'duo-contract/world';
import { createDirectoryStore, readTime, recordsIn } from 'duo-core';
import { createLake, readTables } from 'duo-lake';
import { type AccountSetup, close, type FoundLog, generate, listen, noon, withOddTime } from 'duo-simulator';
import {
  functionName,
  lake as lakeName,
  parameterPath,
  stackName,
  starter,
} from '../../../packages/duo-cli/src/stage/names';
import { mappingOf } from '../../../services/lake/src/mappings';
import tables from '../../../services/lake/tables.json';
import { type LambdaRun, lambdaMetrics } from './aws-metrics';
import { type LoggedLine, type Metric, metricsIn, together } from './metric';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** What is watched: the logs, and how a stage is called. */
interface Watched {
  readonly logs: readonly FoundLog[];
  readonly stage: string;
  /** Those of a stage with accounts. @default none: the stage's own */
  readonly accounts?: readonly AccountSetup[];
  /** Whether there is a lake. @default false */
  readonly lake?: boolean;
}

/** When something goes wrong, in ms after `noon`; it goes wrong for every log, but for what is tampered with. */
const troubles = {
  throttled: [3 * hour, 4 * hour],
  outage: [6.5 * hour, 7.75 * hour],
  odd: 9 * hour,
  late: 8 * hour,
  tampered: 11.5 * hour,
} as const;

/** The day (ms) of which records come late, are doubled and are deleted: it is compared at the midnight after `noon`. */
const comparedDay = Date.parse('2026-02-28T00:00:00Z');

/** The span (ms) in which all of that happens. */
export const span = { since: noon + 2 * hour, until: noon + 14 * hour };

/**
 * A stage with a simulated Duo, whose functions are the real handlers: `metrics` is what CloudWatch has by what they log, and by how
 * their runs end. Duo throttles, fails and publishes late, and somebody copies and deletes records.
 */
export async function createStory({ logs, stage, accounts = [], lake = false }: Watched) {
  const folder = createStoreFolder();
  const world = await createWorld(logs, folder.url, accounts);
  const { clock, simulator } = world;
  // Powertools then prints with the console that can be listened to.
  Object.assign(process.env, { POWERTOOLS_DEV: 'true', POWERTOOLS_METRICS_DISABLED: 'false' });
  const lines: LoggedLine[] = [];
  const runs: LambdaRun[] = [];
  const owners = accounts.length === 0 ? [null] : accounts.map(({ name }) => name);
  const functions = logs.map(({ logType }) => {
    const settings = {
      LOOKBACK_HOURS: '24',
      POWERTOOLS_SERVICE_NAME: stackName(logType.name, stage),
    };
    return {
      name: logType.name,
      collect: world.coldStart(logType, settings),
      reconcile: world.coldReconcile(logType, settings),
    };
  });
  const starting = accounts.length === 0 ? null : await startingOf(accounts);
  const turn = lake ? turning() : null;
  publishAll();

  return {
    /** Where all of it is stored. */
    folder: folder.path,
    /** Collects now and then up to `span.since`, and from there on as the schedules do, so many ms apart. */
    async tell(interval: number): Promise<void> {
      for (let at = noon - 36 * hour; at < span.since; at += 6 * hour) await tick(at, false);
      for (let at = span.since; at < span.until; at += interval) await tick(at, true, interval);
    },
    /** All functions run once more, when nothing has run for so many ms. */
    async pause(ms: number): Promise<void> {
      await tick(clock.now() + ms, false);
    },
    metrics: (): Metric[] => together([...metricsIn(lines), ...runs.flatMap(lambdaMetrics)]),
    async close(): Promise<void> {
      await world.close();
      await starting?.close();
      folder.remove();
    },
  };

  /** One turn of everything. A run's waits move the clock; each begins when its schedule says. */
  async function tick(at: number, reconciles: boolean, interval = 5 * minute): Promise<void> {
    if (reconciles && at - noon >= troubles.tampered && at - noon < troubles.tampered + interval) tamper();
    for (const [n, { name, collect, reconcile }] of functions.entries())
      for (const account of owners) {
        const event = account === null ? {} : { account };
        // Not every log is asked too often.
        if (n % 3 === 0 && isWithin(at, troubles.throttled)) simulator.fail('throttle', { times: 1 });
        // As often as a run asks before it gives up.
        if (isWithin(at, troubles.outage)) simulator.fail('error', { times: 5 });
        await run(functionName(name, stage, 'collect'), at, () => collect(event));
        if (reconciles && at % (15 * minute) === 0)
          await run(functionName(name, stage, 'reconcile'), at, () => reconcile(event));
      }
    if (turn !== null && at % hour === 0) await run(functionName(lakeName, stage, 'turn'), at, turn);
    for (let n = 0; starting !== null && n < 5; n++) {
      const then = at + n * minute;
      await run(functionName(starter, stage, 'start'), then, () => starting.start(then));
    }
  }

  async function run(name: string, at: number, invoke: () => Promise<unknown>): Promise<void> {
    clock.advance(at - clock.now());
    const began = performance.now();
    const { log } = console;
    console.log = (text: unknown) => void lines.push({ at, text: String(text) });
    const failed = await invoke().then(
      () => false,
      () => true,
    );
    console.log = log;
    runs.push({ functionName: name, at, duration: clock.now() - at + performance.now() - began, failed });
  }

  /** The starter, which asks an SSM and a Lambda on the loopback: the invocations that it starts are those of `tick`. */
  async function startingOf(of: readonly AccountSetup[]) {
    const server = createServer((request, response) => {
      const isSsm = request.headers['x-amz-target'] !== undefined;
      const path = parameterPath(stage);
      const Parameters = of.flatMap(({ name }) =>
        ['ikey', 'skey', 'api-host'].map((part) => ({
          Name: `${path}/accounts/${name}/${part}`,
          LastModifiedDate: (noon - 30 * day) / 1000,
        })),
      );
      request.resume().on('end', () => {
        response.writeHead(isSsm ? 200 : 202, { 'Content-Type': 'application/x-amz-json-1.1' });
        response.end(isSsm ? JSON.stringify({ Parameters }) : '');
      });
    });
    const aws = {
      AWS_ENDPOINT_URL: await listen(server),
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'made-up',
      AWS_SECRET_ACCESS_KEY: 'made-up',
    };
    Object.assign(process.env, aws);
    const env = {
      STORE_URL: 's3://example',
      DUO_CREDENTIALS: `ssm:${parameterPath(stage)}`,
      STAGE: stage,
      LOG_TYPES: logs.map(({ logType }) => logType.name).join(','),
      POWERTOOLS_SERVICE_NAME: stackName(starter, stage),
      POWERTOOLS_LOG_LEVEL: 'SILENT',
    };
    const round = createStarter({ env, clock, store: createDirectoryStore(folder.path) });
    const context = { getRemainingTimeInMillis: () => 55_000 };
    return {
      start: (at: number) => round({ at: new Date(at).toISOString() }, context),
      close: () => close(server),
    };
  }

  /** The lake's function, with the mappings of the logs. */
  function turning() {
    const names = logs.map(({ logType }) => logType.name).join(',');
    const env = {
      STORE_URL: folder.url,
      LOG_TYPES: names,
      MAPPED_LOG_TYPES: names,
      LAKE_REGION: 'eu-west-1',
      LAKE_ACCOUNT: '123456789012',
      POWERTOOLS_SERVICE_NAME: stackName(lakeName, stage),
      POWERTOOLS_LOG_LEVEL: 'SILENT',
    };
    const handler = createLake({ mappingOf: mappingOf(env), tables: readTables(tables), env, clock });
    return () => handler({}, { getRemainingTimeInMillis: () => 840_000 });
  }

  /** Three days of records, more by day than by night, and what is wrong with some. */
  function publishAll(): void {
    for (const [n, { logType, samples }] of logs.entries())
      for (const [m, account] of owners.entries()) {
        const log = simulator.log(logType.name, account ?? undefined);
        const made = (count: number, from: number, to: number, startIndex: number) =>
          generate({ logType, samples, count, from, to, seed: n + 1, startIndex });
        for (let at = noon - 3 * day; at < span.until; at += hour) {
          const busy = 1 - Math.cos(((new Date(at).getUTCHours() - 3) / 12) * Math.PI);
          const most = at < span.until - day ? 12 : 260 / (1 + n + m);
          const count = 2 + Math.round(most * busy);
          log.addAll(made(count, at, at + hour - 1, ((at - noon) / hour + 100) * 10_000));
        }
        const late = made(9 + n, comparedDay + 9 * hour, comparedDay + 11 * hour, 9_000_000);
        for (const text of late) log.add(text, { publishedAt: noon + troubles.late });
        // Six are odd in every way there is; what the lake can say of a record is one of them.
        const odd = made(lake ? 6 : 2 + n, noon + troubles.odd, noon + troubles.odd + hour, 9_100_000);
        for (const [k, text] of odd.entries()) {
          const filedAt = noon + troubles.odd + k * 2 * minute;
          log.add(withOddTime(text, logType, filedAt, k), { filedAt });
        }
        const astray = made(2, comparedDay + 9 * hour, comparedDay + 10 * hour, 9_200_000);
        for (const [k, text] of astray.entries()) {
          const filedAt = comparedDay + 9 * hour + k;
          log.add(withOddTime(text, logType, filedAt, 100 + k), {
            filedAt,
            publishedAt: noon + troubles.late,
          });
        }
      }
  }

  /** Some records of the compared day are stored twice of the first log, and deleted of the second. */
  function tamper(): void {
    const stored = readdirSync(join(folder.path, 'logs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ndjson.gz'))
      .sort();
    const write = (name: string, lines: readonly string[]) =>
      writeFileSync(join(folder.path, 'logs', name), gzipSync(lines.map((line) => `${line}\n`).join('')));
    const read = (name: string) => recordsIn(readFileSync(join(folder.path, 'logs', name)));
    const inDay = (text: string, log: FoundLog | undefined) => {
      const time = log === undefined ? null : readTime(JSON.parse(text), log.logType.time, clock.now());
      return time !== null && time >= comparedDay && time < comparedDay + day;
    };
    const of = (log: FoundLog | undefined) =>
      stored.find(
        (name) => name.startsWith(`${log?.logType.name}/`) && read(name).some((text) => inDay(text, log)),
      ) ?? '';
    const [copied, cut] = [of(logs[0]), of(logs[1])];
    if (lake) {
      // Of a window that no day is near, so that the lake alone reads it.
      const damaged = `${logs[0]?.logType.name}/2026/03/01/0-1-000001-${'0'.repeat(32)}.ndjson.gz`;
      writeFileSync(join(folder.path, 'logs', damaged), 'garbage');
    }
    const copies = read(copied)
      .filter((text) => inDay(text, logs[0]))
      .slice(0, 3);
    const digest = createHash('sha256').update(copies.join('\n')).digest('hex').slice(0, 32);
    write(copied.replace(/\d{6,}-[\da-f]{32}/, `000999-${digest}`), copies);
    const whole = read(cut);
    const gone = new Set(whole.filter((text) => inDay(text, logs[1])).slice(0, 5));
    write(
      cut,
      whole.filter((text) => !gone.has(text)),
    );
  }
}

function isWithin(at: number, [since, until]: readonly [number, number]): boolean {
  return at - noon >= since && at - noon < until;
}
