import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import {
  addLakeMetrics,
  type Clock,
  expiry,
  openStore,
  printable,
  type RunContext,
  type Store,
  systemClock,
} from 'duo-core';
import * as z from 'zod/mini';
import { readLakeConfig } from './config';
import { lakeEvents } from './events';
import type { ToOcsf } from './mapping';
import type { Tables } from './tables';
import { emptyLakeReport, type LakeReport, mostTurned } from './turn';
import { turnAll } from './turn-all';

/** What a run returns and logs last. `more`: time was used up, and the next run goes on. */
export interface LakeResult extends LakeReport {
  readonly outcome: 'turned' | 'more';
}

/** What the lake is made of, and what a test replaces: the other side, never the lake's own parts. */
export interface Surroundings {
  /** The mapping of a log type. */
  readonly mappingOf: (logType: string) => Promise<ToOcsf>;
  readonly tables: Tables;
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly store?: Store;
}

/** The hour that EventBridge Scheduler has meant: which folders are looked at follows from it, also where it comes late. */
const scheduled = z.object({ at: z.iso.datetime() });

/**
 * The handler that turns what is stored into Parquet: see `turnAll`. The environment is read, and clients are made, at the first
 * invocation. A run in which any folder could not be turned throws at its end, so that Lambda counts it.
 */
export function createLake({
  mappingOf,
  tables,
  env = process.env,
  clock = systemClock,
  random = Math.random,
  ...given
}: Surroundings): (event: unknown, context: RunContext) => Promise<LakeResult> {
  const serviceName = env.POWERTOOLS_SERVICE_NAME || 'lake';
  const logger = new Logger({
    serviceName,
    jsonReplacerFn: (_key: string, value: unknown) => (typeof value === 'string' ? printable(value) : value),
  });
  const metrics = new Metrics({ serviceName, namespace: env.POWERTOOLS_METRICS_NAMESPACE || 'DuoLogs' });
  let prepared: ReturnType<typeof prepare> | undefined;

  return async (event, context) => {
    const remaining = context.getRemainingTimeInMillis();
    // A second before Lambda ends the run, everything has ended by itself and can say why.
    const end = remaining - Math.min(1_000, remaining / 8);
    const deadline = clock.now() + end - Math.min(longestTurn, remaining / 4);
    const ending = expiry(clock, end);
    const report = emptyLakeReport();
    try {
      prepared ??= prepare();
      const { logTypes, place, open, eventOf } = await prepared;
      const outcome = await turnAll(
        logTypes,
        momentOf(event, clock.now()),
        {
          store: given.store ?? open(ending.signal),
          clock,
          random,
          eventOf,
          tables,
          place,
          run: randomUUID(),
          mostText: mostTurned,
          deadline,
          report,
        },
        { error: (message, log) => logger.error(message, { ...log }) },
      );
      logger.info('turn ended', { outcome, ...report });
      return { outcome, ...report };
    } finally {
      ending.cancel();
      addLakeMetrics(metrics, report);
      // Powertools warns where there is nothing to publish.
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };

  async function prepare() {
    const { logTypes, place, ...config } = readLakeConfig(env);
    const mappings = new Map<string, ToOcsf>();
    for (const logType of logTypes) mappings.set(logType, await mappingOf(logType));
    return { logTypes, place, open: openStore(config), eventOf: lakeEvents(mappings, tables) };
  }
}

/** How long before its end a run decides nothing more, in ms: what is under way may take a while to be made and put. */
const longestTurn = 60_000;

function momentOf(event: unknown, now: number): number {
  const { data } = scheduled.safeParse(event);
  return data === undefined ? now : Date.parse(data.at);
}
