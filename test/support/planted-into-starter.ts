import { allow, type Planted } from './plant';
import { keys, own } from './templates';

const statement = (n: number) => `StartRole.Properties.Policies.0.PolicyDocument.Statement.${n}`;
const lists = statement(0);
const refusal = statement(1);
const parents = statement(2);
const starts = statement(3);
const reads = statement(4);
const parameter = (path: string) => ({ 'Fn::Sub': own('ssm', `parameter/duo/${path}`) });
const functionNamed = (name: string) => ({ 'Fn::Sub': own('lambda', `function:${name}`) });

/** Faults in the starter of accounts of a stage. */
export function plantedIntoStarter(stage: string): Planted[] {
  const bucket = { 'Fn::ImportValue': `duo-storage-${stage}-BucketArn` };
  const within = (path: string) => ({ 'Fn::Join': ['', [bucket, path]] });
  return [
    [
      "another stage's accounts",
      lists,
      allow('ssm:GetParametersByPath', parameter('x/accounts/*')),
      'on arn:',
    ],
    [
      'all parameters of the stage',
      lists,
      allow('ssm:GetParametersByPath', parameter(`${stage}/*`)),
      'on arn:',
    ],
    ["an account's keys", parents, allow('ssm:GetParameters', parameter(`${stage}/accounts/*`)), 'on arn:'],
    [
      'decrypted credentials',
      refusal,
      allow('kms:Decrypt', keys.credentials),
      "may decrypt the accounts' credentials",
    ],
    ['credentials that are decrypted', `${refusal}.Effect`, 'Allow', "may decrypt the accounts' credentials"],
    [
      "another stage's credentials that alone are not decrypted",
      `${refusal}.Condition.StringLike`,
      { 'kms:EncryptionContext:PARAMETER_ARN': parameter('x/accounts/*') },
      "may decrypt the accounts' credentials",
    ],
    ['any function', starts, allow('lambda:InvokeFunction', functionNamed('*')), 'lambda:InvokeFunction on'],
    [
      'the functions of stages whose names end alike',
      starts,
      allow('lambda:InvokeFunction', functionNamed(`duo-*-${stage}-collect`)),
      'lambda:InvokeFunction on',
    ],
    ['reading logs', reads, allow('s3:GetObject', within('/logs/*')), 's3:GetObject on'],
    [
      'writing checkpoints',
      reads,
      allow('s3:PutObject', within('/state/*/accounts/*.json')),
      'does not need',
    ],
    ['a bucket of that name in any account', `${reads}.Condition`, undefined, 'may be of another account'],
    [
      'a key that is not of the settings',
      'BucketKeyPolicy.Properties.PolicyDocument.Statement.0.Resource',
      '*',
      'kms:Decrypt on *',
    ],
    [
      'a function outside the network',
      'StartLambdaFunction.Properties.VpcConfig',
      undefined,
      'not in the network',
    ],
    ['rounds that are retried', 'StartLambdaEvConf.Properties.MaximumRetryAttempts', 2, 'retries'],
    [
      'no queue of failed rounds',
      'StartLambdaEvConf.Properties.DestinationConfig',
      {},
      'without a destination',
    ],
    ['no retention', 'StartLogGroup.Properties.RetentionInDays', undefined, 'retention'],
    ['rounds that overlap', 'StartLambdaFunction.Properties.Timeout', 60, 'may last until the next one'],
    ['no schedule', 'Schedule', undefined, '0 schedules that run, not 1'],
    ['a slower schedule', 'Schedule.Properties.ScheduleExpression', 'rate(5 minutes)', 'every minute'],
    [
      'no dead letters',
      'Schedule.Properties.Target.DeadLetterConfig',
      undefined,
      'without a dead-letter queue',
    ],
    ['no retries', 'Schedule.Properties.Target.RetryPolicy', undefined, 'without a retry policy'],
    ['rounds of an unknown minute', 'Schedule.Properties.Target.Input', '{}', 'does not know its minute'],
    ...['STAGE', 'LOG_TYPES'].map(
      (name): Planted => [
        'a starter of something else',
        `StartLambdaFunction.Properties.Environment.Variables.${name}`,
        'telephony',
        'does not know the stage, or which log types',
      ],
    ),
    ['no alarm on the worst', 'BehindAlarm', undefined, 'no alarm on an account that is behind'],
    ['no alarm on many', 'AccountsBehindAlarm', undefined, 'no alarm on many that are behind'],
    ['no alarm on those that fail', 'AccountsFailingAlarm', undefined, 'no alarm on accounts that fail'],
    ['no alarm on errors', 'FailingAlarm', undefined, 'no alarm on errors'],
    ['no alarm on silence', 'SilentAlarm', undefined, 'no alarm on silence'],
    [
      'silence that alarms no one',
      'SilentAlarm.Properties.TreatMissingData',
      'ignore',
      'no alarm on silence',
    ],
    ['no alarm on dead letters', 'NotStartedAlarm', undefined, 'no alarm on dead letters'],
    [
      'an alarm on one log',
      'BehindAlarm.Properties.Dimensions',
      [{ Name: 'service', Value: 'duo-telephony-accounts' }],
      'no alarm on an account that is behind',
    ],
  ];
}
