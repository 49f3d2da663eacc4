import {
  CloudWatchLogsClient,
  paginateFilterLogEvents,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import { AwsError, awsOptions, saidByAws } from '../aws';
import { type AnyWork, logGroupName } from '../names';

/** A line of a function's log. */
export interface LogEvent {
  readonly work: AnyWork;
  /** When it was written, in ms. */
  readonly at: number;
  readonly text: string;
}

/**
 * What a function of a service has written since then (ms), the oldest first; null if it has no log group. Throws an `AwsError` that
 * names the permission.
 */
export async function functionLog(
  service: string,
  stage: string,
  work: AnyWork,
  startTime: number,
  env: NodeJS.ProcessEnv,
): Promise<LogEvent[] | null> {
  const group = logGroupName(service, stage, work);
  const client = new CloudWatchLogsClient(awsOptions(env));
  const found: LogEvent[] = [];
  try {
    const asked = { logGroupName: group, startTime };
    for await (const { events = [] } of paginateFilterLogEvents({ client }, asked)) {
      for (const { timestamp = 0, message = '' } of events)
        found.push({ work, at: timestamp, text: message.trimEnd() });
    }
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return null;
    throw new AwsError(`${group} cannot be read: ${saidByAws(error, 'logs:FilterLogEvents')}`, error);
  }
  return found;
}
