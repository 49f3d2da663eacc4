import { alarmsMissing, deadLetters, type PromisedAlarm } from './alarms';
import { checkTemplate } from './check';
import { functionFaults } from './functions';
import { networkFaults, statementsOfRole } from './network';
import { arnText } from './rights/arn-text';
import {
  bucketArn,
  type Deployment,
  type Grants,
  grantsOfAny,
  ownArn,
  scheduleGrants,
} from './rights/grants';
import { scheduleFaults } from './schedule';
import { record, type Template, unless } from './template';

/** The starter of accounts, services/accounts, as a stage deploys it. */
export interface StarterDeployment extends Pick<Deployment, 'stage' | 'keys' | 'bucketAccount' | 'vpc'> {
  /** The log types whose functions it may start. */
  readonly logTypes: readonly string[];
}

/** What is wrong with the template of services/accounts: it may do too much, or its function, schedule or an alarm is not as promised. */
export function checkAccounts(template: Template, deployment: StarterDeployment): string[] {
  const { stage, bucketAccount, logTypes } = deployment;
  const starter = { ...deployment, name: 'accounts' };
  return [
    ...checkTemplate(template, starterGrants(deployment), bucketAccount),
    ...functionFaults(template, ['Start']),
    ...networkFaults(template, starter, ['Start']),
    ...scheduleFaults(template, ['Start']),
    ...roundFaults(template, stage, logTypes),
    ...decryptionFaults(template, stage),
    ...alarmsMissing(template, stage, promised(`"duo-accounts-${stage}"`)),
  ];
}

function starterGrants(deployment: StarterDeployment): Record<string, Grants> {
  const { stage, logTypes, keys = {} } = deployment;
  const parameter = (rest: string) => ownArn('ssm', `parameter/duo/${stage}/${rest}`);
  return {
    StartRole: {
      ...grantsOfAny({ ...deployment, name: 'accounts' }, 'start', 'FailedRuns'),
      's3:GetObject': [bucketArn(stage, '/state/*/accounts/*.json')],
      'ssm:GetParametersByPath': [parameter('accounts'), parameter('accounts/*')],
      'ssm:GetParameters': [parameter('parent/*')],
      'lambda:InvokeFunction': logTypes.flatMap((name) =>
        ['collect', 'reconcile'].map((work) => ownArn('lambda', `function:duo-${name}-${stage}-${work}`)),
      ),
      'kms:Decrypt': [keys.bucket, keys.credentials].filter((arn) => arn !== undefined),
    },
    ScheduleRole: scheduleGrants('StartLambdaFunction', 'ScheduleDeadLetters'),
  };
}

/** What is wrong with when a round comes, with what it is told, and with how long it may take. */
function roundFaults({ Resources }: Template, stage: string, logTypes: readonly string[]): string[] {
  const { ScheduleExpression, Target } = record(Resources.Schedule?.Properties);
  const { Timeout, Environment } = record(Resources.StartLambdaFunction?.Properties);
  const { STAGE, LOG_TYPES } = record(record(Environment).Variables);
  return [
    ...unless(ScheduleExpression === 'rate(1 minute)', 'Schedule: rounds that do not come every minute'),
    ...unless(
      record(Target).Input === '{"at":"<aws.scheduler.scheduled-time>"}',
      'Schedule: a round that does not know its minute',
    ),
    ...unless(typeof Timeout === 'number' && Timeout < 60, 'a round that may last until the next one'),
    ...unless(
      STAGE === stage && LOG_TYPES === logTypes.toSorted().join(','),
      'StartLambdaFunction: it does not know the stage, or which log types there are',
    ),
  ];
}

/** The starter lists the parameters of accounts, and SSM would decrypt them for it with AWS's own key. */
function decryptionFaults(template: Template, stage: string): string[] {
  const isRefused = statementsOfRole(template, 'StartRole').some(
    ({ Effect, Action = [], Resource = [], Condition: condition }) =>
      Effect === 'Deny' &&
      Action.includes('kms:Decrypt') &&
      Resource.includes('*') &&
      arnText(condition?.StringLike?.['kms:EncryptionContext:PARAMETER_ARN']) ===
        ownArn('ssm', `parameter/duo/${stage}/accounts/*`),
  );
  return unless(isRefused, "StartRole: it may decrypt the accounts' credentials");
}

function promised(service: string): PromisedAlarm[] {
  const worst = { metric: 'WorstBehindSeconds', dimension: service };
  return [
    { on: 'an account that is behind', ...worst, statistic: 'Maximum' },
    { on: 'many that are behind', metric: 'AccountsBehind', dimension: service, statistic: 'Sum' },
    { on: 'accounts that fail', metric: 'AccountsFailing', dimension: service, statistic: 'Sum' },
    { on: 'errors', metric: 'Errors', dimension: '"Ref":"StartLambdaFunction"', statistic: 'Sum' },
    { on: 'silence', ...worst, statistic: 'SampleCount', missingData: 'breaching' },
    { on: 'dead letters', ...deadLetters('"ScheduleDeadLetters"') },
  ];
}
