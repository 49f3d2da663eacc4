import { regionOf } from '../../stage/aws';
import { alarmTopic, subscriptionsOf } from '../../stage/watch/subscriptions';
import { type Check, check, ifPermitted } from './check';

/** Checks that somebody is told when an alarm goes off. */
export async function checkTold(stage: string, env: NodeJS.ProcessEnv): Promise<Check> {
  return check(null, 'who is told', async () => {
    const topic = await ifPermitted(alarmTopic(stage, env));
    if (topic === null)
      throw new Error(
        `The storage names no alarm topic. Deploy it: npx pnpm sls storage:deploy --stage ${stage}`,
      );
    const subscriptions = await ifPermitted(subscriptionsOf(topic, env));
    const subscribe = (address: string) =>
      `aws sns subscribe --topic-arn ${topic} --protocol email --notification-endpoint ${address} --region ${regionOf(env)}`;
    if (subscriptions.length === 0) {
      throw new Error(
        `Nobody is told: no alarm reaches anyone. Set alarmEmail to an address in settings/${stage}.yml, and deploy: npx pnpm sls storage:deploy --stage ${stage}\nIf it is set already, the subscription was deleted or the mail was never answered. Ask for another mail: ${subscribe('<address>')}`,
      );
    }
    const waiting = subscriptions.filter(({ confirmed }) => !confirmed).map(({ who }) => who);
    if (waiting.length > 0) {
      throw new Error(
        `${waiting.join(', ')}: not confirmed, so not told. Open the link in the mail "AWS Notification - Subscription Confirmation". If it is lost, ask for another one: ${subscribe(waiting[0] ?? '')}`,
      );
    }
    return subscriptions.map(({ who }) => who).join(', ');
  });
}
