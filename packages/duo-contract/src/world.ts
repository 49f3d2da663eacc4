import {
  createHandler,
  createReconcileHandler,
  type LogType,
  type ReconcileResult,
  type RunContext,
  type RunResult,
} from 'duo-core';
import {
  type AccountSetup,
  createSimulator,
  type FoundLog,
  fakeClock,
  type GenerateOptions,
  generate,
  type LogSetup,
  noon,
  simulatorEnvironment,
} from 'duo-simulator';

/** Starts a run with an event, the schedule's unless told otherwise. */
export type Run<Result = RunResult> = (event?: unknown) => Promise<Result>;

/** How long a run of either function has, in ms. */
const lifetimes = { collect: 280_000, reconcile: 840_000 };

/** See `createWorld`. */
export type World = Awaited<ReturnType<typeof createWorld>>;

/**
 * A handler's surroundings: a simulated Duo with some logs, a store by its URL, and a clock that all follow, which stands at
 * `noon` and only moves when told. The collector prints and measures nothing from then on. `accounts` are those that an event
 * can name.
 */
export async function createWorld(
  logs: readonly LogSetup[],
  store: string,
  accounts: readonly AccountSetup[] = [],
) {
  Object.assign(process.env, { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' });
  const clock = fakeClock(noon);
  const simulator = createSimulator({ logs, accounts, now: clock.now });
  const apiUrl = await simulator.listen();
  const env = simulatorEnvironment(apiUrl, accounts);
  const close = () => simulator.close();
  return { clock, simulator, apiUrl, env, store, coldStart, coldReconcile, publish, close };

  /** A function that collects a log and has never run, with 280 seconds to live for each run. */
  function coldStart(logType: LogType, settings: NodeJS.ProcessEnv = {}): Run {
    return started(createHandler(logType, surroundings(settings)), lifetimes.collect);
  }

  /** A function that reconciles the days of a log and has never run, with 840 seconds to live for each run. */
  function coldReconcile(logType: LogType, settings: NodeJS.ProcessEnv = {}): Run<ReconcileResult> {
    return started(createReconcileHandler(logType, surroundings(settings)), lifetimes.reconcile);
  }

  function surroundings(settings: NodeJS.ProcessEnv) {
    return { env: { STORE_URL: store, ...env, ...settings }, clock, random: () => 0.5 };
  }

  function started<Result>(
    handler: (event: unknown, context: RunContext) => Promise<Result>,
    lifetime: number,
  ): Run<Result> {
    return (event = {}) => {
      const end = clock.now() + lifetime;
      return handler(event, { getRemainingTimeInMillis: () => end - clock.now() });
    };
  }

  /** Adds records like the log's samples to what Duo has. */
  function publish(
    { logType, samples }: FoundLog,
    what: Omit<GenerateOptions, keyof FoundLog | 'seed'>,
  ): void {
    simulator.log(logType.name).addAll(generate({ logType, samples, seed: 1, ...what }));
  }
}

/** Runs as the schedule would, five minutes apart, until one has caught up. Rejects if a run fails, or if 50 did not. */
export async function runUntilCaughtUp(
  { clock }: Pick<World, 'clock'>,
  run: () => Promise<RunResult>,
): Promise<RunResult> {
  for (let runs = 0; runs < 50; runs++) {
    const result = await run();
    if (result.outcome === 'caught-up') return result;
    clock.advance(5 * 60_000);
  }
  throw new Error('50 runs did not catch up');
}
