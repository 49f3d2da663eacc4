/** Which resources each action may be allowed on; resources as `arnText` writes them. */
export type Grants = Readonly<Record<string, readonly string[]>>;

/** The account that is deployed to, as `arnText` writes it. */
export const ownAccount = '{AWS::AccountId}';

/** A log type as a stage deploys it. */
export interface Deployment {
  readonly name: string;
  readonly stage: string;
  /** The customer's keys that its template may use. @default none */
  readonly keys?: { readonly bucket?: string; readonly credentials?: string };
  /** Whether the settings leave the function `reconcile` in. @default true */
  readonly reconciles?: boolean;
  /** Whether the settings announce new objects in a queue. @default false */
  readonly newObjects?: boolean;
  /** The account of the bucket. @default the one that is deployed to */
  readonly bucketAccount?: string;
  /** The subnets that its functions go out from, and their security groups. @default none: they are in no network of the user's */
  readonly vpc?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
}

/** What Lambda needs a function's role for, to connect the function to a subnet: AWS's AWSLambdaVPCAccessExecutionRole without the log. */
export const networkActions: readonly string[] = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/** All that a log type's roles may do. */
export function logTypeGrants(deployment: Deployment): Record<string, Grants> {
  const { name, stage, reconciles = true } = deployment;
  const inBucket = (path: string) => `{import duo-storage-${stage}-BucketArn}${path}`;
  const logs = inBucket(`/logs/${name}/*`);
  const receipts = inBucket(`/receipts/${name}/*`);
  const state = inBucket(`/state/${name}/*`);
  const checkpoint = inBucket(`/state/${name}.json`);
  const collect = {
    CollectRole: {
      ...functionGrants(deployment, 'collect', 'FailedRuns'),
      's3:GetObject': [checkpoint, state],
      's3:PutObject': [logs, checkpoint, state],
    },
    ScheduleRole: scheduleGrants('CollectLambdaFunction', 'ScheduleDeadLetters'),
  };
  if (!reconciles) return collect;
  return {
    ...collect,
    ReconcileRole: {
      ...functionGrants(deployment, 'reconcile', 'ReconcileFailedRuns'),
      's3:GetObject': [logs, receipts, state, checkpoint],
      's3:PutObject': [logs, receipts, state],
    },
    ReconcileScheduleRole: scheduleGrants('ReconcileLambdaFunction', 'ReconcileScheduleDeadLetters'),
  };
}

/** What both functions may do besides reading and writing objects. */
function functionGrants(
  { name, stage, keys = {}, vpc }: Deployment,
  ownName: string,
  failedRuns: string,
): Grants {
  const own = (service: string, rest: string) =>
    `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${rest}`;
  const logs = [own('logs', `log-group:/aws/lambda/duo-${name}-${stage}-${ownName}:*`)];
  const these = (...arns: (string | undefined)[]) => arns.filter((arn) => arn !== undefined);
  return {
    's3:ListBucket': [`{import duo-storage-${stage}-BucketArn}`],
    'ssm:GetParameters': ['ikey', 'skey', 'api-host'].map((one) =>
      own('ssm', `parameter/duo/${stage}/${one}`),
    ),
    'logs:CreateLogStream': logs,
    'logs:PutLogEvents': logs,
    'sqs:SendMessage': [`{${failedRuns}.Arn}`],
    'kms:GenerateDataKey': these(keys.bucket),
    'kms:Decrypt': these(keys.bucket, keys.credentials),
    ...(vpc !== undefined && Object.fromEntries(networkActions.map((action) => [action, ['*']]))),
  };
}

function scheduleGrants(functionId: string, deadLetters: string): Grants {
  return {
    'lambda:InvokeFunction': [`{${functionId}.Arn}`],
    'sqs:SendMessage': [`{${deadLetters}.Arn}`],
  };
}
