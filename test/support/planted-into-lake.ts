import { allow, type Planted } from './plant';
import { own } from './templates';

const statement = (n: number) => `TurnRole.Properties.Policies.0.PolicyDocument.Statement.${n}`;
const reads = statement(0);
const puts = statement(1);
const states = statement(2);
const table = 'BaseEventTable.Properties';
const input = `${table}.TableInput`;
const storage = `${input}.StorageDescriptor`;

/** Faults in the lake of a stage. */
export function plantedIntoLake(stage: string): Planted[] {
  const bucket = { 'Fn::ImportValue': `duo-storage-${stage}-BucketArn` };
  const within = (path: string) => ({ 'Fn::Join': ['', [bucket, path]] });
  return [
    ['reading receipts', reads, allow('s3:GetObject', within('/receipts/*')), 's3:GetObject on'],
    ['reading checkpoints', reads, allow('s3:GetObject', within('/state/telephony.json')), 's3:GetObject on'],
    ['reading the whole bucket', reads, allow('s3:GetObject', within('/*')), 's3:GetObject on'],
    ['reading the lake', reads, allow('s3:GetObject', within('/lake/*')), 's3:GetObject on'],
    ['writing logs', puts, allow('s3:PutObject', within('/logs/*')), 's3:PutObject on'],
    ['writing receipts', puts, allow('s3:PutObject', within('/receipts/*')), 's3:PutObject on'],
    ['deleting', puts, allow('s3:DeleteObject', within('/lake/*')), 'does not need'],
    ['every state of a log', states, allow('s3:PutObject', within('/state/telephony/*')), 's3:PutObject on'],
    [
      'the days of a log',
      states,
      allow('s3:PutObject', within('/state/telephony/days/*')),
      's3:PutObject on',
    ],
    [
      'the states of all that are called so',
      states,
      allow('s3:PutObject', within('/state/*/lake/*')),
      's3:PutObject on',
    ],
    ['a bucket of that name in any account', `${puts}.Condition`, undefined, 'may be of another account'],
    [
      'credentials of Duo',
      reads,
      allow('ssm:GetParameters', { 'Fn::Sub': own('ssm', `parameter/duo/${stage}/skey`) }),
      'does not need',
    ],
    ['crawling', reads, allow('glue:CreatePartition', '*'), 'does not need'],
    [
      'a key that is not of the settings',
      'BucketKeyPolicy.Properties.PolicyDocument.Statement.0.Resource',
      '*',
      'kms:GenerateDataKey on *',
    ],
    [
      'a function outside the network',
      'TurnLambdaFunction.Properties.VpcConfig',
      undefined,
      'not in the network',
    ],
    ['runs that are retried', 'TurnLambdaEvConf.Properties.MaximumRetryAttempts', 2, 'retries'],
    ['no queue of failed runs', 'TurnLambdaEvConf.Properties.DestinationConfig', {}, 'without a destination'],
    ['no retention', 'TurnLogGroup.Properties.RetentionInDays', undefined, 'retention'],
    ['a run that has no time', 'TurnLambdaFunction.Properties.Timeout', 60, 'without the minute'],
    ['a run that lasts too long', 'TurnLambdaFunction.Properties.Timeout', 901, 'without the minute'],
    ['too little memory', 'TurnLambdaFunction.Properties.MemorySize', 512, 'too little memory'],
    ['no schedule', 'Schedule', undefined, '0 schedules that run, not 1'],
    ['a slower schedule', 'Schedule.Properties.ScheduleExpression', 'rate(1 day)', 'every hour'],
    [
      'no dead letters',
      'Schedule.Properties.Target.DeadLetterConfig',
      undefined,
      'without a dead-letter queue',
    ],
    ['no retries', 'Schedule.Properties.Target.RetryPolicy', undefined, 'without a retry policy'],
    ['a run of an unknown hour', 'Schedule.Properties.Target.Input', '{}', 'does not know its hour'],
    ...['LOG_TYPES', 'LAKE_REGION', 'LAKE_ACCOUNT'].map(
      (name): Planted => [
        'a lake of something else',
        `TurnLambdaFunction.Properties.Environment.Variables.${name}`,
        'telephony',
        'does not know where the lake lies, or which log types',
      ],
    ),
    ...['STORE_URL', 'STORE_KMS_KEY_ARN'].map(
      (name): Planted => [
        'another bucket or key',
        `TurnLambdaFunction.Properties.Environment.Variables.${name}`,
        's3://another',
        'another bucket or key',
      ],
    ),
    [
      'credentials in the environment',
      'TurnLambdaFunction.Properties.Environment.Variables.DUO_CREDENTIALS',
      'ssm:/duo/x',
      'told of Duo',
    ],
    ['no alarm on errors', 'FailingAlarm', undefined, 'no alarm on errors'],
    ['no alarm on folders that wait', 'StoppedAlarm', undefined, 'no alarm on folders that wait'],
    ['no alarm on silence', 'SilentAlarm', undefined, 'no alarm on silence'],
    ['no alarm on dead letters', 'NotStartedAlarm', undefined, 'no alarm on dead letters'],
    [
      'silence that alarms no one',
      'SilentAlarm.Properties.TreatMissingData',
      'ignore',
      'no alarm on silence',
    ],
    [
      'silence in one long period',
      'SilentAlarm.Properties.EvaluationPeriods',
      1,
      'an alarm on what is missing that comes several of its periods late',
    ],
    [
      'folders of all stages',
      'StoppedAlarm.Properties.Dimensions',
      [{ Name: 'service', Value: 'duo-lake-x' }],
      'no alarm on folders that wait',
    ],
    [
      'an alarm that stays where no folder waits any more',
      'StoppedAlarm.Properties.TreatMissingData',
      'ignore',
      'does not end when its metric is no longer published',
    ],
    [
      'an alarm that tells someone else',
      'StoppedAlarm.Properties.AlarmActions',
      ['arn:aws:sns:us-east-1:123456789012:x'],
      "does not go to the storage's topic",
    ],
    [
      'a database of another name',
      'LakeDatabase.Properties.DatabaseInput.Name',
      `duo-${stage}`,
      'the databases duo-',
    ],
    ['no database', 'LakeDatabase', undefined, 'the databases none'],
    ['no table', 'BaseEventTable', undefined, 'no table base_event'],
    ['a table that is not promised', `${input}.Name`, 'other', 'no table base_event'],
    ['a table of another database', `${table}.DatabaseName`, 'default', 'a table of another database'],
    ['a table of another catalog', `${table}.CatalogId`, '123456789012', 'a table of another database'],
    ['a managed table', `${input}.TableType`, 'MANAGED_TABLE', 'would go with it'],
    ['a table of JSON', `${storage}.SerdeInfo.SerializationLibrary`, 'x.JsonSerDe', 'not read as Parquet'],
    ['a table of text', `${storage}.InputFormat`, 'x.TextInputFormat', 'not read as Parquet'],
    ['a table of the logs', `${storage}.Location`, 's3://example/logs/', 'a table that lies elsewhere'],
    ['another column', `${storage}.Columns.0.Name`, 'colour', 'a table with other columns'],
    ['a column of another type', `${storage}.Columns.0.Type`, 'string', 'a table with other columns'],
    ['other partitions', `${input}.PartitionKeys.2.Name`, 'day', 'a table by other partitions'],
  ];
}
