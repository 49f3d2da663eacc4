import { join } from 'node:path';
import { createHandler, type LogType, type RunResult, recordsIn } from 'duo-core';
import {
  createSimulator,
  fakeClock,
  findLogs,
  generate,
  reconcile,
  simulatorEnvironment,
} from 'duo-simulator';
import { startAws } from './aws';
import { duo, noon, type Typed } from './operator';

/**
 * The stage `prod`: a Duo, an AWS with a bucket and the function of one log, and a clock that all follow. `limit` is how many
 * records are on a page, if not as many as at Duo.
 */
export async function createStage(name = 'telephony', env: NodeJS.ProcessEnv = {}, limit?: number) {
  const found = (await findLogs(join(__dirname, '../../../../services'))).find(
    ({ logType }) => logType.name === name,
  );
  if (found === undefined) throw new Error(`there is no ${name} log`);
  const { samples } = found;
  const { paging } = found.logType;
  const logType: LogType = { ...found.logType, paging: { ...paging, limit: limit ?? paging.limit } };
  const clock = fakeClock(noon);
  // Where a log has pages of one size, it is Duo that has others.
  const shown = paging.style === 'time' ? logType : found.logType;
  const simulator = createSimulator({ logs: [{ logType: shown }], now: clock.now });
  const apiUrl = await simulator.listen();
  const log = simulator.log(name);
  const aws = await startAws();
  aws.exports.set('duo-storage-prod-BucketName', 'logs-of-prod');
  Object.assign(process.env, aws.env, {
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  const handler = createHandler(logType, {
    env: { STORE_URL: 's3://logs-of-prod', ...simulatorEnvironment(apiUrl), ...env },
    clock,
    random: () => 0.5,
  });
  const collect = (event: unknown): Promise<RunResult> => {
    const end = clock.now() + 280_000;
    return handler(event, { getRemainingTimeInMillis: () => end - clock.now() });
  };
  aws.functions.set(`duo-${name}-prod-collect`, collect);

  return {
    aws,
    logType,
    clock,
    simulator,
    log,
    /** A run of the function, as the schedule starts it. */
    collect,
    add: (count: number, from: number, to: number, more: { burst?: number; startIndex?: number } = {}) =>
      log.addAll(generate({ logType, samples, count, from, to, seed: 1, ...more })),
    duo: (command: string, typed: Typed = {}) =>
      duo(command, { clock, env: { ...aws.env, ...simulatorEnvironment(apiUrl) }, ...typed }),
    delivered,
    reconciled: () => reconcile(log.published(), delivered()),
    /** The parsed object at a key of the bucket. */
    state: (key: string): unknown => JSON.parse(aws.objects.get(`logs-of-prod/${key}`) ?? 'null'),
    async close() {
      await simulator.close();
      aws.close();
    },
  };

  function delivered(): string[] {
    return [...aws.objects]
      .filter(([key]) => key.startsWith(`logs-of-prod/logs/${name}/`))
      .flatMap(([, body]) => recordsIn(Buffer.from(body, 'latin1')));
  }
}
