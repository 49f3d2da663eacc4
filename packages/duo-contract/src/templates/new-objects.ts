import { arnText } from './rights/arn-text';
import { type Deployment, functionsOf } from './rights/grants';
import { record, type Template, unless } from './template';

/** What is wrong with the queue in which a log type announces new objects, or that there is one which is not wanted. */
export function newObjectsFaults({ Resources }: Template, deployment: Deployment): string[] {
  const { newObjects = false, accounts = false } = deployment;
  const { NewObjects: queue, NewObjectsSubscription: subscription } = Resources;
  if (!newObjects)
    return unless(
      queue === undefined && subscription === undefined,
      'new objects that are announced unasked',
    );
  if (queue === undefined || subscription === undefined) return ['new objects that are announced to nobody'];
  const { deadLetterTargetArn, maxReceiveCount } = record(queue.Properties.RedrivePolicy);
  const hasDeadLetters =
    arnText(deadLetterTargetArn) === '{NewObjectsDeadLetters.Arn}' &&
    Resources.NewObjectsDeadLetters?.Type === 'AWS::SQS::Queue';
  // Without a schedule, a function may be started as soon as it is there.
  const first = functionsOf(deployment).map((name) => {
    if (accounts) return `${name}LambdaFunction`;
    return name === 'Collect' ? 'Schedule' : `${name}Schedule`;
  });
  return [
    // For less than this, a slow reader is handed what it is still reading.
    ...unless(queue.Properties.VisibilityTimeout === 600, 'NewObjects: messages that come back too soon'),
    ...unless(
      hasDeadLetters && typeof maxReceiveCount === 'number' && maxReceiveCount >= 100,
      'NewObjects: messages that are lost, or given up too soon, when a reader fails',
    ),
    ...first.flatMap((id) =>
      unless(
        [Resources[id]?.DependsOn ?? []].flat().includes('NewObjectsSubscription'),
        `${id}: a run before there is a subscription, whose objects are not announced`,
      ),
    ),
  ];
}
