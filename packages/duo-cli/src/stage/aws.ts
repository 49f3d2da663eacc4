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
