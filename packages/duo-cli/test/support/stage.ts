import { createWorld } from 'duo-contract/world';
import { createReconcileHandler, type LogType, type Receipt, recordsIn } from 'duo-core';
import { findLog, reconcile, seededRandom } from 'duo-simulator';
import { startAws } from './aws';
import { duo, type Typed } from './operator';

/**
 * The stage `prod`: a Duo, an AWS with a bucket and the functions of one log, and a clock that all follow. `limit` is how many
 * records are on a page, if not as many as at Duo.
 */
export async function createStage(name = 'telephony', env: NodeJS.ProcessEnv = {}, limit?: number) {
  const found = await findLog(name);
  const { paging } = found.logType;
  const logType: LogType = { ...found.logType, paging: { ...paging, limit: limit ?? paging.limit } };
  // Where a log has pages of one size, it is Duo that has others.
  const shown = paging.style === 'time' ? logType : found.logType;
  const world = await createWorld([{ logType: shown }], 's3://logs-of-prod');
  const { clock, simulator } = world;
  const log = simulator.log(name);
  const aws = await startAws();
  aws.exports.set('duo-storage-prod-BucketName', 'logs-of-prod');
  Object.assign(process.env, aws.env);
  const collect = world.coldStart(logType, env);
  aws.schedules.set(`duo-${name}-prod-reconcile`, {
    State: 'ENABLED',
    ScheduleExpression: 'rate(15 minutes)',
  });
  const reconcileHandler = createReconcileHandler(logType, {
    env: { STORE_URL: world.store, ...world.env, ...env },
    clock,
    random: seededRandom(1),
  });

  return {
    aws,
    logType,
    clock,
    simulator,
    log,
    /** A run of the function, as the schedule starts it. */
    collect,
    /** A run of the function that reconciles, as its schedule starts it. */
    runReconcile: () => reconcileHandler({}, { getRemainingTimeInMillis: () => 840_000 }),
    add: (count: number, from: number, to: number, more: { burst?: number; startIndex?: number } = {}) =>
      world.publish({ ...found, logType }, { count, from, to, ...more }),
    duo: (command: string | readonly string[], typed: Typed = {}) =>
      duo(command, { clock, env: { ...aws.env, ...world.env }, ...typed }),
    delivered,
    reconciled: () => reconcile(log.published(), delivered()),
    /** The parsed object at a key of the bucket. */
    state: (key: string): unknown => JSON.parse(aws.objects.get(`logs-of-prod/${key}`) ?? 'null'),
    receipts: (): Receipt[] =>
      [...aws.objects]
        .filter(([key]) => key.startsWith('logs-of-prod/receipts/'))
        .map(([, body]) => JSON.parse(body)),
    async close() {
      await world.close();
      aws.close();
    },
  };

  function delivered(): string[] {
    return [...aws.objects]
      .filter(([key]) => key.startsWith(`logs-of-prod/logs/${name}/`))
      .flatMap(([, body]) => recordsIn(Buffer.from(body, 'latin1')));
  }
}
