import { asArguments, type Checkpoint, claim, type LogType, loadCheckpoint } from 'duo-core';
import { command } from '../../../operator/command';
import { durationText, minuteText, plural } from '../../../operator/words';
import { regionOf } from '../../../stage/aws';
import { scheduleName, starter } from '../../../stage/names';
import { type Schedule, scheduleOf } from '../../../stage/schedule';
import { logsCommand } from '../../../stage/watch/logs-command';
import { partsOf } from '../../../stage/watch/parts';
import { isByOperator } from '../../../state/by-operator';
import { goneCheckpoint } from '../../../state/gone-checkpoint';
import { countedToday, createLastDay } from '../../../store/last-day';
import { logOf, type Target } from '../../../store/target';
import { type Check, check, Unknown } from '../check';
import { checkAlarms } from './alarms';
import { checkDays } from './days';
import { checkDeadLetters } from './dead-letters';
import { checkLastError } from './last-error';
import { checkDoubled, checkNewest, oddText } from './newest';
import { checkRetirement } from './retirement';
import { checkToday } from './today';

const hour = 3_600_000;

/** What is known of a log before it is looked at. */
interface Known {
  /** The API host of the credentials; null if there are none. */
  readonly account: string | null;
  /** When its checkpoint was saved, in ms; null if there is none. */
  readonly savedAt: number | null;
  /** Whether Duo shows the log to these credentials. */
  readonly permission: Check['state'];
  /** In ms. */
  readonly now: number;
}

/**
 * Checks how far a log is, whether it is still being collected, what its stage says is wrong, and whether what was stored last can
 * be read.
 */
export async function checkLog(
  logType: LogType,
  target: Pick<Target, 'stage' | 'env' | 'store' | 'account'>,
  { account, savedAt, permission, now }: Known,
): Promise<Check[]> {
  const { name } = logType;
  const { stage, env, store } = target;
  const live: { checkpoint: Checkpoint | null } = { checkpoint: null };
  const checkpoint = await check(name, 'checkpoint', async () => {
    live.checkpoint = await readCheckpoint(target, name, account);
    if (live.checkpoint === null) {
      const gone = await goneCheckpoint(logType, target);
      if (gone === undefined) return 'none yet';
      throw new Error(gone);
    }
    const { watermark } = live.checkpoint;
    return `up to ${minuteText(watermark)} UTC, ${durationText(now - watermark)} behind`;
  });
  let schedule: Schedule | null = null;
  const enabled =
    stage === null
      ? []
      : [
          await check(name, 'schedule', async () => {
            schedule = await scheduleOf(logOf(target, name), stage, 'collect', env);
            if (schedule !== null) return schedule.expression;
            const service = target.account === undefined ? name : starter;
            throw new Error(
              `There is no schedule ${scheduleName(service, stage, 'collect')} in ${regionOf(env)}. Deploy it: npx pnpm sls deploy --stage ${stage} in services/${service}.`,
            );
          }),
        ];
  const lastRun = await check(name, 'last run', () => {
    if (checkpoint.state !== 'ok') throw new Unknown('see above');
    const watermark = live.checkpoint?.watermark ?? null;
    if (live.checkpoint !== null && isByOperator(live.checkpoint))
      throw new Unknown(
        `none since a command has saved the checkpoint${savedAt === null ? '' : `, ${durationText(now - savedAt)} ago`}`,
      );
    return lastRunText({ savedAt, watermark, schedule, now }, whatToDo(name, target));
  });
  const look = createLastDay(target)(logType, now, countedToday(live.checkpoint, now));
  const lastDay = await check(name, 'last day', async () => {
    const { records, objects: count, unread, odd } = await look;
    if (odd.length > 0) throw new Error(oddText(target, odd));
    return `${unread === 0 ? '' : 'at least '}${plural(records, 'record')} in ${plural(count, 'object')}`;
  });
  const days = await checkDays(logType, target, live.checkpoint, now);
  const reconciles = days.some((one) => one.check === 'reconcile' && one.state === 'ok');
  const verify = `${command} verify ${asArguments(logOf(target, name))} ${stage === null ? `--store ${store.url}` : `--stage ${stage}`} --from 2d`;
  return [
    ...(await checkRetirement(logType, stage, permission, now)),
    checkpoint,
    ...enabled,
    lastRun,
    ...(stage === null ? [] : await checkWatch(name, stage, env, now)),
    lastDay,
    await checkNewest(logType, target, lastDay, live.checkpoint, now),
    await checkToday(logType, live.checkpoint, look, reconciles, verify, now),
    await checkDoubled(logType, look, verify),
    ...days,
  ];
}

/** What a stage says itself of what is wrong with a service: its alarms, its queues and its functions' logs. */
export function checkWatch(
  name: string,
  stage: string,
  env: NodeJS.ProcessEnv,
  now: number,
): Promise<Check[]> {
  const parts = partsOf(name, stage, env);
  return Promise.all([
    checkAlarms(name, stage, env, parts, now),
    checkDeadLetters(name, env, parts, now),
    checkLastError(name, stage, env, now),
  ]);
}

async function readCheckpoint(
  target: Pick<Target, 'store' | 'account'>,
  name: string,
  account: string | null,
): Promise<Checkpoint | null> {
  const { store } = target;
  const of = logOf(target, name);
  const saved = await loadCheckpoint(store, of);
  if (saved !== null && account !== null) claim(saved.state, account, store.url);
  return saved?.state ?? null;
}

interface Progress {
  readonly savedAt: number | null;
  readonly watermark: number | null;
  /** Null where there is none, or not known. */
  readonly schedule: Schedule | null;
  readonly now: number;
}

/** By the rules of the alarms "silent" and "behind". */
function lastRunText({ savedAt, watermark, schedule, now }: Progress, todo: string): string {
  if (watermark === null) throw new Error(`No run has saved anything yet: ${firstRun(schedule)}${todo}`);
  if (savedAt === null) throw new Unknown('the store does not say when it was saved');
  const saved = `saved ${durationText(now - savedAt)} ago`;
  if (now - savedAt > Math.max(hour, 3 * (schedule?.interval ?? 0)))
    throw new Error(`The last one ${saved}: ${todo}`);
  if (savedAt - watermark > hour) {
    throw new Error(
      `The last one ${saved} and was ${durationText(savedAt - watermark)} behind. A backlog shrinks with every run (status --watch). If this one does not, ${todo}`,
    );
  }
  return saved;
}

function firstRun(schedule: Schedule | null): string {
  if (schedule === null) return '';
  const { interval } = schedule;
  return `wait for the first one${interval === null ? '' : `, in at most ${durationText(interval)}`}, or `;
}

function whatToDo(name: string, { stage, account }: Pick<Target, 'stage' | 'account'>): string {
  if (stage === null) return 'run the collector, and see what it says.';
  return `read why in the function's log: ${logsCommand(name, stage, account)}`;
}
