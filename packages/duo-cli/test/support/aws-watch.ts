import { hash } from 'node:crypto';
import * as z from 'zod';

/** What a test says of an alarm; the rest is as CloudWatch has it. */
interface FakeAlarm {
  readonly StateValue: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly AlarmDescription?: string;
  readonly ActionsEnabled?: boolean;
  /** In seconds, as CloudWatch sends it. */
  readonly StateTransitionedTimestamp?: number;
}

/** A message in a queue; how often it was received and for how long it is hidden are the queue's to say. */
interface FakeMessage {
  readonly body: string;
  /** In ms. */
  readonly sentAt: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A request as AWS gets it: the operation by its name in a policy, and what it was sent. */
export interface Asked {
  readonly action: string;
  readonly input: (name: string) => unknown;
}

/**
 * What tells an operator how a stage is: the parts of stacks, alarms, queues, subscriptions and logs. `answer` is what AWS answers,
 * as JSON or as the inside of an XML result; undefined for what it does not know.
 */
export function createWatch() {
  /** By the stack: its resources, `[type, logical id, physical id]`. */
  const resources = new Map<string, readonly (readonly [string, string, string])[]>();
  const alarms = new Map<string, FakeAlarm>();
  /** By the URL. */
  const queues = new Map<string, FakeMessage[]>();
  const subscriptions: {
    readonly Protocol: string;
    readonly Endpoint: string;
    readonly SubscriptionArn: string;
  }[] = [];
  /** By the log group; each line with its time in ms. */
  const logs = new Map<string, { readonly timestamp: number; readonly message: string }[]>();
  /** What was received with, and what was asked besides: nothing else may change a queue. */
  const received: { readonly QueueUrl: unknown; readonly VisibilityTimeout: unknown }[] = [];

  return { resources, alarms, queues, subscriptions, logs, received, answer };

  function answer({ action, input }: Asked): object | string | undefined {
    switch (action) {
      case 'cloudformation:ListStackResources':
        if (!resources.has(String(input('StackName')))) return undefined;
        return `<StackResourceSummaries>${(resources.get(String(input('StackName'))) ?? [])
          .map(
            ([type, logical, physical]) =>
              `<member><ResourceType>${type}</ResourceType><LogicalResourceId>${logical}</LogicalResourceId><PhysicalResourceId>${physical}</PhysicalResourceId></member>`,
          )
          .join('')}</StackResourceSummaries>`;
      case 'cloudwatch:DescribeAlarms': {
        const names = z.array(z.string()).parse(input('AlarmNames'));
        const found = names.filter((name) => alarms.has(name));
        return { MetricAlarms: found.map((name) => ({ AlarmName: name, ...alarms.get(name) })) };
      }
      case 'sqs:GetQueueAttributes': {
        const url = String(input('QueueUrl'));
        const count = String(queues.get(url)?.length ?? 0);
        return {
          Attributes: {
            ApproximateNumberOfMessages: count,
            ApproximateNumberOfMessagesNotVisible: '0',
            QueueArn: `arn:aws:sqs:eu-west-1:123456789012:${url.split('/').at(-1)}`,
          },
        };
      }
      case 'sqs:ReceiveMessage': {
        const [QueueUrl, VisibilityTimeout] = [input('QueueUrl'), input('VisibilityTimeout')];
        received.push({ QueueUrl, VisibilityTimeout });
        const most = Number(input('MaxNumberOfMessages'));
        return { Messages: (queues.get(String(QueueUrl)) ?? []).slice(0, most).map(message) };
      }
      case 'sns:ListSubscriptionsByTopic':
        return `<Subscriptions>${subscriptions
          .map(
            (one) =>
              `<member>${Object.entries(one)
                .map(([name, is]) => `<${name}>${is}</${name}>`)
                .join('')}</member>`,
          )
          .join('')}</Subscriptions>`;
      case 'logs:FilterLogEvents': {
        const lines = logs.get(String(input('logGroupName')));
        if (lines === undefined) return undefined;
        // A page at a time, and one of them empty, as CloudWatch Logs answers.
        const since = Number(input('startTime'));
        const found = lines.filter(({ timestamp }) => timestamp >= since);
        const page = Number(input('nextToken') ?? 0);
        if (page === 0) return { events: found.slice(0, 2), nextToken: '1' };
        return page === 1 ? { events: [], nextToken: '2' } : { events: found.slice(2) };
      }
      default:
        return undefined;
    }
  }
}

function message({ body, sentAt, attributes = {} }: FakeMessage, n: number): object {
  const typed = Object.entries(attributes).map(([name, StringValue]) => [
    name,
    { DataType: 'String', StringValue },
  ]);
  return {
    MessageId: `m-${n}`,
    ReceiptHandle: `r-${n}`,
    Body: body,
    // The SDK compares it.
    MD5OfBody: hash('md5', body),
    Attributes: { SentTimestamp: String(sentAt) },
    ...(typed.length > 0 && { MessageAttributes: Object.fromEntries(typed) }),
  };
}
