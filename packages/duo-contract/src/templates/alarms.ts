import { leftOutMetrics } from 'duo-core';
import * as z from 'zod/mini';
import type { Deployment } from './rights/grants';
import { ofType, type Properties, type Resource, record, type Template, unless } from './template';

/** What is wrong with any alarm: it tells no one, or not that all is well again, or takes what is left out for more than 0. */
export function alarmFaults({ Properties: properties }: Resource): string[] {
  const told = z.array(z.unknown()).safeParse(properties.AlarmActions).data ?? [];
  return [
    ...unless(told.length > 0 && properties.ActionsEnabled !== false, 'an alarm that tells no one'),
    ...unless(
      JSON.stringify(properties.OKActions) === JSON.stringify(properties.AlarmActions),
      'an alarm that does not say when it is over',
    ),
    ...(isLeftOut(properties) ? faultsWhereLeftOut(properties) : []),
    ...(properties.TreatMissingData === 'breaching' ? faultsWhereMissingIsBad(properties) : []),
    ...periodFaults(properties),
  ];
}

/** Whether an alarm is on a metric that a run leaves out when it has nothing to tell, by itself or in metric math. */
function isLeftOut(properties: unknown): boolean {
  if (typeof properties !== 'object' || properties === null) return false;
  const { Namespace, MetricName } = record(properties);
  const isOne =
    Namespace === 'DuoLogs' && typeof MetricName === 'string' && leftOutMetrics.includes(MetricName);
  return isOne || Object.values(properties).some(isLeftOut);
}

/** The least, the mean and the number of what is published say nothing of the runs that published nothing. */
function faultsWhereLeftOut({ MetricName, Statistic, TreatMissingData }: Properties): string[] {
  // The run that gets the last day done says 0.
  const statistics = MetricName === 'UnreconciledDays' ? ['Minimum', 'Maximum'] : ['Sum', 'Maximum'];
  return [
    ...unless(
      TreatMissingData === 'notBreaching',
      'an alarm that does not end when its metric is no longer published',
    ),
    ...unless(
      typeof Statistic === 'string' && statistics.includes(Statistic),
      'an alarm whose statistic is another without what is 0',
    ),
  ];
}

/**
 * What CloudWatch finds within its reach, a few periods further than it evaluates, counts before what is missing does: with one long
 * period, an alarm comes after several. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
function faultsWhereMissingIsBad({ EvaluationPeriods, DatapointsToAlarm }: Properties): string[] {
  const isMany = typeof EvaluationPeriods === 'number' && EvaluationPeriods >= 12;
  return unless(
    isMany && DatapointsToAlarm === EvaluationPeriods,
    'an alarm on what is missing that comes several of its periods late: it has few and long ones',
  );
}

/**
 * What CloudWatch refuses: a period of no whole minutes, and more than a day to look at (a week with periods of an hour and more).
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
function periodFaults({ Period, EvaluationPeriods }: Properties): string[] {
  if (typeof Period !== 'number' || typeof EvaluationPeriods !== 'number')
    return ['an alarm that does not say how long it looks'];
  const longest = Period >= 3600 ? 7 * 86_400 : 86_400;
  return [
    ...unless(Period > 0 && Period % 60 === 0, 'an alarm whose period is not of whole minutes'),
    ...unless(Period * EvaluationPeriods <= longest, 'an alarm that looks at more than CloudWatch allows'),
  ];
}

/** What is missing of a service's alarms: each that is promised and no other, and that they go to the storage's topic. */
export function alarmsMissing(
  template: Template,
  stage: string,
  promised: readonly PromisedAlarm[],
): string[] {
  const alarms = ofType(template, 'AWS::CloudWatch::Alarm');
  const topic = JSON.stringify([{ 'Fn::ImportValue': `duo-storage-${stage}-AlarmTopicArn` }]);
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

/** An alarm that a service is to have, by what is unlike in others. */
export interface PromisedAlarm {
  readonly on: string;
  readonly metric: string;
  readonly dimension: string;
  readonly statistic: string;
  readonly missingData?: string;
}

/** The alarms of a log type. Of many accounts, services/accounts tells how each one's runs are: here is what concerns all of them. */
export function alarmsOf({
  name,
  stage,
  accounts = false,
  reconciles = true,
  newObjects = false,
}: Deployment): PromisedAlarm[] {
  const service = `"duo-${name}-${stage}"`;
  const ofReconcile = accounts ? alarmsOfAllReconciliations(service) : alarmsOfReconcile(service);
  return [
    ...(accounts ? [] : alarmsOfCollect(service)),
    ...(reconciles ? [...ofReconcile, ...alarmsOfRecords(service)] : []),
    ...(newObjects ? alarmsOfNewObjects : []),
  ];
}

function alarmsOfCollect(service: string): PromisedAlarm[] {
  const behind = { metric: 'BehindSeconds', dimension: service };
  return [
    { on: 'errors', metric: 'Errors', dimension: '"Ref":"CollectLambdaFunction"', statistic: 'Sum' },
    { on: 'being behind', ...behind, statistic: 'Minimum' },
    { on: 'throttling', metric: 'Throttles', dimension: service, statistic: 'Sum' },
    { on: 'silence', ...behind, statistic: 'SampleCount', missingData: 'breaching' },
    { on: 'dead letters', ...deadLetters('"ScheduleDeadLetters"') },
  ];
}

function alarmsOfRecords(service: string): PromisedAlarm[] {
  return ['Doubled', 'Astray', 'Deleted'].map((metric) => ({
    on: `${metric.toLowerCase()} records`,
    metric,
    dimension: service,
    statistic: 'Sum',
  }));
}

function alarmsOfReconcile(service: string): PromisedAlarm[] {
  return [
    {
      on: 'errors of reconciliations',
      metric: 'Errors',
      dimension: '"Ref":"ReconcileLambdaFunction"',
      statistic: 'Sum',
    },
    { on: "reconciliations' dead letters", ...deadLetters('"ReconcileScheduleDeadLetters"') },
    { on: 'unreconciled days', metric: 'UnreconciledDays', dimension: service, statistic: 'Minimum' },
  ];
}

function alarmsOfAllReconciliations(service: string): PromisedAlarm[] {
  return [
    {
      on: 'errors of reconciliations',
      metric: 'Errors',
      dimension: '"Ref":"ReconcileLambdaFunction"',
      statistic: 'Average',
    },
    { on: 'unreconciled days', metric: 'UnreconciledDays', dimension: service, statistic: 'Maximum' },
  ];
}

const alarmsOfNewObjects: readonly PromisedAlarm[] = [
  {
    on: 'new objects that nobody reads',
    metric: 'ApproximateAgeOfOldestMessage',
    dimension: '"NewObjects"',
    statistic: 'Maximum',
  },
  { on: "new objects' dead letters", ...deadLetters('"NewObjectsDeadLetters"') },
];

/** What an alarm on the messages of a queue of dead letters is on. */
export function deadLetters(queue: string): Omit<PromisedAlarm, 'on'> {
  return { metric: 'ApproximateNumberOfMessagesVisible', dimension: queue, statistic: 'Maximum' };
}
