import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageService } from 'duo-contract/package-service';
import { parseTemplate, type Template } from 'duo-contract/templates';
import { parse } from 'yaml';
import * as z from 'zod/mini';

/** A function as it is deployed. */
export interface DeployedFunction {
  readonly gigabytes: number;
  readonly runsAMonth: number;
  readonly daysOfLogs: number;
}

/** What costs of a service, as it is deployed with the default settings. */
export interface DeployedService {
  readonly alarms: number;
  readonly dashboards: number;
  readonly functions: Readonly<Record<string, DeployedFunction>>;
}

/** A month has 30 days. */
const secondsAMonth = 30 * 86_400;

/** Packages every service that a deployment of the project deploys, and reads their templates. */
export function readDeployed(root: string): DeployedService[] {
  const { services } = composed.parse(parse(readFileSync(join(root, 'serverless-compose.yml'), 'utf8')));
  return Object.values(services).map(({ path }) =>
    serviceOf(parseTemplate(packageService(join(root, path)).template)),
  );
}

const composed = z.object({ services: z.record(z.string(), z.object({ path: z.string() })) });

const lambda = z.object({ MemorySize: z.number() });
const logGroup = z.object({ RetentionInDays: z.number() });
const schedule = z.object({
  ScheduleExpression: z.string(),
  Target: z.object({ Arn: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }) }),
});

function serviceOf({ Resources }: Template): DeployedService {
  const ofType = (type: string) => Object.entries(Resources).filter(([, { Type }]) => Type === type);
  const schedules = ofType('AWS::Scheduler::Schedule').map(([, { Properties }]) =>
    schedule.parse(Properties),
  );
  const functions = ofType('AWS::Lambda::Function').map(
    ([id, { Properties }]): [string, DeployedFunction] => {
      const name = id.replace('LambdaFunction', '');
      const runs = schedules.filter(({ Target }) => Target.Arn['Fn::GetAtt'][0] === id);
      return [
        name.toLowerCase(),
        {
          gigabytes: lambda.parse(Properties).MemorySize / 1024,
          runsAMonth: runs.reduce((sum, one) => sum + secondsAMonth / intervalOf(one.ScheduleExpression), 0),
          daysOfLogs: logGroup.parse(Resources[`${name}LogGroup`]?.Properties).RetentionInDays,
        },
      ];
    },
  );
  return {
    alarms: ofType('AWS::CloudWatch::Alarm').length,
    dashboards: ofType('AWS::CloudWatch::Dashboard').length,
    functions: Object.fromEntries(functions),
  };
}

/** In seconds. */
function intervalOf(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour)s?\)$/.exec(expression) ?? [];
  if (unit === undefined) throw new Error(`the schedule ${expression} is no rate`);
  return Number(count) * (unit === 'hour' ? 3600 : 60);
}
