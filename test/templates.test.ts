import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { packageService } from 'duo-contract/package-service';
import {
  checkLogType,
  checkTemplate,
  type Grants,
  logTypeGrants,
  parseTemplate,
  type Template,
} from 'duo-contract/templates';

/** It has no types of its own. */
const validate: (
  definition: object,
  options: { checkPaths: boolean; checkArn: boolean },
) => { errors: readonly object[] } = require('asl-validator');

const root = join(__dirname, '..');
const settings = join(__dirname, 'settings');

// The templates of the log types with the default settings are checked by the contract suite, which packages them anyway.
const stages = ['dev', 'everything', 'own-bucket'] as const;
const packaged = (service: string, stage: string) =>
  parseTemplate(packageService(join(root, 'services', service), { stage, settings }).template);
const storage = Object.fromEntries(stages.map((stage) => [stage, packaged('storage', stage)]));
const logType = Object.fromEntries(
  stages.slice(1).map((stage) => [stage, packaged('telephony', stage)] as const),
);

const keys = {
  bucket: 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555',
  credentials: 'arn:aws:kms:us-east-1:123456789012:key/66666666-7777-8888-9999-000000000000',
};

/** All that the SIEM's reader may do. */
const reader = (bucket: string, deletes = false): Record<string, Grants> => ({
  ReaderPolicy: {
    's3:ListBucket': [bucket],
    's3:GetObject': [`${bucket}/logs/*`],
    'kms:Decrypt': [keys.bucket],
  },
  ...(deletes && { Reader: { 's3:DeleteObject': [`${bucket}/logs/*`] } }),
});
const own = (service: string, rest: string) =>
  `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${rest}`;

/** All that the state machine of backfills may do. */
const backfill = (stage: string): Grants => ({
  'lambda:InvokeFunction': [own('lambda', `function:duo-*-${stage}-collect`)],
  'states:StartExecution': [own('states', `stateMachine:duo-backfill-${stage}`)],
  ...Object.fromEntries(
    ['states:DescribeExecution', 'states:StopExecution'].map((action) => [
      action,
      [`:*`, `/Parts:*`].map((rest) => own('states', `execution:duo-backfill-${stage}${rest}`)),
    ]),
  ),
});
const ownBucket = `arn:\${AWS::Partition}:s3:::example-logs`;

describe('the template of the storage', () => {
  test.each([
    ['dev', '{Bucket.Arn}', false],
    ['everything', '{Bucket.Arn}', false],
    ['own-bucket', ownBucket, true],
  ])('with the settings "%s" is private, and allows no more than is needed', (stage, bucket, deletes) => {
    const grants = { ...reader(bucket, deletes), BackfillRole: backfill(stage) };
    expect(checkTemplate(template(storage, stage), grants)).toEqual([]);
  });

  test('lets the reader delete only where the settings say so', () => {
    const { Policies } = properties(storage['own-bucket'], 'Reader');
    expect(JSON.stringify(Policies)).toContain('s3:DeleteObject');
    expect(JSON.stringify(storage.everything)).not.toContain('DeleteObject');
  });

  test('has a bucket, two topics and a dashboard, and neither reader nor subscriber unless there are settings', () => {
    expect(types(storage.dev)).toEqual([
      'AWS::CloudWatch::Dashboard',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
      'AWS::SNS::Topic',
      'AWS::SNS::Topic',
      'AWS::SNS::TopicPolicy',
    ]);
  });

  test('exports the key of the bucket, also of one that was there, and nothing of the kind without one', () => {
    for (const stage of ['everything', 'own-bucket'])
      expect(storage[stage]?.Outputs).toMatchObject({
        KmsKeyArn: { Value: keys.bucket, Export: { Name: `duo-storage-${stage}-KmsKeyArn` } },
      });
    expect(JSON.stringify(storage.dev)).not.toMatch(/kms/i);
  });

  test('makes no bucket where there is one', () => {
    expect(types(storage['own-bucket']).filter((type) => type.startsWith('AWS::S3::'))).toEqual([]);
  });

  test('lets the reader list nothing but the logs', () => {
    const { PolicyDocument: document } = properties(storage.everything, 'ReaderPolicy');
    expect(document).toMatchObject({
      Statement: expect.arrayContaining([
        expect.objectContaining({
          Action: 's3:ListBucket',
          Condition: { StringLike: { 's3:prefix': 'logs/*' } },
        }),
      ]),
    });
  });

  test('deletes old logs where that is wanted, and never a checkpoint', () => {
    expect(properties(storage.everything, 'Bucket').LifecycleConfiguration).toMatchObject({
      Rules: [{ Id: 'old-versions' }, { Prefix: 'logs/', ExpirationInDays: 365 }],
    });
    expect(JSON.stringify(storage.dev)).not.toContain('ExpirationInDays');
  });

  test('has a dashboard that names no log type', () => {
    const body = JSON.stringify(properties(storage.dev, 'Dashboard').DashboardBody);
    for (const metric of [
      'BehindSeconds',
      'Records',
      'Objects',
      'Duplicates',
      'Throttles',
      'SchemaDrift',
      'Errors',
    ])
      expect(body).toContain(metric);
    for (const name of readdirSync(join(root, 'services')).filter((one) => one !== 'storage'))
      expect(body).not.toMatch(new RegExp(`\\b${name}\\b`));
  });
});

describe('the state machine of backfills', () => {
  const definition = () => {
    const { Definition } = properties(storage.everything, 'Backfill');
    // As CloudFormation fills it in.
    return JSON.parse(
      JSON.stringify(Definition)
        .replace(/\{"Fn::Sub":("[^"]*")\}/g, '$1')
        .replace(`\${AWS::Partition}`, 'aws'),
    );
  };
  const problems = (of: object) => validate(of, { checkPaths: true, checkArn: true }).errors;

  test('is not deployed unless there is a setting, and then with a role and an export, and nothing else', () => {
    expect(JSON.stringify(storage.dev)).not.toMatch(/StepFunctions|states\.amazonaws|Backfill/);
    const added = Object.entries(storage.everything?.Resources ?? {}).filter(([id]) => /Backfill/.test(id));
    expect(added.map(([, { Type }]) => Type).sort()).toEqual([
      'AWS::IAM::Role',
      'AWS::StepFunctions::StateMachine',
    ]);
    expect(storage.everything?.Outputs).toMatchObject({
      BackfillArn: { Value: { Ref: 'Backfill' }, Export: { Name: 'duo-storage-everything-BackfillArn' } },
    });
  });

  test('is what the States Language allows: every state is there, every path can be read', () => {
    expect(problems(definition())).toEqual([]);
    const broken = definition();
    broken.States.Parts.ItemProcessor.States.AMinute.Next = 'Nowhere';
    expect(JSON.stringify(problems(broken))).toContain('MISSING_TRANSITION_TARGET');
  });

  test('has parts that are executions of their own, each with a history of its own', () => {
    expect(definition().States.Parts.ItemProcessor.ProcessorConfig).toEqual({
      Mode: 'DISTRIBUTED',
      ExecutionType: 'STANDARD',
    });
  });

  test('ends by itself, and waits for a run longer than one may take', async () => {
    expect(definition().TimeoutSeconds).toBe(14 * 86_400);
    const { TimeoutSeconds } = definition().States.Parts.ItemProcessor.States.Run;
    expect(TimeoutSeconds).toBeGreaterThan(
      Number(properties(logType.everything, 'CollectLambdaFunction').Timeout),
    );
  });

  test('may only be run by Step Functions for this account', () => {
    expect(properties(storage.everything, 'BackfillRole').AssumeRolePolicyDocument).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'states.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ],
    });
  });
});

describe('the template of a log type', () => {
  test('with every option on is watched, and allows no more than is needed', () => {
    expect(checkLogType(template(logType, 'everything'), 'telephony', 'everything', keys)).toEqual([]);
    const { bucket } = keys;
    expect(checkLogType(template(logType, 'own-bucket'), 'telephony', 'own-bucket', { bucket })).toEqual([]);
  });

  test('has the key that objects are put with where there is one, and no such variable elsewhere', () => {
    const variables = (stage: string) =>
      properties(logType[stage], 'CollectLambdaFunction').Environment as { Variables: object };
    for (const stage of ['everything', 'own-bucket'])
      expect(variables(stage).Variables).toMatchObject({ STORE_KMS_KEY_ARN: keys.bucket });
    expect(JSON.stringify(packaged('telephony', 'dev'))).not.toMatch(/kms/i);
  });

  test('has a queue of the new objects of its own log only', () => {
    expect(properties(logType.everything, 'NewObjectsSubscription')).toMatchObject({
      RawMessageDelivery: true,
      FilterPolicyScope: 'MessageBody',
      FilterPolicy: { Records: { s3: { object: { key: [{ prefix: 'logs/telephony/' }] } } } },
    });
  });
});

test('a permissions boundary is on every role and user', () => {
  for (const one of [storage.everything, storage['own-bucket'], logType.everything]) {
    const identities = Object.values(one?.Resources ?? {}).filter(({ Type }) =>
      /^AWS::IAM::(Role|User)$/.test(Type),
    );
    expect(identities.length).toBeGreaterThan(0);
    for (const { Properties: all } of identities)
      expect(all.PermissionsBoundary).toBe('arn:aws:iam::123456789012:policy/boundary');
  }
});

// The checks themselves: each fault is planted into a real template and has to be found.

type Change = (
  properties: Template['Resources'][string]['Properties'],
  resources: Template['Resources'],
) => void;

const statements = (all: Record<string, unknown>): Record<string, unknown>[] =>
  (all as { Policies: { PolicyDocument: { Statement: Record<string, unknown>[] } }[] }).Policies.flatMap(
    ({ PolicyDocument: { Statement } }) => Statement,
  );
const allow = (Action: string, Resource: unknown): Change => {
  return (all) => void (statements(all)[0] && Object.assign(statements(all)[0] ?? {}, { Action, Resource }));
};
const bucketArn = { 'Fn::ImportValue': 'duo-storage-everything-BucketArn' };
const within = (path: string) => ({ 'Fn::Join': ['', [bucketArn, path]] });
const parameter = (path: string) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/duo/everything${path}`,
});
const variable = (name: string, value: string): Change => {
  return ({ Environment }) =>
    void Object.assign((Environment as { Variables: Record<string, string> }).Variables, { [name]: value });
};
const without =
  (id: string): Change =>
  (_, resources) =>
    void delete resources[id];

const plantedIntoLogType: [string, string, Change, string][] = [
  ['every action', 'CollectRole', allow('*', within('/logs/telephony/*')), 'wildcard action'],
  ['every action of S3', 'CollectRole', allow('s3:*', within('/logs/telephony/*')), 'wildcard action'],
  ['an action of many', 'CollectRole', allow('s3:Put*', within('/logs/telephony/*')), 'wildcard action'],
  ['every resource', 'CollectRole', allow('s3:PutObject', '*'), 's3:PutObject on *'],
  ['the whole bucket', 'CollectRole', allow('s3:PutObject', within('/*')), 's3:PutObject on'],
  ["every type's logs", 'CollectRole', allow('s3:PutObject', within('/logs/*')), 's3:PutObject on'],
  [
    "another type's logs",
    'CollectRole',
    allow('s3:PutObject', within('/logs/activity/*')),
    's3:PutObject on',
  ],
  [
    "another type's state",
    'CollectRole',
    allow('s3:GetObject', within('/state/activity.json')),
    's3:GetObject on',
  ],
  ['reading logs', 'CollectRole', allow('s3:GetObject', within('/logs/telephony/*')), 's3:GetObject on'],
  ['deleting', 'CollectRole', allow('s3:DeleteObject', within('/logs/telephony/*')), 'does not need'],
  ['all parameters', 'CollectRole', allow('ssm:GetParameters', parameter('/*')), 'ssm:GetParameters on'],
  ['parameters by path', 'CollectRole', allow('ssm:GetParametersByPath', parameter('')), 'does not need'],
  ['any key', 'CollectRole', allow('kms:Decrypt', '*'), 'kms:Decrypt on *'],
  ['any log group', 'CollectRole', allow('logs:PutLogEvents', 'arn:aws:logs:*:*:*'), 'logs:PutLogEvents on'],
  ['any function', 'ScheduleRole', allow('lambda:InvokeFunction', '*'), 'lambda:InvokeFunction on *'],
  [
    'all but some',
    'CollectRole',
    (all) =>
      void Object.assign(statements(all)[0] ?? {}, { Action: undefined, NotAction: 's3:DeleteObject' }),
    'what it does not allow',
  ],
  [
    'a managed policy of AWS',
    'CollectRole',
    (all) => void Object.assign(all, { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3FullAccess'] }),
    'the managed policy',
  ],
  [
    'a policy beside the role',
    'WriterKeyPolicy',
    (all) =>
      void Object.assign(all, {
        PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] },
      }),
    'wildcard action',
  ],
  [
    'a role for anyone',
    'CollectRole',
    (all) =>
      void Object.assign(all, {
        AssumeRolePolicyDocument: {
          Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } }],
        },
      }),
    'a role for anyone',
  ],
  ['the secret key in the environment', 'CollectLambdaFunction', variable('DUO_SKEY', 'made-up'), 'DUO_SKEY'],
  [
    'a secret under a known name',
    'CollectLambdaFunction',
    variable('DUO_CREDENTIALS', 'DIXXXXXXXXXXXXXXXXXX'),
    'a secret',
  ],
  [
    'a secret by reference',
    'CollectLambdaFunction',
    variable('STORE_URL', '{{resolve:ssm-secure:/duo/prod/skey}}'),
    'a secret',
  ],
  [
    'an access key',
    'CollectRole',
    (_, resources) => void Object.assign(resources, { Key: { Type: 'AWS::IAM::AccessKey', Properties: {} } }),
    'an access key',
  ],
  [
    'an unencrypted queue',
    'FailedRuns',
    (all) => void delete all.SqsManagedSseEnabled,
    'an unencrypted queue',
  ],
  [
    'an unencrypted queue of new objects',
    'NewObjects',
    (all) => void Object.assign(all, { SqsManagedSseEnabled: false }),
    'an unencrypted queue',
  ],
  [
    'a queue that is open to all',
    'NewObjectsPolicy',
    (all) =>
      void Object.assign(all, {
        PolicyDocument: {
          Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Principal: '*', Resource: '*' }],
        },
      }),
    'open to',
  ],
  [
    "a queue that is open to everyone's topics",
    'NewObjectsPolicy',
    (all) =>
      void Object.assign(all, {
        PolicyDocument: {
          Statement: [
            {
              Effect: 'Allow',
              Action: 'sqs:SendMessage',
              Principal: { Service: 'sns.amazonaws.com' },
              Resource: '*',
            },
          ],
        },
      }),
    'open to',
  ],
  ['no alarm on errors', 'FailingAlarm', without('FailingAlarm'), 'no alarm on errors'],
  ['no alarm on being behind', 'BehindAlarm', without('BehindAlarm'), 'no alarm on being behind'],
  ['no alarm on throttling', 'ThrottledAlarm', without('ThrottledAlarm'), 'no alarm on throttling'],
  ['no alarm on silence', 'SilentAlarm', without('SilentAlarm'), 'no alarm on silence'],
  [
    'silence that alarms no one',
    'SilentAlarm',
    (all) => void Object.assign(all, { TreatMissingData: 'notBreaching' }),
    'no alarm on silence',
  ],
  ['no alarm on dead letters', 'NotStartedAlarm', without('NotStartedAlarm'), 'no alarm on dead letters'],
  [
    'an alarm of another function',
    'FailingAlarm',
    (all) => void Object.assign(all, { Dimensions: [{ Name: 'FunctionName', Value: 'another' }] }),
    'no alarm on errors',
  ],
  [
    'an alarm that tells no one',
    'BehindAlarm',
    (all) => void Object.assign(all, { AlarmActions: [] }),
    'tells no one',
  ],
  [
    'an alarm that is turned off',
    'BehindAlarm',
    (all) => void Object.assign(all, { ActionsEnabled: false }),
    'tells no one',
  ],
  ['no retention', 'CollectLogGroup', (all) => void delete all.RetentionInDays, 'retention'],
  ['no log group', 'CollectLogGroup', without('CollectLogGroup'), 'retention'],
  [
    'no dead-letter queue',
    'Schedule',
    ({ Target }) => void Object.assign(Target as object, { DeadLetterConfig: undefined }),
    'without a dead-letter queue',
  ],
  [
    'no retry policy',
    'Schedule',
    ({ Target }) => void Object.assign(Target as object, { RetryPolicy: undefined }),
    'without a retry policy',
  ],
  [
    'a schedule that is turned off',
    'Schedule',
    (all) => void Object.assign(all, { State: 'DISABLED' }),
    'schedules that run',
  ],
  ['no schedule', 'Schedule', without('Schedule'), '0 schedules'],
  [
    'no destination',
    'CollectLambdaEvConf',
    (all) => void Object.assign(all, { DestinationConfig: {} }),
    'without a destination',
  ],
  [
    'retries by Lambda as well',
    'CollectLambdaEvConf',
    (all) => void Object.assign(all, { MaximumRetryAttempts: 2 }),
    'retries',
  ],
  ['a log in plain text', 'CollectLambdaFunction', (all) => void delete all.LoggingConfig, 'not JSON'],
  [
    'another processor',
    'CollectLambdaFunction',
    (all) => void Object.assign(all, { Architectures: ['x86_64'] }),
    'not on arm64',
  ],
  [
    'an open deployment bucket',
    'ServerlessDeploymentBucket',
    (all) => void delete all.PublicAccessBlockConfiguration,
    'can be public',
  ],
];

const plantedIntoStorage: [string, string, Change, string][] = [
  ['a public bucket', 'Bucket', (all) => void delete all.PublicAccessBlockConfiguration, 'can be public'],
  [
    'a bucket that one rule opens',
    'Bucket',
    ({ PublicAccessBlockConfiguration }) =>
      void Object.assign(PublicAccessBlockConfiguration as object, { BlockPublicPolicy: false }),
    'can be public',
  ],
  [
    'a bucket with a public list',
    'Bucket',
    (all) => void Object.assign(all, { AccessControl: 'PublicRead' }),
    'can be public',
  ],
  [
    'a bucket policy for all',
    'BucketPolicy',
    ({ PolicyDocument }) =>
      void (PolicyDocument as { Statement: unknown[] }).Statement.push({
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: '*',
      }),
    'open to "*"',
  ],
  ['an unencrypted bucket', 'Bucket', (all) => void delete all.BucketEncryption, 'an unencrypted bucket'],
  ['a bucket without TLS', 'BucketPolicy', without('BucketPolicy'), 'without TLS'],
  [
    'a bucket without versions',
    'Bucket',
    (all) => void delete all.VersioningConfiguration,
    'without versions',
  ],
  [
    'a bucket with objects of others',
    'Bucket',
    (all) => void delete all.OwnershipControls,
    'owned by others',
  ],
  [
    'a bucket that goes with its stack',
    'Bucket',
    (_, { Bucket }) => void (Bucket && delete Bucket.DeletionPolicy),
    'goes with its stack',
  ],
  [
    'a reader of checkpoints',
    'ReaderPolicy',
    (all) =>
      void Object.assign(all, {
        PolicyDocument: {
          Statement: [
            {
              Effect: 'Allow',
              Action: 's3:GetObject',
              Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, '/*']] },
            },
          ],
        },
      }),
    's3:GetObject on',
  ],
  [
    'a reader that deletes',
    'ReaderPolicy',
    (all) =>
      void Object.assign(all, {
        PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:DeleteObject', Resource: '*' }] },
      }),
    'does not need',
  ],
  [
    'a reader with a managed policy of AWS',
    'Reader',
    (all) => void Object.assign(all, { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3FullAccess'] }),
    'the managed policy',
  ],
  [
    'a role for everyone with a token',
    'Reader',
    ({ AssumeRolePolicyDocument }) =>
      void delete (AssumeRolePolicyDocument as { Statement: [{ Condition?: unknown }] }).Statement[0]
        .Condition,
    'everyone with a token',
  ],
  [
    'a topic that is open to all',
    'AlarmTopicPolicy',
    (all) =>
      void Object.assign(all, {
        PolicyDocument: {
          Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sns:Publish', Resource: '*' }],
        },
      }),
    'open to',
  ],
  [
    'backfills of all functions',
    'BackfillRole',
    allow('lambda:InvokeFunction', '*'),
    'lambda:InvokeFunction on *',
  ],
  [
    'backfills that start any state machine',
    'BackfillRole',
    allow('states:StartExecution', own('states', 'stateMachine:*')),
    'states:StartExecution on',
  ],
  [
    'a group, which no one checks',
    'Bucket',
    (_, resources) => void Object.assign(resources, { Group: { Type: 'AWS::IAM::Group', Properties: {} } }),
    'no one checks',
  ],
];

describe('the checks find', () => {
  const found = (faults: string[], expected: string) => expect(faults.join('\n')).toContain(expected);

  test.each(plantedIntoLogType)('in a log type: %s (%s)', (_, id, change, expected) => {
    const planted = plant(template(logType, 'everything'), id, change);
    found(checkLogType(planted, 'telephony', 'everything', keys), expected);
  });

  test.each(plantedIntoStorage)('in the storage: %s (%s)', (_, id, change, expected) => {
    const grants = { ...reader('{Bucket.Arn}'), BackfillRole: backfill('everything') };
    found(checkTemplate(plant(template(storage, 'everything'), id, change), grants), expected);
  });

  test('a key that is used without being a setting', () => {
    const grants = logTypeGrants('telephony', 'everything');
    found(checkTemplate(template(logType, 'everything'), grants), 'kms:GenerateDataKey on');
  });
});

function plant(original: Template, id: string, change: Change): Template {
  const copy = structuredClone(original);
  const resource = copy.Resources[id];
  if (resource === undefined) throw new Error(`the template has no ${id}`);
  change(resource.Properties, copy.Resources);
  return copy;
}

function template(all: Readonly<Record<string, Template>>, stage: string): Template {
  const found = all[stage];
  if (found === undefined) throw new Error(`no template of the stage ${stage}`);
  return found;
}

/** The types of a template's resources, without those of the framework. */
function types(of: Template | undefined): string[] {
  return Object.entries(of?.Resources ?? {})
    .filter(([id]) => !id.startsWith('Serverless'))
    .map(([, { Type }]) => Type)
    .sort();
}

function properties(of: Template | undefined, id: string): Record<string, unknown> {
  return of?.Resources[id]?.Properties ?? {};
}
