import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { type Clock, expiry, systemClock } from '../clock';
import { attemptTimeout, type CredentialsProvider, createDuoClient } from '../duo/duo-client';
import type { PagesContext } from '../duo/pages';
import { CredentialsError, UnauthorizedError } from '../errors';
import { mostHeld } from '../limits';
import type { LogType } from '../log-type';
import type { Logger as RunLogger } from '../logger';
import type { Onlooker } from '../onlooker';
import { printable } from '../printable';
import { createDirectoryStore } from '../store/directory-store';
import { createS3Store } from '../store/s3-store';
import type { Store } from '../store/store';
import { type Config, readConfig } from './config';
import { environmentCredentials, ssmCredentials } from './credentials';
import { checkEvent } from './event';

/** The part of Lambda's context that a run needs. */
export interface RunContext {
  getRemainingTimeInMillis(): number;
}

/** What a test replaces, the other side, never the collector's own parts; and who is told of a run that a person has started. */
export interface Surroundings {
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  readonly random?: () => number;
  /** @default lines of JSON on standard output, for CloudWatch Logs */
  readonly log?: RunLogger;
  readonly onlooker?: Onlooker;
}

/** What an invocation hands to what it runs. Times and durations in ms. */
export interface Invocation<Report> extends Omit<PagesContext, 'report' | 'waitsWhenThrottled'> {
  readonly store: Store;
  readonly config: Config;
  readonly mostHeld: number;
  readonly deadline: number;
  readonly run: string;
  readonly report: Report;
}

/** What a function does, and what it tells of it. */
export interface Work<Report, Result extends object> {
  /** A report of nothing yet. */
  report(): Report;
  run(invocation: Invocation<Report>): Promise<Result>;
  /** Adds the figures of a run, also of one that failed (`now` in ms). */
  addMetrics(metrics: Metrics, report: Report, now: number): void;
}

/**
 * A Lambda handler. Here alone the environment is read and clients are made; both happen at the first invocation and are kept
 * while the function stays warm. A run that fails throws, so that Lambda counts it.
 */
export function createInvocation<Report, Result extends object>(
  logType: LogType,
  work: Work<Report, Result>,
  { env = process.env, clock = systemClock, random = Math.random, log, onlooker }: Surroundings,
): (event: unknown, context: RunContext) => Promise<Result> {
  const serviceName = env.POWERTOOLS_SERVICE_NAME || logType.name;
  const logger =
    log ??
    new Logger({
      serviceName,
      jsonReplacerFn: (_key: string, value: unknown) =>
        typeof value === 'string' ? printable(value) : value,
    });
  const metrics = new Metrics({ serviceName, namespace: env.POWERTOOLS_METRICS_NAMESPACE || 'DuoLogs' });
  let prepared: Prepared | undefined;

  return async (event, context) => {
    const started = clock.now();
    const report = work.report();
    const { deadline, cutoff, end } = times(started, context.getRemainingTimeInMillis());
    const ending = expiry(clock, end - started);
    const publish = () => {
      work.addMetrics(metrics, report, clock.now());
      // Powertools warns where there is nothing to publish, as after most reconciliations.
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    };
    try {
      prepared ??= prepare(env, clock);
      const { config, credentials, openStore } = prepared;
      checkEvent(event);
      const running = work.run({
        logType,
        duo: createDuoClient({ credentials, clock, apiUrl: config.apiUrl }),
        store: openStore(ending.signal),
        clock,
        random,
        renewCredentials: async () => credentials.renew(),
        config,
        mostHeld,
        deadline,
        cutoff,
        run: randomUUID(),
        log: logger,
        onlooker,
        report,
      });
      const result = await running.catch((error: unknown) => {
        throw error instanceof UnauthorizedError ? unauthorized(error, credentials, clock.now()) : error;
      });
      publish();
      logger.info('run ended', Object.fromEntries(Object.entries(result)));
      return result;
    } catch (error) {
      publish();
      throw printableError(error);
    } finally {
      ending.cancel();
    }
  };
}

/** The same error with printable texts: Lambda logs what a run throws by itself, past the logger. */
function printableError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { message, stack } = error;
  // Some of Node's own take no other message.
  if (printable(message) !== message) error.message = printable(message);
  if (stack !== undefined && printable(stack) !== stack) error.stack = printable(stack);
  return error;
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

function unauthorized(
  error: UnauthorizedError,
  { source }: CredentialsProvider,
  now: number,
): CredentialsError {
  return new CredentialsError(
    `${error.message}: compare ${source} with the Admin API application in the Duo Admin Panel, and check this clock, which says ${new Date(now).toISOString()}`,
  );
}
