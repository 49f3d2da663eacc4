import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import {
  paginateListSubscriptionsByTopic,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { PurgeQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

/** What goes wrong at AWS, and is made good again. */
export interface Trouble {
  alarm(name: string, is: 'ALARM' | 'OK'): Promise<void>;
  /** What a schedule leaves in its dead letters when it could not start a function. */
  deadLetter(queue: string, error: { readonly code: string; readonly message: string }): Promise<void>;
  purge(queue: string): Promise<void>;
  /** From now on, nobody is told what is published to a topic. */
  unsubscribeAll(topic: string): Promise<void>;
  subscribe(topic: string, address: string): Promise<void>;
}

/** Connects to the alarms, queues and topics of a local AWS. */
export function connectTrouble(env: Readonly<Record<string, string>>): Trouble {
  const config = {
    endpoint: env.AWS_ENDPOINT_URL ?? '',
    region: env.AWS_REGION ?? '',
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
    },
  };
  const [cloudWatch, sns, sqs] = [new CloudWatchClient(config), new SNSClient(config), new SQSClient(config)];
  return {
    async alarm(AlarmName, StateValue) {
      await cloudWatch.send(
        new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'the story wants it' }),
      );
    },
    async deadLetter(QueueUrl, { code, message }) {
      const text = (StringValue: string) => ({ DataType: 'String', StringValue });
      const MessageAttributes = { ERROR_CODE: text(code), ERROR_MESSAGE: text(message) };
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}', MessageAttributes }));
    },
    async purge(QueueUrl) {
      await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    },
    async unsubscribeAll(TopicArn) {
      for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic(
        { client: sns },
        { TopicArn },
      ))
        for (const { SubscriptionArn } of Subscriptions)
          await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    },
    async subscribe(TopicArn, Endpoint) {
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint }));
    },
  };
}
