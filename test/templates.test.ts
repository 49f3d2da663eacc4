import { describe, expect, test } from '@jest/globals';
import { checkLogType, checkTemplate, idsOfSeveralTypes, type Template } from 'duo-contract/templates';
import { leftOutMetrics } from 'duo-core';
import * as z from 'zod/mini';
import { functionName, stackName, worksOf } from '../packages/duo-cli/src/stage/names';
import { logTypes } from './support/log-types';
import { bucketAccount, keys, namesOfFunctions, packaged, storageGrants, vpc } from './support/templates';

// The templates of the log types with the default settings are checked by the contract suite, which packages them anyway.
const storage = {
  dev: packaged('storage', 'dev'),
  everything: packaged('storage', 'everything'),
  'own-bucket': packaged('storage', 'own-bucket'),
};
const logType = {
  dev: packaged('telephony', 'dev'),
  everything: packaged('telephony', 'everything'),
  'own-bucket': packaged('telephony', 'own-bucket'),
};

const dashboardBody = z.object({ 'Fn::Sub': z.string() });
const dashboard = z.object({
  widgets: z.array(
    z.object({
      properties: z.object({ metrics: z.optional(z.array(z.array(z.object({ expression: z.string() })))) }),
    }),
  ),
});

describe('the template of the storage', () => {
  test.each([
    ['dev', {}, undefined],
    ['everything', {}, undefined],
    ['own-bucket', { bucket: `arn:\${AWS::Partition}:s3:::example-logs`, deletes: true }, bucketAccount],
  ] as const)(
    'with the settings "%s" is private, and allows no more than is needed',
    (stage, reader, account) => {
      expect(checkTemplate(storage[stage], storageGrants(reader), account)).toEqual([]);
    },
  );

  test('is told of new objects by a bucket of the account that the settings name, of the own one without', () => {
    const sources = (['everything', 'own-bucket'] as const).map(
      (stage) => properties(storage[stage], 'NewObjectsTopicPolicy').PolicyDocument,
    );
    for (const [n, account] of [{ Ref: 'AWS::AccountId' }, bucketAccount].entries())
      expect(sources[n]).toMatchObject({
        Statement: [{ Condition: { StringEquals: { 'aws:SourceAccount': account } } }],
      });
  });

  test('lets the reader delete only where the settings say so', () => {
    const { Policies } = properties(storage['own-bucket'], 'ReaderUser');
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
    for (const stage of ['everything', 'own-bucket'] as const)
      expect(storage[stage].Outputs).toMatchObject({
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
          Condition: expect.objectContaining({ StringLike: { 's3:prefix': 'logs/*' } }),
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
      'Repaired',
      'Doubled',
      'Astray',
      'Deleted',
      'UnreconciledDays',
      'FunctionName=collect',
      'FunctionName=reconcile',
      'Errors',
      'Duration',
    ])
      expect(body).toContain(metric);
    for (const name of logTypes) expect(body).not.toMatch(new RegExp(`\\b${name}\\b`));
  });

  test('has a dashboard that draws what a run leaves out as 0, and never how far behind a log is', () => {
    const body = dashboardBody.parse(properties(storage.dev, 'Dashboard').DashboardBody)['Fn::Sub'];
    const expressions = dashboard
      .parse(JSON.parse(body))
      .widgets.flatMap(({ properties: { metrics = [] } }) =>
        metrics.flat().map(({ expression }) => expression),
      );
    // Those of the lake are drawn where there is one.
    for (const metric of leftOutMetrics.filter((one) => !one.startsWith('Lake'))) {
      const drawn = expressions.filter((one) => one.includes(`MetricName="${metric}"`));
      expect(drawn).toEqual([expect.stringMatching(/^FILL\(SEARCH\(.*\), 0\)$/)]);
    }
    const others = expressions.filter((one) => !leftOutMetrics.some((metric) => one.includes(`"${metric}"`)));
    expect(others).toHaveLength(5);
    for (const one of others) expect(one).not.toContain('FILL');
  });
});

describe('the template of a log type', () => {
  test('calls the functions as the dashboard and the command look for them', () => {
    const service = stackName('telephony', 'dev');
    expect(namesOfFunctions(logType.dev)).toEqual(
      worksOf('telephony').map((work) => [functionName('telephony', 'dev', work), service]),
    );
  });

  test("alarms when twelve runs met Duo's 429 as often as three times each", () => {
    const { Period, Threshold, EvaluationPeriods } = properties(logType.everything, 'ThrottledAlarm');
    expect([Period, Threshold, EvaluationPeriods]).toEqual([7200, 36, 1]);
  });

  test('with every option on is watched, and allows no more than is needed', () => {
    const deployment = { name: 'telephony', stage: 'everything', keys, newObjects: true, vpc };
    expect(checkLogType(logType.everything, deployment)).toEqual([]);
  });

  test('reconciles nothing where the reader deletes what it has read, and is complete without', () => {
    const keysOfBucket = { bucket: keys.bucket };
    const deployment = { name: 'telephony', stage: 'own-bucket', keys: keysOfBucket, bucketAccount };
    const faults = checkLogType(logType['own-bucket'], {
      ...deployment,
      reconciles: false,
      newObjects: true,
    });
    expect(faults).toEqual([]);
    expect(JSON.stringify(logType['own-bucket'])).not.toMatch(/reconcil/i);
  });

  test('gives a run of reconciliations less time than there is until the next one', () => {
    expect(properties(logType.everything, 'ReconcileLambdaFunction').Timeout).toBeLessThan(15 * 60);
    expect(properties(logType.everything, 'ReconcileSchedule').ScheduleExpression).toBe('rate(15 minutes)');
  });

  test('tells of more than three unreconciled days, and of more where the log type says so', () => {
    expect(properties(logType.everything, 'UnreconciledAlarm').Threshold).toBe(3);
    const { Threshold } = properties(packaged('trust-monitor', 'everything'), 'UnreconciledAlarm');
    expect(Threshold).toBe(10);
  });

  test('has the key that objects are put with where there is one, and no such variable elsewhere', () => {
    const functions = [logType.everything, logType['own-bucket']].flatMap(({ Resources }) =>
      Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function'),
    );
    expect(functions).toHaveLength(3);
    for (const { Properties: one } of functions)
      expect(one).toMatchObject({ Environment: { Variables: { STORE_KMS_KEY_ARN: keys.bucket } } });
    expect(JSON.stringify(logType.dev)).not.toMatch(/kms/i);
  });

  test('has nothing of a network where the settings name none', () => {
    expect(JSON.stringify(logType['own-bucket'])).not.toMatch(/vpc|ec2:|subnet/i);
  });

  test('has a queue of the new objects of its own log only', () => {
    expect(properties(logType.everything, 'NewObjectsSubscription')).toMatchObject({
      RawMessageDelivery: true,
      FilterPolicyScope: 'MessageBody',
      FilterPolicy: { Records: { s3: { object: { key: [{ prefix: 'logs/telephony/' }] } } } },
    });
  });
});

test('no setting changes the type of a resource, which CloudFormation refuses', () => {
  expect(Object.keys(storage.everything.Resources)).toContain('ReaderRole');
  expect(Object.keys(storage['own-bucket'].Resources)).toContain('ReaderUser');
  expect(idsOfSeveralTypes(Object.values(storage))).toEqual([]);
  expect(idsOfSeveralTypes(Object.values(logType))).toEqual([]);
});

test('without accounts, nothing is there of those of a stage with many', () => {
  for (const one of [...Object.values(storage), ...Object.values(logType)])
    expect(JSON.stringify(one)).not.toMatch(/accounts(?!\.google\.com)|\/parent|StartLambda/i);
});

test('without a lake, nothing is there of one', () => {
  for (const one of [...Object.values(storage), ...Object.values(logType)])
    expect(JSON.stringify(one)).not.toMatch(/lake|glue|turn/i);
});

test('a permissions boundary is on every role and user', () => {
  for (const one of [storage.everything, storage['own-bucket'], logType.everything]) {
    const identities = Object.values(one.Resources).filter(({ Type }) =>
      /^AWS::IAM::(Role|User)$/.test(Type),
    );
    expect(identities.length).toBeGreaterThan(0);
    for (const { Properties: all } of identities)
      expect(all.PermissionsBoundary).toBe('arn:aws:iam::123456789012:policy/boundary');
  }
});

/** The types of a template's resources, without those of the framework. */
function types(of: Template): string[] {
  return Object.entries(of.Resources)
    .filter(([id]) => !id.startsWith('Serverless'))
    .map(([, { Type }]) => Type)
    .sort();
}

function properties(of: Template, id: string): Record<string, unknown> {
  return of.Resources[id]?.Properties ?? {};
}
