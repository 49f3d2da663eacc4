import { type Config, ConfigError, certificateProblem, kmsKey, storeUrl } from 'duo-core';
import * as z from 'zod/mini';

/** The lake's environment, read and checked. */
export interface LakeConfig extends Pick<Config, 'store' | 'kmsKeyArn'> {
  readonly logTypes: readonly string[];
  readonly place: { readonly region: string; readonly accountId: string };
}

/** Reads the environment variables of the lake. Throws one `ConfigError` that names every problem. */
export function readLakeConfig(env: NodeJS.ProcessEnv): LakeConfig {
  const problems: string[] = [];
  const read = <T>(name: string, schema: z.ZodMiniType<T>, otherwise: string): T | undefined => {
    // A variable that is set to nothing is the same as one that is not set.
    const result = schema.safeParse(env[name] || undefined);
    if (result.success) return result.data;
    problems.push(`${name} is ${env[name] ? 'malformed' : 'not set'}: it must be ${otherwise}`);
    return undefined;
  };
  const store = read('STORE_URL', storeUrl, 's3://bucket, s3://bucket/prefix or file:///absolute/directory');
  const kmsKeyArn = read(
    'STORE_KMS_KEY_ARN',
    kmsKey,
    'unset, or the ARN of a KMS key, like arn:aws:kms:eu-west-1:123456789012:key/<id>',
  );
  const logTypes = read(
    'LOG_TYPES',
    text(/^[a-z\d-]+(,[a-z\d-]+)*$/),
    'names of log types with commas in between',
  );
  const region = read('LAKE_REGION', text(/^[a-z]+(-[a-z]+)+-\d+$/), 'a region of AWS, like eu-west-1');
  const accountId = read('LAKE_ACCOUNT', text(/^\d{12}$/), 'the 12 digits of an AWS account');
  const certificates = certificateProblem(env);
  if (certificates !== undefined) problems.push(certificates);
  if (
    problems.length > 0 ||
    store === undefined ||
    logTypes === undefined ||
    region === undefined ||
    accountId === undefined
  )
    throw new ConfigError(problems.join('\n'));
  return { store, kmsKeyArn, logTypes: logTypes.split(','), place: { region, accountId } };
}

function text(pattern: RegExp) {
  return z.string().check(z.regex(pattern));
}
