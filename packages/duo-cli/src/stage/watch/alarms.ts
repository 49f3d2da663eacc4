import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { AwsError, awsOptions, saidByAws } from '../aws';

/** An alarm as CloudWatch has it. */
export interface Alarm {
  readonly name: string;
  /** What it is about, in the words of the template. */
  readonly description: string;
  readonly state: 'on' | 'off' | 'no data';
  /** Since when it is in that state, in ms; null where CloudWatch does not say. */
  readonly since: number | null;
  /** Whether it tells anybody: its actions can be switched off, and then it only shows. */
  readonly tells: boolean;
}

/** Those alarms of these names, at most 100, that there are. Throws an `AwsError` that names the permission. */
export async function findAlarms(names: readonly string[], env: NodeJS.ProcessEnv): Promise<Alarm[]> {
  // Without a name, it would answer with all alarms of the account.
  if (names.length === 0) return [];
  const client = new CloudWatchClient(awsOptions(env));
  const found: Alarm[] = [];
  try {
    const asked = { AlarmNames: [...names] };
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, asked)) {
      for (const { AlarmName, AlarmDescription, StateValue, ActionsEnabled, ...at } of MetricAlarms) {
        const since = at.StateTransitionedTimestamp ?? at.StateUpdatedTimestamp;
        found.push({
          name: AlarmName ?? '',
          description: AlarmDescription ?? '',
          state: StateValue === 'ALARM' ? 'on' : StateValue === 'OK' ? 'off' : 'no data',
          since: since?.getTime() ?? null,
          tells: ActionsEnabled !== false,
        });
      }
    }
  } catch (error) {
    throw new AwsError(
      `The alarms cannot be looked up: ${saidByAws(error, 'cloudwatch:DescribeAlarms')}`,
      error,
    );
  }
  return found;
}
