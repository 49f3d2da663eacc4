import { simulatorCredentials } from 'duo-simulator';
import type { startAws } from './aws';

/** The parts of a log's stack that an operator has to look at, as `serverless.common` names them. */
const alarms = ['failing', 'behind', 'silent', 'throttled', 'not-started'];
const queues = [
  'FailedRuns',
  'ScheduleDeadLetters',
  'ReconcileFailedRuns',
  'NewObjects',
  'NewObjectsDeadLetters',
];

/** The URL of one of its queues. */
export function queueUrl(name: string): string {
  return `https://sqs.eu-west-1.amazonaws.com/123456789012/duo-telephony-prod-${name}`;
}

/** The stage `prod` with one log, and all in order; its checkpoint was saved just now (ms). */
export function putInOrder(aws: Awaited<ReturnType<typeof startAws>>, checkpoint: string, now: number): void {
  const { watch } = aws;
  aws.exports.set('duo-storage-prod-BucketName', 'a-bucket');
  aws.stacks.add('duo-telephony-prod').add('duo-storage-prod');
  aws.outputs.set('AlarmTopicArn', 'arn:aws:sns:eu-west-1:123456789012:alarms');
  aws.schedules.set('duo-telephony-prod', { State: 'ENABLED', ScheduleExpression: 'rate(5 minutes)' });
  aws.schedules.set('duo-telephony-prod-reconcile', {
    State: 'ENABLED',
    ScheduleExpression: 'rate(15 minutes)',
  });
  aws.objects.set('a-bucket/state/telephony.json', checkpoint);
  aws.putAt.set('a-bucket/state/telephony.json', now);
  const { ikey, skey, apiHost } = simulatorCredentials;
  for (const [name, Value] of Object.entries({ ikey, skey, 'api-host': apiHost })) {
    aws.parameters.push({ Name: `/duo/prod/${name}`, Value, Type: 'SecureString' });
  }
  watch.resources.set('duo-telephony-prod', [
    ...alarms.map((name) => ['AWS::CloudWatch::Alarm', name, `duo-telephony-prod-${name}`] as const),
    ...queues.map((name) => ['AWS::SQS::Queue', name, queueUrl(name)] as const),
    ['AWS::Lambda::Function', 'CollectLambdaFunction', 'duo-telephony-prod-collect'],
  ]);
  for (const name of alarms) watch.alarms.set(`duo-telephony-prod-${name}`, { StateValue: 'OK' });
  for (const name of queues) watch.queues.set(queueUrl(name), []);
  watch.subscriptions.push({
    Protocol: 'email',
    Endpoint: 'ops@example.com',
    SubscriptionArn: 'arn:aws:sns:eu-west-1:123456789012:alarms:1',
  });
  watch.logs.set('/aws/lambda/duo-telephony-prod-collect', []);
  watch.logs.set('/aws/lambda/duo-telephony-prod-reconcile', []);
}
