import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { type Clock, expiry, systemClock } from '../clock';
import type { Span } from '../delivery/checkpoint';
import { collect, type Outcome } from '../delivery/collect';
import { emptyReport, type RunReport } from '../delivery/run-report';
import { attemptTimeout, type CredentialsProvider, createDuoClient } from '../duo/duo-client';
import { CredentialsError, UnauthorizedError } from '../errors';
import type { LogType } from '../log-type';
import { createDirectoryStore } from '../store/directory-store';
import { createS3Store } from '../store/s3-store';
import type { Store } from '../store/store';
import { type Config, readConfig } from './config';
import { environmentCredentials, ssmCredentials } from './credentials';
import { readEvent } from './event';
import { addRunMetrics } from './metrics';

/**
 * What a run returns and logs last. `behindSeconds` is now minus the watermark; `lateSeconds` says how long after its own time,
 * at most, the latest record was published that was found behind the watermark; `leftOut` records Duo has shown and nobody
 * stores, which should be none.
 */
export interface RunResult {
  readonly logType: string;
  readonly outcome: Outcome;
  readonly records: number;
  readonly duplicates: number;
  readonly pages: number;
  readonly objects: number;
  readonly leftOut: number;
  readonly behindSeconds: number;
  readonly lateSeconds: number;
}

/** The part of Lambda's context that a run needs. */
export interface RunContext {
  getRemainingTimeInMillis(): number;
}

/** What a test replaces: the other side, never the collector's own parts. */
export interface Surroundings {
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/**
 * The Lambda handler of a log type. It alone reads the environment and makes clients; both happen at the first
 * invocation and are kept while the function stays warm. A run that fails throws, so that Lambda counts it.
 */
export function createHandler(logType: LogType, surroundings: Surroundings = {}) {
  const { env = process.env, clock = systemClock, random = Math.random } = surroundings;
  const serviceName = env.POWERTOOLS_SERVICE_NAME || logType.name;
  const logger = new Logger({ serviceName });
  const metrics = new Metrics({ serviceName, namespace: env.POWERTOOLS_METRICS_NAMESPACE || 'DuoLogs' });
  let prepared: Prepared | undefined;

  return async (event: unknown, context: RunContext): Promise<RunResult> => {
    const started = clock.now();
    const report = emptyReport();
    const { deadline, cutoff, end } = times(started, context.getRemainingTimeInMillis());
    const ending = expiry(clock, end - started);
    let backfill: Span | null | undefined;
    try {
      prepared ??= prepare(env, clock);
      const { config, credentials, openStore } = prepared;
      backfill = readEvent(event, started);
      const outcome = await collect({
        logType,
        duo: createDuoClient({ credentials, clock, apiUrl: config.apiUrl }),
        store: openStore(ending.signal),
        clock,
        random,
        renewCredentials: async () => credentials.renew(),
        lookback: config.lookback,
        backfill,
        overlap: Math.max(config.overlap, (logType.overlapSeconds ?? 0) * 1000),
        maxPages: config.maxPages,
        deadline,
        cutoff,
        run: randomUUID(),
        log: logger,
        report,
      }).catch((error: unknown) => {
        throw error instanceof UnauthorizedError ? unauthorized(error, credentials, clock.now()) : error;
      });
      const result: RunResult = {
        logType: logType.name,
        outcome,
        records: report.records,
        duplicates: report.duplicates,
        pages: report.pages,
        objects: report.objects,
        leftOut: report.leftOut,
        behindSeconds: behind(report, backfill, clock.now()) ?? 0,
        lateSeconds: Math.ceil(report.late / 1000),
      };
      publish();
      logger.info('run ended', { ...result });
      return result;
    } catch (error) {
      publish();
      throw error;
    } finally {
      ending.cancel();
    }

    function publish(): void {
      // A backfill lies behind on purpose: it must not set off the alarm of the live log.
      addRunMetrics(metrics, report, backfill === null ? behind(report, null, clock.now()) : null);
      metrics.publishStoredMetrics();
    }
  };
}

/** What is made once and kept while the function stays warm. */
interface Prepared {
  readonly config: Config;
  readonly credentials: CredentialsProvider;
  readonly openStore: (signal: AbortSignal) => Store;
}

function prepare(env: NodeJS.ProcessEnv, clock: Clock): Prepared {
  const config = readConfig(env);
  return { config, credentials: credentialsOf(config, env, clock), openStore: storeOf(config) };
}

function credentialsOf({ credentials }: Config, env: NodeJS.ProcessEnv, clock: Clock): CredentialsProvider {
  if (credentials.kind === 'environment') return environmentCredentials(env);
  return ssmCredentials(
    new SSMClient({ maxAttempts: 4, requestHandler: awsTimeouts }),
    credentials.path,
    clock,
  );
}

function storeOf({ store, kmsKeyArn }: Config): Prepared['openStore'] {
  if (store.kind === 'directory') return () => createDirectoryStore(store.path);
  const client = new S3Client({ maxAttempts: 4, requestHandler: awsTimeouts });
  return (signal) => createS3Store(client, { ...store, kmsKeyArn }, signal);
}

/** In ms; by default the SDK waits for ever. */
const awsTimeouts = { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true };

/** A second before Lambda ends the run, everything has ended by itself and can say why. */
function times(now: number, remaining: number) {
  const end = now + remaining - Math.min(1_000, remaining / 8);
  const cutoff = end - Math.min(15_000, remaining / 4);
  const deadline = cutoff - Math.min(attemptTimeout, remaining / 4);
  return { deadline, cutoff, end };
}

function behind({ watermark }: RunReport, backfill: Span | null, now: number): number | null {
  if (watermark === null) return null;
  return Math.max(0, Math.round((Math.min(now, backfill?.until ?? now) - watermark) / 1000));
}

function unauthorized(
  error: UnauthorizedError,
  { source }: CredentialsProvider,
  now: number,
): CredentialsError {
  return new CredentialsError(
    `${error.message}: check ${source} against the Admin API application in the Duo Admin Panel, and this clock, which says ${new Date(now).toISOString()}`,
  );
}
