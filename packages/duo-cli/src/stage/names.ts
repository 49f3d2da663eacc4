import type { Credentials } from 'duo-core';

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
export function exportName(stage: string, output: 'BucketName' | 'KmsKeyArn' | 'BackfillArn'): string {
  return `${stackName('storage', stage)}-${output}`;
}

/** The function that collects a log. */
export function functionName(logType: string, stage: string): string {
  return `${stackName(logType, stage)}-collect`;
}

/** The log group of that function. */
export function logGroupName(logType: string, stage: string): string {
  return `/aws/lambda/${functionName(logType, stage)}`;
}

/** The schedule that starts that function. */
export function scheduleName(logType: string, stage: string): string {
  return stackName(logType, stage);
}

/** What the names of a stage's parameters begin with. */
export function parameterPath(stage: string): string {
  return `/duo/${stage}`;
}

/** The parameters that a stage's functions read, in the order in which they are written. */
export function parameterNames(stage: string): Record<keyof Credentials, string> {
  const path = parameterPath(stage);
  return { apiHost: `${path}/api-host`, ikey: `${path}/ikey`, skey: `${path}/skey` };
}
