import { leftOutMetrics } from 'duo-core';
import * as z from 'zod/mini';

/** A metric of the collector: its name and its dimensions. */
export type Metric = string;

const resource = z.object({
  Type: z.string(),
  DeletionPolicy: z.optional(z.string()),
  Properties: z.optional(z.record(z.string(), z.unknown())),
});
const template = z.object({ Resources: z.record(z.string(), resource) });

const arnOf = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) });

const schedule = z.object({
  State: z.optional(z.literal('ENABLED')),
  Target: z.object({
    RoleArn: arnOf,
    Arn: arnOf,
    RetryPolicy: z.object({
      MaximumRetryAttempts: z.number().check(z.gte(1)),
      MaximumEventAgeInSeconds: z.number().check(z.gte(60)),
    }),
    DeadLetterConfig: z.object({ Arn: arnOf }),
  }),
});

const keptBucket = z.object({
  VersioningConfiguration: z.object({ Status: z.literal('Enabled') }),
  LifecycleConfiguration: z.object({ Rules: z.array(z.looseObject({ Status: z.literal('Enabled') })) }),
});

/**
 * What ministack takes and does not act on, looked at in a stack's template: what is wrong with it, one sentence each.
 * `emitted` are the metrics that functions have written.
 */
export function problemsNotActedOn(stack: string, text: string, emitted: ReadonlySet<Metric>): string[] {
  const { Resources } = template.parse(JSON.parse(text));
  const problems: string[] = [];
  const types = Object.values(Resources).map(({ Type }) => Type);
  if (types.includes('AWS::Lambda::Function') && !types.includes('AWS::Scheduler::Schedule'))
    problems.push(`${stack}: no schedule runs its function`);
  for (const [name, { Type, Properties, DeletionPolicy }] of Object.entries(Resources)) {
    const complain = (problem: string) => problems.push(`${stack}, ${name}: ${problem}`);
    if (Type === 'AWS::Scheduler::Schedule') {
      const parsed = schedule.safeParse(Properties);
      if (!parsed.success) {
        complain(`retries or dead letters are missing: ${z.prettifyError(parsed.error)}`);
        continue;
      }
      const { Target } = parsed.data;
      const statements = statementsOf(Resources[Target.RoleArn['Fn::GetAtt'][0]]);
      const rights = { 'lambda:InvokeFunction': Target.Arn, 'sqs:SendMessage': Target.DeadLetterConfig.Arn };
      for (const [right, on] of Object.entries(rights)) {
        const isGiven = statements.some(
          ({ Effect, Action, Resource }) =>
            Effect === 'Allow' && Action === right && JSON.stringify(Resource) === JSON.stringify(on),
        );
        if (!isGiven) complain(`its role may not ${right} on ${JSON.stringify(on)}`);
      }
    }
    if (Type === 'AWS::IAM::Role') {
      const actions = statementsOf({ Properties }).flatMap(({ Action }) => Action);
      if (actions.includes('s3:GetObject') && !actions.includes('s3:ListBucket'))
        complain('without s3:ListBucket, AWS refuses a checkpoint that does not exist yet');
    }
    if (Type === 'AWS::S3::Bucket' && DeletionPolicy === 'RetainExceptOnCreate') {
      const parsed = keptBucket.safeParse(Properties);
      const rules = JSON.stringify(parsed.data?.LifecycleConfiguration.Rules ?? null);
      if (!rules.includes('"NoncurrentVersionExpiration"')) complain('old versions never expire');
    }
    if (Type === 'AWS::CloudWatch::Alarm') {
      for (const metric of metricsIn(Properties)) {
        if (!isPublished(metric, emitted)) complain(`no function has written its metric, ${metric}`);
      }
    }
  }
  return problems;
}

/** Whether functions have written a metric, or, if it is one that runs leave out, another of the same dimensions. */
function isPublished(metric: Metric, emitted: ReadonlySet<Metric>): boolean {
  const name = leftOutMetrics.find((one) => metric.startsWith(nameOf(one, '')));
  if (name === undefined) return emitted.has(metric);
  const dimensions = metric.slice(nameOf(name, '').length);
  return [...emitted].some((one) => one.endsWith(nameOf('', dimensions)));
}

const role = z.object({
  Properties: z.object({
    Policies: z._default(
      z.array(
        z.object({
          PolicyDocument: z.object({
            Statement: z.array(z.object({ Effect: z.string(), Action: z.unknown(), Resource: z.unknown() })),
          }),
        }),
      ),
      [],
    ),
  }),
});

function statementsOf(of: unknown) {
  return role.parse(of).Properties.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

const metric = z.object({
  Namespace: z.literal('DuoLogs'),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })),
});

/** The collector's own metrics that an alarm names, in metric math as well. */
function metricsIn(value: unknown): Metric[] {
  if (typeof value !== 'object' || value === null) return [];
  const found = Object.values(value).flatMap(metricsIn);
  if (!('Namespace' in value) || value.Namespace !== 'DuoLogs') return found;
  const { MetricName, Dimensions } = metric.parse(value);
  return [...found, nameOf(MetricName, Dimensions.map(({ Name, Value }) => `${Name} ${Value}`).join())];
}

/** The metrics that a function has written into its log. */
export function metricsOf(log: string): Metric[] {
  return log
    .split('\n')
    .filter((line) => line.startsWith('{"_aws"'))
    .flatMap((line) => {
      const { _aws, ...values } = embedded.parse(JSON.parse(line));
      return _aws.CloudWatchMetrics.flatMap(({ Dimensions, Metrics }) =>
        Dimensions.flatMap((names) =>
          Metrics.map(({ Name }) =>
            nameOf(Name, names.map((dimension) => `${dimension} ${values[dimension]}`).join()),
          ),
        ),
      );
    });
}

const embedded = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.literal('DuoLogs'),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string() })),
      }),
    ),
  }),
});

function nameOf(name: string, dimensions: string): Metric {
  return `${name} of ${dimensions}`;
}
