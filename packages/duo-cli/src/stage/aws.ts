import { awsErrorName } from 'duo-core';

/** AWS refuses what a command has asked it for, or does not answer. `reason` is its own name of the error. */
export class AwsError extends Error {
  readonly reason: string | undefined;

  /** `error` is the SDK's, which is not kept: it holds the signed request. */
  constructor(message: string, error: unknown) {
    super(message);
    this.reason = awsErrorName(error);
  }
}

/**
 * What every client of the SDK is made with. The region is the one that the services are deployed to, also where it is
 * left to their default: the SDK's own choice could be another.
 */
export function awsOptions(env: NodeJS.ProcessEnv) {
  return {
    region: regionOf(env),
    ...(env.AWS_PROFILE && { profile: env.AWS_PROFILE }),
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  };
}

/** The region that the services are deployed to, by the same rule as in `serverless.common.yml`. */
export function regionOf(env: NodeJS.ProcessEnv): string {
  return env.AWS_REGION || 'us-east-1';
}
