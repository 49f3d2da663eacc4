import { GetScheduleCommand, ResourceNotFoundException, SchedulerClient } from '@aws-sdk/client-scheduler';
import type { AccountLog } from 'duo-core';
import { AwsError, awsOptions, regionOf, saidByAws } from './aws';
import { scheduleName, starter, type Work } from './names';
import { stageSettings } from './settings';

/** What starts the runs of a log. */
export interface Schedule {
  /** As in the settings: `rate(5 minutes)`. */
  readonly expression: string;
  /** In ms; null if the expression is no rate. */
  readonly interval: number | null;
}

/** The schedule that starts a log's runs at a stage, or null if there is none. Throws an error that says what to do if it is disabled. */
export async function findSchedule(
  logType: string,
  stage: string,
  work: Work,
  env: NodeJS.ProcessEnv,
): Promise<Schedule | null> {
  const Name = scheduleName(logType, stage, work);
  const command = new GetScheduleCommand({ Name });
  const schedule = await new SchedulerClient(awsOptions(env)).send(command).catch((error: unknown) => {
    if (error instanceof ResourceNotFoundException) return null;
    throw new AwsError(
      `The schedule ${Name} cannot be looked up: ${saidByAws(error, 'scheduler:GetSchedule')}`,
      error,
    );
  });
  if (schedule === null) return null;
  if (schedule.State !== 'ENABLED') {
    throw new Error(
      `${Name} is disabled. Enable it in the console, under EventBridge Scheduler in ${regionOf(env)}.`,
    );
  }
  return readSchedule(schedule.ScheduleExpression ?? '');
}

function readSchedule(expression: string): Schedule {
  const [, number, unit] = /^rate\((\d+) (minute|hour)s?\)$/.exec(expression) ?? [];
  const interval = number === undefined ? null : Number(number) * (unit === 'hour' ? 3_600_000 : 60_000);
  return { expression, interval };
}

/** How often an account's turn comes, by what a function does: the starter's own rule (packages/duo-accounts). */
const turns = { collect: 'rate(5 minutes)', reconcile: 'rate(15 minutes)' } as const;

/**
 * What starts the runs of a log, or of a log of an account, for which the starter's schedule stands; null if there is none. Throws as
 * `findSchedule` does.
 */
export async function scheduleOf(
  { logType, account }: AccountLog,
  stage: string,
  work: Work,
  env: NodeJS.ProcessEnv,
): Promise<Schedule | null> {
  if (account === undefined) return findSchedule(logType, stage, work, env);
  // The starter's schedule does not say which functions there are to start.
  if (work === 'reconcile' && (await stageSettings(stage))?.reconcile === false) return null;
  const schedule = await findSchedule(starter, stage, 'collect', env);
  return schedule === null ? null : readSchedule(turns[work]);
}
