/*
 * What a stage has at AWS, by name: the same rules as those of serverless.common.yml and services/storage, which name it.
 */

/** What the Serverless Framework calls a service: a log type, or `storage`. */
export function serviceName(service: string): string {
  return `duo-${service}`;
}

/** The stack of a service at a stage. */
export function stackName(service: string, stage: string): string {
  return `${serviceName(service)}-${stage}`;
}

/** The export under which the storage's stack names one of its outputs. */
export function exportName(stage: string, output: 'BucketName' | 'KmsKeyArn'): string {
  return `${stackName('storage', stage)}-${output}`;
}

/** The service that starts the runs of all accounts, where a stage has several: no log type. */
export const starter = 'accounts';

/** The service that turns what is stored into Parquet, where a stage wants it: no log type. */
export const lake = 'lake';

/** What a function of a log does: it collects, or it reconciles days. */
export type Work = 'collect' | 'reconcile';

/** What a function does: the starter's starts the others, the lake's turns what they store. */
export type AnyWork = Work | 'start' | 'turn';

/** What the functions of a service do. */
export function worksOf(service: string): readonly [AnyWork, ...AnyWork[]] {
  if (service === lake) return ['turn'];
  return service === starter ? ['start'] : ['collect', 'reconcile'];
}

/** The function of a service that does that. */
export function functionName(service: string, stage: string, work: AnyWork): string {
  return `${stackName(service, stage)}-${work}`;
}

/** The log group of that function. */
export function logGroupName(service: string, stage: string, work: AnyWork): string {
  return `/aws/lambda/${functionName(service, stage, work)}`;
}

/** The schedule that starts that function. */
export function scheduleName(logType: string, stage: string, work: Work): string {
  const stack = stackName(logType, stage);
  return work === 'collect' ? stack : `${stack}-${work}`;
}

/** What the names of a stage's parameters begin with. */
export function parameterPath(stage: string): string {
  return `/duo/${stage}`;
}

/** What the names of an account's parameters begin with; of the stage's own without one. */
export function credentialsPath(stage: string, account?: string): string {
  return account === undefined ? parameterPath(stage) : `${parameterPath(stage)}/accounts/${account}`;
}

/** What the names of the parameters of a stage's parent account begin with. */
export function parentPath(stage: string): string {
  return `${parameterPath(stage)}/parent`;
}

/** The parameters below a path that hold credentials, in the order in which they are written. */
export function parameterNames(path: string): Record<'ikey' | 'skey' | 'apiHost', string> {
  return { apiHost: `${path}/api-host`, ikey: `${path}/ikey`, skey: `${path}/skey` };
}
