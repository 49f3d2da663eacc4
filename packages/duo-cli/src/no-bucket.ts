import { regionOf } from './aws';

/** What to say of a bucket that is not there. */
export function noBucket(bucket: string, env: NodeJS.ProcessEnv): Error {
  return new Error(
    `There is no bucket ${bucket}, asked for in ${regionOf(env)}: compare its name, the region and the account.`,
  );
}
