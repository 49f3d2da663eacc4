import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { OfLog } from '../account-log';
import { type Clock, expiry, systemClock } from '../clock';
import { attemptTimeout, type CredentialsProvider, createDuoClient } from '../duo/duo-client';
import type { PagesContext } from '../duo/pages';
import { CredentialsError, UnauthorizedError } from '../errors';
import { mostHeld } from '../limits';
import type { LogType } from '../log-type';
import type { Logger as RunLogger } from '../logger';
import type { Onlooker } from '../onlooker';
import { printable } from '../printable';
import type { Store } from '../store/store';
import { type Config, readConfig } from './config';
import { environmentCredentials } from './credentials/environment-credentials';
import { ssmCredentials } from './credentials/ssm-credentials';
import { readEvent } from './event';
import { awsTimeouts, openStore } from './open-store';

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
export interface Invocation<Report>
  extends Omit<PagesContext, 'report' | 'waitsWhenThrottled'>,
    Pick<OfLog, 'account'> {
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
  const logger = new Logger({
    serviceName,
    jsonReplacerFn: (_key: string, value: unknown) => (typeof value === 'string' ? printable(value) : value),
  });
  const logOf = (account: string | undefined): RunLogger =>
    log ?? (account === undefined ? logger : logger.createChild({ persistentKeys: { account } }));
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
    let account: string | undefined;
    try {
      prepared ??= prepare(env, clock);
      const { config, credentialsOf, openStore } = prepared;
      account = readEvent(event).account;
      const credentials = credentialsOf(account);
      const told = logOf(account);
      const running = work.run({
        logType,
        account,
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
        log: told,
        onlooker,
        report,
      });
      const result = await running.catch((error: unknown) => {
        throw error instanceof UnauthorizedError ? unauthorized(error, credentials, clock.now()) : error;
      });
      publish();
      told.info('run ended', Object.fromEntries(Object.entries(result)));
      return result;
    } catch (error) {
      publish();
      throw printableError(error, account);
    } finally {
      ending.cancel();
    }
  };
}

/** The same error with printable texts: Lambda logs what a run throws by itself, past the logger. */
function printableError(error: unknown, account: string | undefined): unknown {
  if (!(error instanceof Error)) return error;
  const { stack } = error;
  const message = account === undefined ? error.message : `account ${account}: ${error.message}`;
  // Some of Node's own take no other message.
  if (printable(message) !== error.message) error.message = printable(message);
  if (stack !== undefined && printable(stack) !== stack) error.stack = printable(stack);
  return error;
}

/** What is made once and kept while the function stays warm. */
interface Prepared {
  readonly config: Config;
  /** Those of an account, or of the stage; each is made once. */
  readonly credentialsOf: (account: string | undefined) => CredentialsProvider;
  readonly openStore: (signal: AbortSignal) => Store;
}

function prepare(env: NodeJS.ProcessEnv, clock: Clock): Prepared {
  const config = readConfig(env);
  return { config, credentialsOf: credentialsBy(config, env, clock), openStore: openStore(config) };
}

function credentialsBy(
  { credentials }: Config,
  env: NodeJS.ProcessEnv,
  clock: Clock,
): Prepared['credentialsOf'] {
  const made = new Map<string | undefined, CredentialsProvider>();
  const make = makerOf(credentials, env, clock);
  return (account) => {
    const one = made.get(account) ?? make(account);
    made.set(account, one);
    return one;
  };
}

function makerOf(
  credentials: Config['credentials'],
  env: NodeJS.ProcessEnv,
  clock: Clock,
): Prepared['credentialsOf'] {
  if (credentials.kind === 'environment') return (account) => environmentCredentials(env, account);
  const client = new SSMClient({ maxAttempts: 4, requestHandler: awsTimeouts });
  return (account) => ssmCredentials(client, credentials.path, clock, account);
}

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
