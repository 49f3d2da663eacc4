import * as z from 'zod/mini';

/** A CloudFormation template, as far as the checks look at it. */
const templateSchema = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      DeletionPolicy: z.optional(z.string()),
      Properties: z._default(z.record(z.string(), z.unknown()), {}),
    }),
  ),
});

/** A parsed CloudFormation template. */
export type Template = z.infer<typeof templateSchema>;
type Resource = Template['Resources'][string];

/** Which resources each action may be allowed on; resources as `arnText` writes them. */
export type Grants = Readonly<Record<string, readonly string[]>>;

/** Parses a packaged template. */
export function parseTemplate(json: string): Template {
  return templateSchema.parse(JSON.parse(json));
}

/** What is wrong with any template: an open bucket, a queue in plain text, a secret, a policy that allows too much. */
export function checkTemplate(template: Template, grants: Readonly<Record<string, Grants>>): string[] {
  return [
    ...secrets(template),
    ...each(template, 'AWS::S3::Bucket', bucketFaults),
    ...each(template, 'AWS::S3::Bucket', (_, id) => transportFaults(id, template)),
    ...each(template, 'AWS::SQS::Queue', queueFaults),
    ...each(template, 'AWS::CloudWatch::Alarm', alarmFaults),
    ...Object.entries(template.Resources).flatMap(([id, resource]) =>
      policyFaults(id, resource, template, grants).map((fault) => `${id}: ${fault}`),
    ),
  ];
}

/** What is wrong with the template of a log type: besides the above, something is missing that every one has. */
export function checkLogType(template: Template, name: string, stage: string, keys: Keys = {}): string[] {
  return [...checkTemplate(template, logTypeGrants(name, stage, keys)), ...missing(template, name, stage)];
}

/** The customer's keys that a template may use. */
export interface Keys {
  readonly bucket?: string;
  readonly credentials?: string;
}

/** All that a log type's roles may do. */
export function logTypeGrants(
  name: string,
  stage: string,
  { bucket, credentials }: Keys = {},
): Record<string, Grants> {
  const bucketArn = `{import duo-storage-${stage}-BucketArn}`;
  const state = [`${bucketArn}/state/${name}.json`, `${bucketArn}/state/${name}/*`];
  const own = (service: string, rest: string) =>
    `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${rest}`;
  const logs = [own('logs', `log-group:/aws/lambda/duo-${name}-${stage}-collect:*`)];
  const keys = (...arns: (string | undefined)[]) => arns.filter((arn) => arn !== undefined);
  return {
    CollectRole: {
      's3:PutObject': [`${bucketArn}/logs/${name}/*`, ...state],
      's3:GetObject': state,
      's3:ListBucket': [bucketArn],
      'ssm:GetParameters': ['ikey', 'skey', 'api-host'].map((one) =>
        own('ssm', `parameter/duo/${stage}/${one}`),
      ),
      'logs:CreateLogStream': logs,
      'logs:PutLogEvents': logs,
      'sqs:SendMessage': ['{FailedRuns.Arn}'],
      'kms:GenerateDataKey': keys(bucket),
      'kms:Decrypt': keys(bucket, credentials),
    },
    ScheduleRole: {
      'lambda:InvokeFunction': ['{CollectLambdaFunction.Arn}'],
      'sqs:SendMessage': ['{ScheduleDeadLetters.Arn}'],
    },
  };
}

/** What a CloudFormation value will be, with what is known only later in braces: `{import duo-storage-dev-BucketArn}/logs/*`. */
export function arnText(value: unknown): string {
  if (typeof value === 'string') return value;
  const result = intrinsic.safeParse(value);
  if (!result.success) return JSON.stringify(value);
  const one = result.data;
  if ('Fn::Join' in one) return one['Fn::Join'][1].map(arnText).join(one['Fn::Join'][0]);
  if ('Fn::Sub' in one) return one['Fn::Sub'];
  if ('Fn::GetAtt' in one) return `{${one['Fn::GetAtt'].join('.')}}`;
  if ('Fn::ImportValue' in one) return `{import ${one['Fn::ImportValue']}}`;
  return `{${one.Ref}}`;
}

const intrinsic = z.union([
  z.strictObject({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) }),
  z.strictObject({ 'Fn::Sub': z.string() }),
  z.strictObject({ 'Fn::GetAtt': z.array(z.string()) }),
  z.strictObject({ 'Fn::ImportValue': z.string() }),
  z.strictObject({ Ref: z.string() }),
]);

// What is wrong with a resource of a kind.

function bucketFaults({ Properties: properties, DeletionPolicy }: Resource, id: string): string[] {
  const access = record(properties.PublicAccessBlockConfiguration);
  const blocked = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
  const faults: string[] = [];
  if (!blocked.every((one) => access[one] === true) || properties.AccessControl !== undefined)
    faults.push('a bucket that can be public');
  if (!/"SSEAlgorithm":"(AES256|aws:kms)"/.test(JSON.stringify(properties.BucketEncryption ?? {})))
    faults.push('an unencrypted bucket');
  // The framework's own holds no log.
  if (id === 'ServerlessDeploymentBucket') return faults;
  if (DeletionPolicy !== 'Retain') faults.push('a bucket that goes with its stack');
  if (!JSON.stringify(properties.OwnershipControls ?? {}).includes('BucketOwnerEnforced'))
    faults.push('a bucket whose objects may be owned by others');
  if (record(properties.VersioningConfiguration).Status !== 'Enabled')
    faults.push('a bucket without versions');
  return faults;
}

function transportFaults(bucket: string, { Resources }: Template): string[] {
  const refused = Object.values(Resources).some(
    ({ Type, Properties: properties }) =>
      Type === 'AWS::S3::BucketPolicy' &&
      arnText(properties.Bucket) === `{${bucket}}` &&
      documentSchema
        .parse(properties.PolicyDocument)
        .Statement.some(
          ({ Effect, Condition: condition }) =>
            Effect === 'Deny' && String(condition?.Bool?.['aws:SecureTransport']) === 'false',
        ),
  );
  return refused ? [] : ['a bucket that may be reached without TLS'];
}

function queueFaults({ Properties: properties }: Resource): string[] {
  const encrypted = properties.SqsManagedSseEnabled === true || properties.KmsMasterKeyId !== undefined;
  return encrypted ? [] : ['an unencrypted queue'];
}

function alarmFaults({ Properties: properties }: Resource): string[] {
  const told = z.array(z.unknown()).safeParse(properties.AlarmActions).data ?? [];
  return told.length > 0 && properties.ActionsEnabled !== false ? [] : ['an alarm that tells no one'];
}

/** Also what looks like a secret: an access key of AWS's, an integration key or a secret key of Duo's. */
function secrets(template: Template): string[] {
  const faults: string[] = [];
  const found = /\{\{resolve:|\b(AKIA|ASIA)[A-Z0-9]{16}\b|\bDI[A-Z0-9]{18}\b|"(?=\w*\d)[A-Za-z0-9]{40}"/.exec(
    JSON.stringify(template),
  );
  if (found !== null) faults.push(`a secret in the template: ${found[0].slice(0, 10)}…`);
  faults.push(...each(template, 'AWS::IAM::AccessKey', () => ['an access key in a template']));
  faults.push(
    ...each(template, 'AWS::Lambda::Function', ({ Properties: properties }) =>
      Object.keys(record(record(properties.Environment).Variables))
        .filter((name) => !knownVariables.includes(name))
        .map((name) => `the environment variable ${name}, which may hold a secret`),
    ),
  );
  return faults;
}

const knownVariables = [
  'STORE_URL',
  'STORE_KMS_KEY_ARN',
  'DUO_CREDENTIALS',
  'LOOKBACK_HOURS',
  'OVERLAP_SECONDS',
  'POWERTOOLS_SERVICE_NAME',
  'POWERTOOLS_LOG_LEVEL',
];

// What policies allow.

const oneOrMore = <T>(schema: z.ZodMiniType<T>) =>
  z.pipe(
    z.union([z.array(schema), schema]),
    z.transform((value): T[] => (Array.isArray(value) ? value : [value])),
  );

const statementSchema = z.looseObject({
  Effect: z.string(),
  Action: z.optional(oneOrMore(z.string())),
  Resource: z.optional(oneOrMore(z.unknown())),
  Principal: z.optional(z.unknown()),
  Condition: z.optional(z.record(z.string(), z.record(z.string(), z.unknown()))),
});
type Statement = z.infer<typeof statementSchema>;

const documentSchema = z.looseObject({ Statement: z.array(statementSchema) });

function policyFaults(
  id: string,
  { Type, Properties: properties }: Resource,
  template: Template,
  grants: Readonly<Record<string, Grants>>,
): string[] {
  switch (Type) {
    case 'AWS::IAM::Role':
    case 'AWS::IAM::User':
      return [
        ...managedPolicyFaults(properties.ManagedPolicyArns, template),
        ...inlineDocuments(properties).flatMap((document) => grantFaults(document, grants[id])),
        ...(Type === 'AWS::IAM::Role' ? trustFaults(properties.AssumeRolePolicyDocument) : []),
      ];
    case 'AWS::IAM::ManagedPolicy':
      return grantFaults(properties.PolicyDocument, grants[id]);
    case 'AWS::IAM::Policy': {
      const roles = z.array(z.object({ Ref: z.string() })).parse(properties.Roles);
      return roles.flatMap(({ Ref }) => grantFaults(properties.PolicyDocument, grants[Ref]));
    }
    case 'AWS::S3::BucketPolicy':
    case 'AWS::SNS::TopicPolicy':
    case 'AWS::SQS::QueuePolicy':
      return sharingFaults(properties.PolicyDocument);
    default:
      return Type.startsWith('AWS::IAM::') ? [`a kind of permission that no one checks: ${Type}`] : [];
  }
}

function inlineDocuments(properties: Resource['Properties']): unknown[] {
  const policies = z._default(z.array(z.object({ PolicyDocument: z.unknown() })), []);
  return policies.parse(properties.Policies).map(({ PolicyDocument }) => PolicyDocument);
}

/** Only policies of the same template: AWS's own, like AmazonS3FullAccess, allow far more than is needed. */
function managedPolicyFaults(arns: unknown, { Resources }: Template): string[] {
  const list = z._default(z.array(z.unknown()), []).parse(arns);
  return list.flatMap((arn) => {
    const text = arnText(arn);
    return Resources[text.slice(1, -1)] === undefined ? [`the managed policy ${text}`] : [];
  });
}

function grantFaults(document: unknown, grants: Grants = {}): string[] {
  return documentSchema.parse(document).Statement.flatMap((statement) => {
    if (statement.Effect !== 'Allow') return [];
    if (statement.Action === undefined || statement.Resource === undefined)
      return ['a statement that says what it does not allow'];
    const resources = statement.Resource.map(arnText);
    return statement.Action.flatMap((action) => {
      if (action.includes('*')) return [`the wildcard action ${action}`];
      const allowed = grants[action];
      if (allowed === undefined) return [`the action ${action}, which it does not need`];
      return resources.filter((one) => !allowed.includes(one)).map((one) => `${action} on ${one}`);
    });
  });
}

/** Who may take on a role: a service, or someone with a token that was issued for exactly him. */
function trustFaults(document: unknown): string[] {
  return documentSchema
    .parse(document)
    .Statement.flatMap(({ Principal: principal, Condition: condition }) => {
      const { Service: service, Federated: federated, ...others } = record(principal);
      const exactly = Object.keys(condition?.StringEquals ?? {});
      if (Object.keys(others).length > 0 || (service === undefined && federated === undefined))
        return [`a role for anyone: ${JSON.stringify(principal)}`];
      if (federated !== undefined && !exactly.some((key) => key.endsWith(':sub')))
        return ['a role for everyone with a token'];
      return [];
    });
}

/** What others may do with a resource: a service on behalf of this account, or a principal that is named. */
function sharingFaults(document: unknown): string[] {
  return documentSchema.parse(document).Statement.flatMap((statement: Statement) => {
    if (statement.Effect !== 'Allow') return [];
    const { Service: service, AWS: named } = record(statement.Principal);
    const faults = (statement.Action ?? ['*'])
      .filter((action) => action.includes('*'))
      .map((action) => `the wildcard action ${action}`);
    const conditions = Object.values(statement.Condition ?? {}).flatMap((one) => Object.keys(one));
    const isOurs = conditions.some((key) => ['aws:SourceAccount', 'aws:SourceArn'].includes(key));
    if (!(service !== undefined && isOurs) && !(named !== undefined && arnText(named).startsWith('{')))
      faults.push(`it is open to ${JSON.stringify(statement.Principal)}`);
    return faults;
  });
}

// What a log type has to have.

function missing(template: Template, name: string, stage: string): string[] {
  const ofType = (type: string) =>
    Object.values(template.Resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties] : []));
  const faults: string[] = [];
  const expect = (holds: boolean, otherwise: string) => void (holds || faults.push(otherwise));

  const functions = ofType('AWS::Lambda::Function');
  const [collect = {}] = functions;
  expect(functions.length === 1, `${functions.length} functions`);
  expect(JSON.stringify(collect.Architectures) === '["arm64"]', 'a function that is not on arm64');
  expect(record(collect.LoggingConfig).LogFormat === 'JSON', 'a function whose log is not JSON');

  const groups = ofType('AWS::Logs::LogGroup');
  expect(groups.length === 1, `${groups.length} log groups`);
  expect(
    groups.some(
      ({ LogGroupName, RetentionInDays }) =>
        LogGroupName === `/aws/lambda/${collect.FunctionName}` && typeof RetentionInDays === 'number',
    ),
    'a function without a log group of its own with retention',
  );

  const destinations = ofType('AWS::Lambda::EventInvokeConfig');
  const [destination = {}] = destinations;
  expect(
    destinations.length === 1 &&
      arnText(record(record(destination.DestinationConfig).OnFailure).Destination) === '{FailedRuns.Arn}',
    'a function without a destination for failed runs',
  );
  expect(destination.MaximumRetryAttempts === 0, 'a function that Lambda retries beside the schedule');

  const schedules = ofType('AWS::Scheduler::Schedule');
  const [schedule = {}] = schedules;
  const target = record(schedule.Target);
  expect(schedules.length === 1 && schedule.State !== 'DISABLED', `${schedules.length} schedules that run`);
  expect(target.RetryPolicy !== undefined, 'a schedule without a retry policy');
  expect(
    arnText(record(target.DeadLetterConfig).Arn) === '{ScheduleDeadLetters.Arn}',
    'a schedule without a dead-letter queue',
  );

  const alarms = ofType('AWS::CloudWatch::Alarm');
  const told = JSON.stringify([{ 'Fn::ImportValue': `duo-storage-${stage}-AlarmTopicArn` }]);
  expect(alarms.length >= 4, `${alarms.length} alarms`);
  expect(
    alarms.every(({ AlarmActions }) => JSON.stringify(AlarmActions) === told),
    "an alarm that does not go to the storage's topic",
  );
  const watched = (metric: string, dimension: string, statistic: string, missingData?: string) =>
    alarms.some(
      ({ MetricName, Dimensions, Statistic, TreatMissingData }) =>
        MetricName === metric &&
        Statistic === statistic &&
        JSON.stringify(Dimensions).includes(dimension) &&
        (missingData === undefined || TreatMissingData === missingData),
    );
  const service = `"duo-${name}-${stage}"`;
  expect(watched('Errors', '"Ref":"CollectLambdaFunction"', 'Sum'), 'no alarm on errors');
  expect(watched('BehindSeconds', service, 'Minimum'), 'no alarm on being behind');
  expect(watched('Throttles', service, 'Minimum'), 'no alarm on throttling');
  expect(watched('BehindSeconds', service, 'SampleCount', 'breaching'), 'no alarm on silence');
  expect(
    watched('ApproximateNumberOfMessagesVisible', '"ScheduleDeadLetters"', 'Maximum'),
    'no alarm on dead letters',
  );
  return faults;
}

function each(
  template: Template,
  type: string,
  faultsOf: (resource: Resource, id: string) => string[],
): string[] {
  return Object.entries(template.Resources).flatMap(([id, resource]) =>
    resource.Type === type ? faultsOf(resource, id).map((fault) => `${id}: ${fault}`) : [],
  );
}

function record(value: unknown): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).safeParse(value).data ?? {};
}
