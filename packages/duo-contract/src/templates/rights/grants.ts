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
  /** Whether the stage has many accounts, whose runs services/accounts starts. @default false */
  readonly accounts?: boolean;
  /** Whether the settings announce new objects in a queue. @default false */
  readonly newObjects?: boolean;
  /** The account of the bucket. @default the one that is deployed to */
  readonly bucketAccount?: string;
  /** The subnets that its functions go out from, and their security groups. @default none: they are in no network of the user's */
  readonly vpc?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
}

/** A function by what the ids of its resources begin with. */
export type FunctionId = 'Collect' | 'Reconcile' | 'Start' | 'Turn';

/** The functions of a log type. */
export function functionsOf({ reconciles = true }: Deployment): FunctionId[] {
  return reconciles ? ['Collect', 'Reconcile'] : ['Collect'];
}

/** Those of its functions that have a schedule: all, or none where services/accounts starts them. */
export function scheduledFunctionsOf(deployment: Deployment): FunctionId[] {
  return deployment.accounts ? [] : functionsOf(deployment);
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
  const { name, stage, accounts = false, reconciles = true } = deployment;
  const inBucket = (path: string) => bucketArn(stage, path);
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
    ...(!accounts && { ScheduleRole: scheduleGrants('CollectLambdaFunction', 'ScheduleDeadLetters') }),
  };
  if (!reconciles) return collect;
  return {
    ...collect,
    ReconcileRole: {
      ...functionGrants(deployment, 'reconcile', 'ReconcileFailedRuns'),
      's3:GetObject': [logs, receipts, state, checkpoint],
      's3:PutObject': [logs, receipts, state],
    },
    ...(!accounts && {
      ReconcileScheduleRole: scheduleGrants('ReconcileLambdaFunction', 'ReconcileScheduleDeadLetters'),
    }),
  };
}

/** What both functions may do besides reading and writing objects. */
function functionGrants(deployment: Deployment, ownName: string, failedRuns: string): Grants {
  const { stage, keys = {}, accounts = false } = deployment;
  const these = (...arns: (string | undefined)[]) => arns.filter((arn) => arn !== undefined);
  const parameters = ['ikey', 'skey', 'api-host', ...(accounts ? ['accounts/*', 'parent/*'] : [])];
  return {
    ...grantsOfAny(deployment, ownName, failedRuns),
    'ssm:GetParameters': parameters.map((one) => ownArn('ssm', `parameter/duo/${stage}/${one}`)),
    'kms:GenerateDataKey': these(keys.bucket),
    'kms:Decrypt': these(keys.bucket, keys.credentials),
  };
}

/** What any function of a service may do: list the bucket, write its own log, keep the runs that fail, be in the network. */
export function grantsOfAny(
  { name, stage, vpc }: Pick<Deployment, 'name' | 'stage' | 'vpc'>,
  ownName: string,
  failedRuns: string,
): Grants {
  const logs = [ownArn('logs', `log-group:/aws/lambda/duo-${name}-${stage}-${ownName}:*`)];
  return {
    's3:ListBucket': [bucketArn(stage)],
    'logs:CreateLogStream': logs,
    'logs:PutLogEvents': logs,
    'sqs:SendMessage': [`{${failedRuns}.Arn}`],
    ...(vpc !== undefined && Object.fromEntries(networkActions.map((action) => [action, ['*']]))),
  };
}

/** What the role of a schedule may do. */
export function scheduleGrants(functionId: string, deadLetters: string): Grants {
  return {
    'lambda:InvokeFunction': [`{${functionId}.Arn}`],
    'sqs:SendMessage': [`{${deadLetters}.Arn}`],
  };
}

/** The ARN of a stage's bucket, or of a place in it, as `arnText` writes it. */
export function bucketArn(stage: string, path = ''): string {
  return `{import duo-storage-${stage}-BucketArn}${path}`;
}

/** The ARN of something in the account and region of the stack, as `arnText` writes it. */
export function ownArn(service: string, rest: string): string {
  return `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${rest}`;
}
