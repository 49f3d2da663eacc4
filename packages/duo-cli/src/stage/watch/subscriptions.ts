import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns';
import { AwsError, awsOptions, saidByAws } from '../aws';
import { stackName } from '../names';
import { stackOutputs } from '../stacks';

/** Who is told of a stage's alarms. */
export interface Subscription {
  /** An address, or what kind of thing it is: a URL may hold a key, and a number is a phone's. */
  readonly who: string;
  /** Whether the mail with AWS's link was answered. */
  readonly confirmed: boolean;
}

/** The topic of a stage's alarms, or null where the storage's stack names none. Throws an `AwsError` that names the permission. */
export async function alarmTopic(stage: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  const told = { what: `The alarm topic of ${stage}`, instead: '--store s3://…' };
  const client = new CloudFormationClient(awsOptions(env));
  const outputs = await stackOutputs(client, stackName('storage', stage), told);
  return outputs?.get('AlarmTopicArn') ?? null;
}

/** Those who have subscribed to a topic. Throws an `AwsError` that names the permission. */
export async function subscriptionsOf(TopicArn: string, env: NodeJS.ProcessEnv): Promise<Subscription[]> {
  const client = new SNSClient(awsOptions(env));
  const found: Subscription[] = [];
  try {
    for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn })) {
      for (const { SubscriptionArn, Protocol = '', Endpoint = '' } of Subscriptions) {
        // One that was taken back stays in the list for a while.
        if (SubscriptionArn === 'Deleted') continue;
        const who = Protocol.startsWith('email') ? Endpoint : `a subscription of the kind ${Protocol}`;
        found.push({ who, confirmed: SubscriptionArn !== 'PendingConfirmation' });
      }
    }
  } catch (error) {
    throw new AwsError(
      `The subscriptions of ${TopicArn} cannot be listed: ${saidByAws(error, 'sns:ListSubscriptionsByTopic')}`,
      error,
    );
  }
  return found;
}
