import { GetScheduleCommand, ResourceNotFoundException, SchedulerClient } from '@aws-sdk/client-scheduler';
import { describeAwsError } from 'duo-core';
import { AwsError, awsOptions, regionOf } from './aws';
import { scheduleName } from './names';

/** What starts the runs of a log. */
export interface Schedule {
  /** As in the settings: `rate(5 minutes)`. */
  readonly expression: string;
  /** In ms; null if the expression is no rate. */
  readonly interval: number | null;
}

/** The schedule of a log at a stage. Throws an error that says what to do if there is none or it is disabled. */
export async function readSchedule(
  logType: string,
  stage: string,
  env: NodeJS.ProcessEnv,
): Promise<Schedule> {
  const Name = scheduleName(logType, stage);
  const command = new GetScheduleCommand({ Name });
  const schedule = await new SchedulerClient(awsOptions(env)).send(command).catch((error: unknown) => {
    if (error instanceof ResourceNotFoundException) {
      throw new Error(
        `There is no schedule ${Name} in ${regionOf(env)}. Deploy it: npx pnpm sls deploy --stage ${stage} in services/${logType}.`,
      );
    }
    throw new AwsError(
      `It cannot be looked up: ${describeAwsError(error)}. It needs scheduler:GetSchedule.`,
      error,
    );
  });
  if (schedule.State !== 'ENABLED') {
    throw new Error(
      `${Name} is disabled. Enable it in the console, under EventBridge Scheduler in ${regionOf(env)}.`,
    );
  }
  const { ScheduleExpression: expression = '' } = schedule;
  const [, number, unit] = /^rate\((\d+) (minute|hour)s?\)$/.exec(expression) ?? [];
  const interval = number === undefined ? null : Number(number) * (unit === 'hour' ? 3_600_000 : 60_000);
  return { expression, interval };
}
