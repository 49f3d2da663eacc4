import { arnText } from './arn-text';
import type { Deployment } from './grants';
import { ofType, record, type Template, unless } from './template';

/** What is missing of a log type's schedules: that each function has one that runs, tries again, and keeps what it could not start. */
export function scheduleFaults(template: Template, { reconciles = true }: Deployment): string[] {
  const functions = ['Collect', ...(reconciles ? ['Reconcile'] : [])];
  const schedules = ofType(template, 'AWS::Scheduler::Schedule').filter(({ State }) => State !== 'DISABLED');
  return [
    ...unless(
      schedules.length === functions.length,
      `${schedules.length} schedules that run, not ${functions.length}`,
    ),
    ...functions.flatMap((name) => {
      const own = name === 'Collect' ? 'Schedule' : `${name}Schedule`;
      const targets = schedules.map(({ Target }) => record(Target));
      const target = targets.find(({ Arn }) => arnText(Arn) === `{${name}LambdaFunction.Arn}`);
      if (target === undefined) return [`no schedule of ${name}LambdaFunction`];
      const deadLetters = arnText(record(target.DeadLetterConfig).Arn);
      return [
        ...unless(target.RetryPolicy !== undefined, 'a schedule without a retry policy'),
        ...unless(deadLetters === `{${own}DeadLetters.Arn}`, 'a schedule without a dead-letter queue'),
        ...unless(arnText(target.RoleArn) === `{${own}Role.Arn}`, 'a schedule without a role of its own'),
      ].map((fault) => `${own}: ${fault}`);
    }),
  ];
}
