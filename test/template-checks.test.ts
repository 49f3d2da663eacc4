import { describe, expect, test } from '@jest/globals';
import { checkLogType, checkTemplate, idsOfSeveralTypes, logTypeGrants } from 'duo-contract/templates';
import { allow, document, type Planted, plant } from './support/plant';
import { bucketAccount, keys, own, packaged, storageGrants, vpc } from './support/templates';

/*
 * The checks of the templates themselves: each fault is planted into a real template and has to be found.
 */

const stage = 'everything';
const logType = packaged('telephony', stage);
const storage = packaged('storage', stage);
const deployment = { name: 'telephony', stage, keys, newObjects: true, vpc };

const managedPolicy = ['arn:aws:iam::aws:policy/AmazonS3FullAccess'];
const bucketArn = { 'Fn::ImportValue': `duo-storage-${stage}-BucketArn` };
const within = (path: string) => ({ 'Fn::Join': ['', [bucketArn, path]] });
const parameter = (path: string) => ({ 'Fn::Sub': own('ssm', `parameter/duo/${stage}${path}`) });

const collect = 'CollectRole.Properties';
const collects = `${collect}.Policies.0.PolicyDocument.Statement.0`;
const reconciles = 'ReconcileRole.Properties.Policies.0.PolicyDocument.Statement.0';
const variables = 'CollectLambdaFunction.Properties.Environment.Variables';
const target = 'Schedule.Properties.Target';
const network = `${collect}.Policies.1.PolicyDocument.Statement`;
const reconcilesInNetwork = 'ReconcileRole.Properties.Policies.1.PolicyDocument.Statement';
const createInterface = 'ec2:CreateNetworkInterface';
const toAnyone = 'NewObjectsPolicy.Properties.PolicyDocument';

const plantedIntoLogType: Planted[] = [
  ['every action', collects, allow('*', within('/logs/telephony/*')), 'wildcard action'],
  ['every action of S3', collects, allow('s3:*', within('/logs/telephony/*')), 'wildcard action'],
  ['an action of many', collects, allow('s3:Put*', within('/logs/telephony/*')), 'wildcard action'],
  ['every resource', collects, allow('s3:PutObject', '*'), 's3:PutObject on *'],
  ['the whole bucket', collects, allow('s3:PutObject', within('/*')), 's3:PutObject on'],
  ["every type's logs", collects, allow('s3:PutObject', within('/logs/*')), 's3:PutObject on'],
  ["another type's logs", collects, allow('s3:PutObject', within('/logs/activity/*')), 's3:PutObject on'],
  [
    "another type's state",
    collects,
    allow('s3:GetObject', within('/state/activity.json')),
    's3:GetObject on',
  ],
  ['reading logs', collects, allow('s3:GetObject', within('/logs/telephony/*')), 's3:GetObject on'],
  ['writing receipts', collects, allow('s3:PutObject', within('/receipts/telephony/*')), 's3:PutObject on'],
  [
    'reconciling the logs of every type',
    reconciles,
    allow('s3:GetObject', within('/logs/*')),
    's3:GetObject on',
  ],
  [
    "reconciling another type's logs",
    reconciles,
    allow('s3:PutObject', within('/logs/activity/*')),
    's3:PutObject on',
  ],
  [
    "another type's receipts",
    reconciles,
    allow('s3:GetObject', within('/receipts/activity/*')),
    's3:GetObject on',
  ],
  [
    'reconciling that writes the checkpoint',
    reconciles,
    allow('s3:PutObject', within('/state/telephony.json')),
    's3:PutObject on',
  ],
  [
    'reconciling that deletes',
    reconciles,
    allow('s3:DeleteObject', within('/logs/telephony/*')),
    'does not need',
  ],
  ['deleting', collects, allow('s3:DeleteObject', within('/logs/telephony/*')), 'does not need'],
  ['all parameters', collects, allow('ssm:GetParameters', parameter('/*')), 'ssm:GetParameters on'],
  ['parameters by path', collects, allow('ssm:GetParametersByPath', parameter('')), 'does not need'],
  ...[0, 1, 2].flatMap((n) =>
    ['CollectRole', 'ReconcileRole'].map(
      (role): Planted => [
        'a bucket of that name in any account',
        `${role}.Properties.Policies.0.PolicyDocument.Statement.${n}.Condition`,
        undefined,
        `${role}: s3:`,
      ],
    ),
  ),
  ...[
    { StringEquals: { 'aws:ResourceAccount': bucketAccount } },
    { StringLike: { 'aws:ResourceAccount': '*' } },
    { StringEqualsIfExists: { 'aws:ResourceAccount': { Ref: 'AWS::AccountId' } } },
    { StringEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } } },
  ].map(
    (condition): Planted => [
      'a bucket of an account that the settings do not name',
      `${collects}.Condition`,
      condition,
      's3:PutObject on a bucket that may be of another account',
    ],
  ),
  [
    'a function outside the network',
    'CollectLambdaFunction.Properties.VpcConfig',
    undefined,
    'CollectLambdaFunction: not in the network of the settings',
  ],
  [
    'a function in another network',
    'ReconcileLambdaFunction.Properties.VpcConfig.SubnetIds',
    vpc.subnetIds.slice(1),
    'ReconcileLambdaFunction: not in the network of the settings',
  ],
  [
    'a role that Lambda cannot connect to the network with',
    `${network}.0.Action`,
    'ec2:DescribeSubnets',
    `${createInterface} is missing`,
  ],
  [
    'a role that may do more in the network',
    `${network}.0.Action`,
    'ec2:AttachNetworkInterface',
    'ec2:AttachNetworkInterface, which it does not need',
  ],
  [
    'code that does what Lambda does',
    `${reconcilesInNetwork}.1.Effect`,
    'Allow',
    `ReconcileRole: ${createInterface} by the function's own code`,
  ],
  [
    'code of one function that is taken for that of the other',
    `${reconcilesInNetwork}.1.Condition.ArnEquals`,
    { 'lambda:SourceFunctionArn': { 'Fn::Sub': own('lambda', `function:duo-telephony-${stage}-collect`) } },
    `ReconcileRole: ${createInterface} by the function's own code`,
  ],
  ['any key', collects, allow('kms:Decrypt', '*'), 'kms:Decrypt on *'],
  ['any log group', collects, allow('logs:PutLogEvents', 'arn:aws:logs:*:*:*'), 'logs:PutLogEvents on'],
  [
    'any function',
    'ScheduleRole.Properties.Policies.0.PolicyDocument.Statement.0',
    allow('lambda:InvokeFunction', '*'),
    'lambda:InvokeFunction on *',
  ],
  [
    'all but some',
    collects,
    { Effect: 'Allow', NotAction: 's3:DeleteObject', Resource: within('/logs/telephony/*') },
    'what it does not allow',
  ],
  ['a managed policy of AWS', `${collect}.ManagedPolicyArns`, managedPolicy, 'the managed policy'],
  [
    'a policy beside the role',
    'WriterKeyPolicy.Properties.PolicyDocument',
    document(allow('s3:*', '*')),
    'wildcard action',
  ],
  [
    'a role for anyone',
    `${collect}.AssumeRolePolicyDocument`,
    document({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } }),
    'a role for anyone',
  ],
  ['the secret key in the environment', `${variables}.DUO_SKEY`, 'made-up', 'DUO_SKEY'],
  ['a secret under a known name', `${variables}.DUO_CREDENTIALS`, 'DIXXXXXXXXXXXXXXXXXX', 'a secret'],
  ['a secret by reference', `${variables}.STORE_URL`, '{{resolve:ssm-secure:/duo/prod/skey}}', 'a secret'],
  ['an access key', 'Key', { Type: 'AWS::IAM::AccessKey', Properties: {} }, 'an access key'],
  ['an unencrypted queue', 'FailedRuns.Properties.SqsManagedSseEnabled', undefined, 'an unencrypted queue'],
  [
    'an unencrypted queue of new objects',
    'NewObjects.Properties.SqsManagedSseEnabled',
    false,
    'an unencrypted queue',
  ],
  [
    'a queue that is open to all',
    toAnyone,
    document(allow('sqs:SendMessage', '*', { Principal: '*' })),
    'open to',
  ],
  [
    "a queue that is open to everyone's topics",
    toAnyone,
    document(allow('sqs:SendMessage', '*', { Principal: { Service: 'sns.amazonaws.com' } })),
    'open to',
  ],
  ['no alarm on errors', 'FailingAlarm', undefined, 'no alarm on errors'],
  ['no alarm on being behind', 'BehindAlarm', undefined, 'no alarm on being behind'],
  ['no alarm on throttling', 'ThrottledAlarm', undefined, 'no alarm on throttling'],
  ['no alarm on silence', 'SilentAlarm', undefined, 'no alarm on silence'],
  [
    'silence that alarms no one',
    'SilentAlarm.Properties.TreatMissingData',
    'notBreaching',
    'no alarm on silence',
  ],
  [
    'silence that is looked for in one long period',
    'SilentAlarm.Properties.EvaluationPeriods',
    1,
    'SilentAlarm: an alarm on what is missing that comes several of its periods late',
  ],
  [
    'silence of any one period',
    'SilentAlarm.Properties.DatapointsToAlarm',
    1,
    'SilentAlarm: an alarm on what is missing that comes several of its periods late',
  ],
  [
    'a period that is no multiple of a minute',
    'SilentAlarm.Properties.Period',
    375,
    'SilentAlarm: an alarm whose period is not of whole minutes',
  ],
  [
    'periods that are together more than a day',
    'FailingAlarm.Properties.EvaluationPeriods',
    100,
    'FailingAlarm: an alarm that looks at more than CloudWatch allows',
  ],
  ['no alarm on dead letters', 'NotStartedAlarm', undefined, 'no alarm on dead letters'],
  ['an alarm fewer than promised', 'NotStartedAlarm', undefined, '12 alarms, not 13'],
  ['no alarm on failing reconciliations', 'ReconcileFailingAlarm', undefined, 'no alarm on errors of reconc'],
  [
    'an alarm of reconciliations that looks at the other function',
    'ReconcileFailingAlarm.Properties.Dimensions',
    [{ Name: 'FunctionName', Value: { Ref: 'CollectLambdaFunction' } }],
    'no alarm on errors of reconciliations',
  ],
  [
    "no alarm on reconciliations' dead letters",
    'ReconcileNotStartedAlarm',
    undefined,
    "no alarm on reconciliations' dead letters",
  ],
  ['no alarm on doubled records', 'DoubledAlarm', undefined, 'no alarm on doubled records'],
  ['no alarm on astray records', 'AstrayAlarm', undefined, 'no alarm on astray records'],
  ['no alarm on deleted records', 'DeletedAlarm', undefined, 'no alarm on deleted records'],
  ['no alarm on unreconciled days', 'UnreconciledAlarm', undefined, 'no alarm on unreconciled days'],
  ['an alarm that never ends', 'DeletedAlarm.Properties.OKActions', undefined, 'when it is over'],
  ...['ThrottledAlarm', 'DoubledAlarm', 'AstrayAlarm', 'DeletedAlarm', 'UnreconciledAlarm'].flatMap((alarm) =>
    ['ignore', 'missing', 'breaching', undefined].map(
      (value): Planted => [
        'an alarm on what runs leave out that stays as it is when nothing is published',
        `${alarm}.Properties.TreatMissingData`,
        value,
        `${alarm}: an alarm that does not end when its metric is no longer published`,
      ],
    ),
  ),
  ...['Minimum', 'Average', 'SampleCount'].map(
    (statistic): Planted => [
      'an alarm that counts only the runs which met a 429',
      'ThrottledAlarm.Properties.Statistic',
      statistic,
      'ThrottledAlarm: an alarm whose statistic is another without what is 0',
    ],
  ),
  [
    'an alarm of another function',
    'FailingAlarm.Properties.Dimensions',
    [{ Name: 'FunctionName', Value: 'another' }],
    'no alarm on errors',
  ],
  ['an alarm that tells no one', 'BehindAlarm.Properties.AlarmActions', [], 'tells no one'],
  ['an alarm that is turned off', 'BehindAlarm.Properties.ActionsEnabled', false, 'tells no one'],
  ['no retention', 'CollectLogGroup.Properties.RetentionInDays', undefined, 'retention'],
  ['no log group', 'CollectLogGroup', undefined, 'retention'],
  ['no log group of reconciliations', 'ReconcileLogGroup', undefined, 'retention'],
  ['no function that reconciles', 'ReconcileLambdaFunction', undefined, '1 functions, not 2'],
  [
    'one role for both functions',
    'ReconcileLambdaFunction.Properties.Role',
    { 'Fn::GetAtt': ['CollectRole', 'Arn'] },
    'without a role of its own',
  ],
  [
    'a function that collects under both names',
    'ReconcileLambdaFunction.Properties.Handler',
    'src/handler.collect',
    'runs something else',
  ],
  [
    'one queue of failed runs for both functions',
    'ReconcileLambdaEvConf.Properties.DestinationConfig.OnFailure.Destination',
    { 'Fn::GetAtt': ['FailedRuns', 'Arn'] },
    'without a destination',
  ],
  [
    'one role for both schedules',
    'ReconcileSchedule.Properties.Target.RoleArn',
    { 'Fn::GetAtt': ['ScheduleRole', 'Arn'] },
    'a schedule without a role of its own',
  ],
  [
    'one queue of dead letters for both schedules',
    'ReconcileSchedule.Properties.Target.DeadLetterConfig.Arn',
    { 'Fn::GetAtt': ['ScheduleDeadLetters', 'Arn'] },
    'without a dead-letter queue',
  ],
  [
    'two schedules of one function',
    'ReconcileSchedule.Properties.Target.Arn',
    { 'Fn::GetAtt': ['CollectLambdaFunction', 'Arn'] },
    'no schedule of ReconcileLambdaFunction',
  ],
  ['no dead-letter queue', `${target}.DeadLetterConfig`, undefined, 'without a dead-letter queue'],
  ['no retry policy', `${target}.RetryPolicy`, undefined, 'without a retry policy'],
  ['a schedule that is turned off', 'Schedule.Properties.State', 'DISABLED', 'schedules that run'],
  ['no schedule', 'Schedule', undefined, '1 schedules that run, not 2'],
  ['no destination', 'CollectLambdaEvConf.Properties.DestinationConfig', {}, 'without a destination'],
  ['retries by Lambda as well', 'CollectLambdaEvConf.Properties.MaximumRetryAttempts', 2, 'retries'],
  ...['CollectLambdaEvConf', 'ReconcileLambdaEvConf'].flatMap((id) =>
    [undefined, 21_600].map(
      (value): Planted => [
        'a run that Lambda starts hours later',
        `${id}.Properties.MaximumEventAgeInSeconds`,
        value,
        'a function whose runs wait in Lambda when the next is due',
      ],
    ),
  ),
  [
    'messages of new objects that come back before they are read',
    'NewObjects.Properties.VisibilityTimeout',
    undefined,
    'NewObjects: messages that come back too soon',
  ],
  [
    'new objects without dead letters',
    'NewObjects.Properties.RedrivePolicy',
    undefined,
    'NewObjects: messages that are lost',
  ],
  [
    'new objects whose dead letters go to another queue',
    'NewObjects.Properties.RedrivePolicy.deadLetterTargetArn',
    { 'Fn::GetAtt': ['ScheduleDeadLetters', 'Arn'] },
    'NewObjects: messages that are lost',
  ],
  [
    'new objects that are given up at once',
    'NewObjects.Properties.RedrivePolicy.maxReceiveCount',
    3,
    'given up too soon',
  ],
  ...['Schedule', 'ReconcileSchedule'].map(
    (schedule): Planted => [
      'a schedule that does not wait for the subscription',
      `${schedule}.DependsOn`,
      undefined,
      `${schedule}: a run before there is a subscription`,
    ],
  ),
  ['no subscription of new objects', 'NewObjectsSubscription', undefined, 'announced to nobody'],
  [
    'no alarm on new objects that nobody reads',
    'NewObjectsUnreadAlarm',
    undefined,
    'no alarm on new objects that nobody reads',
  ],
  [
    "no alarm on new objects' dead letters",
    'NewObjectsFailingAlarm',
    undefined,
    "no alarm on new objects' dead letters",
  ],
  ['a log in plain text', 'CollectLambdaFunction.Properties.LoggingConfig', undefined, 'not JSON'],
  ['another processor', 'CollectLambdaFunction.Properties.Architectures', ['x86_64'], 'not on arm64'],
  [
    'an open deployment bucket',
    'ServerlessDeploymentBucket.Properties.PublicAccessBlockConfiguration',
    undefined,
    'can be public',
  ],
];

const bucket = 'Bucket.Properties';
const reads = 'ReaderPolicy.Properties.PolicyDocument';

const plantedIntoStorage: Planted[] = [
  ['a public bucket', `${bucket}.PublicAccessBlockConfiguration`, undefined, 'can be public'],
  [
    'a bucket that one rule opens',
    `${bucket}.PublicAccessBlockConfiguration.BlockPublicPolicy`,
    false,
    'can be public',
  ],
  ['a bucket with a public list', `${bucket}.AccessControl`, 'PublicRead', 'can be public'],
  [
    'a bucket policy for all',
    'BucketPolicy.Properties.PolicyDocument.Statement.1',
    allow('s3:GetObject', '*', { Principal: '*' }),
    'open to "*"',
  ],
  ['an unencrypted bucket', `${bucket}.BucketEncryption`, undefined, 'an unencrypted bucket'],
  ['a bucket without TLS', 'BucketPolicy', undefined, 'without TLS'],
  ['a bucket without versions', `${bucket}.VersioningConfiguration`, undefined, 'without versions'],
  ['a bucket with objects of others', `${bucket}.OwnershipControls`, undefined, 'owned by others'],
  ['a bucket that goes with its stack', 'Bucket.DeletionPolicy', undefined, 'goes with its stack'],
  ['a bucket that goes when it is replaced', 'Bucket.UpdateReplacePolicy', 'Delete', 'goes with its stack'],
  [
    'a bucket that is left behind each time that a first deployment fails',
    'Bucket.DeletionPolicy',
    'Retain',
    'a bucket that a first deployment leaves behind',
  ],
  ...['DeletionPolicy', 'UpdateReplacePolicy'].map(
    (policy): Planted => [
      'a bucket policy that does not stay with the bucket',
      `BucketPolicy.${policy}`,
      undefined,
      'without TLS once its stack is removed',
    ],
  ),
  [
    'a reader of checkpoints',
    reads,
    document(allow('s3:GetObject', { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, '/*']] })),
    's3:GetObject on',
  ],
  ...[0, 1].map(
    (n): Planted => [
      'a reader of a bucket of that name in any account',
      `${reads}.Statement.${n}.Condition.StringEquals`,
      undefined,
      'on a bucket that may be of another account',
    ],
  ),
  ['a reader that deletes', reads, document(allow('s3:DeleteObject', '*')), 'does not need'],
  [
    'a reader with a managed policy of AWS',
    'ReaderRole.Properties.ManagedPolicyArns',
    managedPolicy,
    'the managed policy',
  ],
  [
    'a role for everyone with a token',
    'ReaderRole.Properties.AssumeRolePolicyDocument.Statement.0.Condition',
    undefined,
    'everyone with a token',
  ],
  [
    'a topic that is open to all',
    'AlarmTopicPolicy.Properties.PolicyDocument',
    document(allow('sns:Publish', '*', { Principal: { AWS: '*' } })),
    'open to',
  ],
  ['a group, which no one checks', 'Group', { Type: 'AWS::IAM::Group', Properties: {} }, 'no one checks'],
];

describe('the checks find', () => {
  const found = (faults: string[], expected: string) => expect(faults.join('\n')).toContain(expected);

  test.each(plantedIntoLogType)('in a log type: %s (%s)', (_, path, value, expected) => {
    found(checkLogType(plant(logType, path, value), deployment), expected);
  });

  test.each(plantedIntoStorage)('in the storage: %s (%s)', (_, path, value, expected) => {
    found(checkTemplate(plant(storage, path, value), storageGrants()), expected);
  });

  test('a network that the settings leave out', () => {
    const faults = checkLogType(logType, { name: 'telephony', stage, keys, newObjects: true });
    found(faults, 'CollectLambdaFunction: in a network, which the settings do not name');
    found(faults, 'ReconcileRole: the action ec2:DeleteNetworkInterface, which it does not need');
  });

  test('a reader that deletes in a bucket of any account', () => {
    const template = packaged('storage', 'own-bucket');
    const path = 'ReaderUser.Properties.Policies.0.PolicyDocument.Statement.0.Condition';
    const grants = storageGrants({ bucket: `arn:\${AWS::Partition}:s3:::example-logs`, deletes: true });
    found(
      checkTemplate(plant(template, path, undefined), grants, bucketAccount),
      's3:DeleteObject on a bucket that may be of another account',
    );
  });

  test('a function that the settings leave out', () => {
    const faults = checkLogType(logType, { ...deployment, reconciles: false });
    found(faults, '2 functions, not 1');
    found(faults, 'ReconcileRole: the action s3:GetObject, which it does not need');
  });

  test('new objects that the settings do not want', () => {
    found(checkLogType(logType, { ...deployment, newObjects: false }), 'announced unasked');
  });

  test('an id that is a role with one setting and a user with another', () => {
    const user = plant(storage, 'ReaderRole.Type', 'AWS::IAM::User');
    expect(idsOfSeveralTypes([storage, user])).toEqual(['ReaderRole: AWS::IAM::Role, AWS::IAM::User']);
  });

  test('a key that is used without being a setting', () => {
    found(checkTemplate(logType, logTypeGrants({ name: 'telephony', stage })), 'kms:GenerateDataKey on');
  });
});
