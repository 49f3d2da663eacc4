/** Which resources each action may be allowed on; resources as `arnText` writes them. */
export type Grants = Readonly<Record<string, readonly string[]>>;

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
