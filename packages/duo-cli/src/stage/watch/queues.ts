import {
  GetQueueAttributesCommand,
  type Message,
  type MessageSystemAttributeName,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { AwsError, awsOptions, saidByAws } from '../aws';
import { messageText } from './message-text';

/** What lies in a queue. */
export interface Queue {
  /** How many messages, as SQS counts them: nearly. */
  readonly count: number;
  readonly arn: string;
}

/** A message that lies in a queue. */
export interface Letter {
  /** When it was sent, in ms. */
  readonly sentAt: number;
  /** What it says is wrong; null where it says nothing of the kind. */
  readonly says: string | null;
}

/** The region's endpoint, or that of `AWS_ENDPOINT_URL`: the SDK would otherwise take whatever host the queue's URL names. */
function clientOf(env: NodeJS.ProcessEnv): SQSClient {
  return new SQSClient({ ...awsOptions(env), useQueueUrlAsEndpoint: false });
}

/** How many messages lie in a queue. Throws an `AwsError` that names the permission. */
export async function lookAtQueue(QueueUrl: string, env: NodeJS.ProcessEnv): Promise<Queue> {
  const command = new GetQueueAttributesCommand({
    QueueUrl,
    AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'QueueArn'],
  });
  const { Attributes = {} } = await clientOf(env)
    .send(command)
    .catch((error: unknown) => {
      throw new AwsError(
        `${QueueUrl} cannot be looked at: ${saidByAws(error, 'sqs:GetQueueAttributes')}`,
        error,
      );
    });
  const {
    ApproximateNumberOfMessages: there = '0',
    ApproximateNumberOfMessagesNotVisible: taken = '0',
    QueueArn: arn = '',
  } = Attributes;
  return { count: Number(there) + Number(taken), arn };
}

/**
 * At most ten of the messages in a queue, the newest first. They stay where they are and nobody is kept from them: they are
 * received with a visibility timeout of 0, which leaves them visible, and are not deleted. Only their counter of receipts goes
 * up, which matters to no queue without dead letters of its own. Throws an `AwsError` that names the permission.
 */
export async function peek(QueueUrl: string, env: NodeJS.ProcessEnv): Promise<Letter[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: 10,
    VisibilityTimeout: 0,
    // Without waiting, only some of the servers that may have one are asked.
    WaitTimeSeconds: 1,
    MessageSystemAttributeNames: [sentTimestamp],
    MessageAttributeNames: ['All'],
  });
  const { Messages = [] } = await clientOf(env)
    .send(command)
    .catch((error: unknown) => {
      throw new AwsError(`the messages cannot be read: ${saidByAws(error, 'sqs:ReceiveMessage')}`, error);
    });
  return Messages.map(letter).toSorted((one, other) => other.sentAt - one.sentAt);
}

const sentTimestamp: MessageSystemAttributeName = 'SentTimestamp';

function letter({ Body = '', Attributes, MessageAttributes = {} }: Message): Letter {
  const attribute = (name: string) => MessageAttributes[name]?.StringValue;
  return {
    sentAt: Number(Attributes?.SentTimestamp ?? Number.NaN),
    says: messageText(Body, attribute),
  };
}
