import { arnText } from './arn-text';
import { ofType, record, type Template, unless } from './template';

/** What is missing of a log type's schedule: that one runs, tries again, and keeps what it could not start. */
export function scheduleFaults(template: Template): string[] {
  const schedules = ofType(template, 'AWS::Scheduler::Schedule');
  const [schedule = {}] = schedules;
  const target = record(schedule.Target);
  const deadLetters = arnText(record(target.DeadLetterConfig).Arn);
  return [
    ...unless(
      schedules.length === 1 && schedule.State !== 'DISABLED',
      `${schedules.length} schedules that run`,
    ),
    ...unless(target.RetryPolicy !== undefined, 'a schedule without a retry policy'),
    ...unless(deadLetters === '{ScheduleDeadLetters.Arn}', 'a schedule without a dead-letter queue'),
  ];
}
