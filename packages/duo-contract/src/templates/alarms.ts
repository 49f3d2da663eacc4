import * as z from 'zod/mini';
import { ofType, type Resource, type Template, unless } from './template';

/** What is wrong with any alarm: it tells no one. */
export function alarmFaults({ Properties: properties }: Resource): string[] {
  const told = z.array(z.unknown()).safeParse(properties.AlarmActions).data ?? [];
  return unless(told.length > 0 && properties.ActionsEnabled !== false, 'an alarm that tells no one');
}

/** What is missing of a log type's alarms: each that is promised, and that they go to the storage's topic. */
export function alarmsMissing(template: Template, name: string, stage: string): string[] {
  const alarms = ofType(template, 'AWS::CloudWatch::Alarm');
  const topic = JSON.stringify([{ 'Fn::ImportValue': `duo-storage-${stage}-AlarmTopicArn` }]);
  const promised = promisedAlarms(`"duo-${name}-${stage}"`);
  return [
    ...unless(alarms.length === promised.length, `${alarms.length} alarms, not ${promised.length}`),
    ...unless(
      alarms.every(({ AlarmActions }) => JSON.stringify(AlarmActions) === topic),
      "an alarm that does not go to the storage's topic",
    ),
    ...promised.flatMap(({ on, metric, dimension, statistic, missingData }) => {
      const isThere = alarms.some(
        ({ MetricName, Dimensions, Statistic, TreatMissingData }) =>
          MetricName === metric &&
          Statistic === statistic &&
          JSON.stringify(Dimensions).includes(dimension) &&
          (missingData === undefined || TreatMissingData === missingData),
      );
      return unless(isThere, `no alarm on ${on}`);
    }),
  ];
}

interface PromisedAlarm {
  readonly on: string;
  readonly metric: string;
  readonly dimension: string;
  readonly statistic: string;
  readonly missingData?: string;
}

function promisedAlarms(service: string): PromisedAlarm[] {
  const behind = { metric: 'BehindSeconds', dimension: service };
  return [
    { on: 'errors', metric: 'Errors', dimension: '"Ref":"CollectLambdaFunction"', statistic: 'Sum' },
    { on: 'being behind', ...behind, statistic: 'Minimum' },
    { on: 'throttling', metric: 'Throttles', dimension: service, statistic: 'Minimum' },
    { on: 'silence', ...behind, statistic: 'SampleCount', missingData: 'breaching' },
    {
      on: 'dead letters',
      metric: 'ApproximateNumberOfMessagesVisible',
      dimension: '"ScheduleDeadLetters"',
      statistic: 'Maximum',
    },
  ];
}
