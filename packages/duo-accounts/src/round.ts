import { setMaxListeners } from 'node:events';
import { Logger } from '@aws-lambda-powertools/logger';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SSMClient } from '@aws-sdk/client-ssm';
import {
  atMost,
  attemptTimeout,
  awsTimeouts,
  type Clock,
  ConfigError,
  expiry,
  openStore,
  printable,
  readConfig,
  type Store,
  systemClock,
} from 'duo-core';
import * as z from 'zod/mini';
import { type Children, createChildren } from './children';
import { invoke } from './invoke';
import { type KnownAccount, knownAccounts } from './known-accounts';
import { type Standing, standingOf } from './look-after';
import { publishStandings, tellStandings } from './standings';
import { isTurn } from './turn';

/** What a round returns and logs last. */
export interface RoundResult {
  readonly accounts: number;
  /** Those whose turn it was. */
  readonly turns: number;
  readonly started: number;
  readonly failures: number;
}

/** What a test replaces: the other side, never the starter's own parts. */
export interface Surroundings {
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  readonly lambda?: LambdaClient;
  readonly ssm?: SSMClient;
  readonly store?: Store;
}

/** In how many minutes each account's turn comes once, by what the function does. */
const minutes = { collect: 5, reconcile: 15 } as const;

/** How many requests may be under way at once. */
const width = 50;

const more = z.object({
  STAGE: z.string().check(z.minLength(1)),
  LOG_TYPES: z.string().check(z.minLength(1)),
});

/** The minute that EventBridge Scheduler has meant, which is not always the one in which it comes. */
const scheduled = z.object({ at: z.iso.datetime() });

/**
 * The handler that starts, every minute, the runs of those accounts whose turn it is, and says how they stand. Nothing that is
 * wrong with one account keeps another one from being started; what Lambda did not take is thrown at the end, and the next round
 * tries again.
 */
export function createStarter({ env = process.env, clock = systemClock, ...given }: Surroundings = {}) {
  const serviceName = env.POWERTOOLS_SERVICE_NAME || 'accounts';
  const logger = new Logger({
    serviceName,
    jsonReplacerFn: (_key: string, value: unknown) => (typeof value === 'string' ? printable(value) : value),
  });
  const lambda = given.lambda ?? new LambdaClient({ maxAttempts: 4, requestHandler: awsTimeouts });
  const ssm = given.ssm ?? new SSMClient({ maxAttempts: 4, requestHandler: awsTimeouts });
  let prepared: ReturnType<typeof prepare> | undefined;

  return async (event: unknown, context: { getRemainingTimeInMillis(): number }): Promise<RoundResult> => {
    const ending = expiry(clock, context.getRemainingTimeInMillis() - 1_000);
    // Each request under way listens to it; Node.js warns of more than ten, as of a leak.
    setMaxListeners(2 * width, ending.signal);
    try {
      prepared ??= prepare();
      const { path, stage, logTypes, open, compareChildren } = prepared;
      const at = momentOf(event, clock.now());
      const accounts = await knownAccounts(ssm, path, ending.signal);
      const round = await start(accounts, logTypes, stage, at, ending.signal);
      const store = given.store ?? open(ending.signal);
      const standings = await lookAfter(accounts, round.deployed, at, store);
      publishStandings(standings, { serviceName, namespace: env.POWERTOOLS_METRICS_NAMESPACE || 'DuoLogs' });
      tellStandings(standings, logger);
      // What Duo says of the parent's children is worth a line, and no reason to fail.
      await compareChildren(accounts, clock.now() + attemptTimeout).then(tellChildren, (error: unknown) =>
        logger.error(
          `the parent's children are not known: ${error instanceof Error ? error.message : error}`,
        ),
      );
      const { turns, started, problems } = round;
      const result = { accounts: accounts.length, turns, started, failures: problems.length };
      logger.info('round ended', { ...result });
      for (const problem of problems) logger.error(problem);
      if (problems.length > 0)
        throw new Error(`${problems.length} functions were not started: ${problems[0]}`);
      return result;
    } finally {
      ending.cancel();
    }
  };

  function prepare() {
    const { credentials, apiUrl, ...config } = readConfig(env);
    const { STAGE: stage, LOG_TYPES: names } = readMore(env);
    if (credentials.kind !== 'ssm') throw new ConfigError('DUO_CREDENTIALS must be ssm:/path');
    const { path } = credentials;
    const compareChildren = createChildren({ ssm, path, clock, apiUrl });
    return { path, stage, logTypes: names.split(','), open: openStore(config), compareChildren };
  }

  function tellChildren(children: Children | null): void {
    if (children === null) return;
    const { uncollected, strangers } = children;
    if (uncollected.length > 0)
      logger.warn(
        `of the parent account's children, ${uncollected.length} ${uncollected.length === 1 ? 'is' : 'are'} not collected`,
        {
          children: uncollected.slice(0, 50).map(({ accountId, name }) => `${accountId} ${name}`),
        },
      );
    for (const { name, accountId } of strangers)
      logger.error(`${name} is no child of the parent account any more: there is no ${accountId}`, {
        account: name,
      });
  }

  async function start(
    accounts: readonly KnownAccount[],
    logTypes: readonly string[],
    stage: string,
    at: number,
    signal: AbortSignal,
  ) {
    const missing = new Set<string>();
    const problems: string[] = [];
    let started = 0;
    const wanted = (['collect', 'reconcile'] as const).flatMap((work) =>
      accounts
        .filter(({ name }) => isTurn(name, at, minutes[work]))
        .flatMap(({ name }) => logTypes.map((logType) => ({ name, logType, work }))),
    );
    await atMost(width, wanted, async ({ name, logType, work }) => {
      const functionName = `duo-${logType}-${stage}-${work}`;
      if (missing.has(functionName)) return;
      try {
        const invoked = await invoke(lambda, functionName, name, signal);
        if (invoked === 'not-deployed') missing.add(functionName);
        else started += 1;
      } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error));
      }
    });
    const deployed = logTypes.filter((logType) => !missing.has(`duo-${logType}-${stage}-collect`));
    const turns = accounts.filter(({ name }) => isTurn(name, at, minutes.collect)).length;
    return { started, problems, deployed, turns };
  }

  /** How those whose turn it is stand: within five minutes, each account is looked at once. */
  async function lookAfter(
    accounts: readonly KnownAccount[],
    logTypes: readonly string[],
    at: number,
    store: Store,
  ): Promise<Map<string, Standing[]>> {
    const standings = new Map<string, Standing[]>(logTypes.map((logType) => [logType, []]));
    const asked = accounts
      .filter(({ name }) => isTurn(name, at, minutes.collect))
      .flatMap((account) => logTypes.map((logType) => ({ account, logType })));
    await atMost(width, asked, async ({ account, logType }) => {
      standings.get(logType)?.push(await standingOf(store, logType, account, clock.now()));
    });
    return standings;
  }
}

function readMore(env: NodeJS.ProcessEnv): z.infer<typeof more> {
  const { data } = more.safeParse(env);
  if (data !== undefined) return data;
  throw new ConfigError(
    'STAGE and LOG_TYPES must be set: the stage, and the log types with commas in between',
  );
}

function momentOf(event: unknown, now: number): number {
  const { data } = scheduled.safeParse(event);
  return data === undefined ? now : Date.parse(data.at);
}
