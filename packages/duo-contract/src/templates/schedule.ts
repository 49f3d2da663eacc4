import { arnText } from './rights/arn-text';
import type { FunctionId } from './rights/grants';
import { ofType, record, type Template, unless } from './template';

/**
 * What is missing of a service's schedules: that each of these functions has one that runs, tries again, and keeps what it could not
 * start, and that nothing of another one is there.
 */
export function scheduleFaults(template: Template, functions: readonly FunctionId[]): string[] {
  const schedules = ofType(template, 'AWS::Scheduler::Schedule').filter(({ State }) => State !== 'DISABLED');
  const wanted = functions.map(scheduleOf);
  const others = Object.keys(template.Resources).filter((id) => {
    const [, schedule] = /^(.*Schedule)(Role|DeadLetters)$/.exec(id) ?? [];
    return schedule !== undefined && !wanted.includes(schedule);
  });
  return [
    ...unless(
      schedules.length === functions.length,
      `${schedules.length} schedules that run, not ${functions.length}`,
    ),
    ...others.map((id) => `${id}: of a schedule that is not wanted`),
    ...functions.flatMap((name) => {
      const own = scheduleOf(name);
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

/** The id of a function's schedule. */
function scheduleOf(name: FunctionId): string {
  return name === 'Reconcile' ? `${name}Schedule` : 'Schedule';
}
