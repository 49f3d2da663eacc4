import { type Config, ConfigError, variablesOf } from 'duo-core';
import * as z from 'zod/mini';

/** The lake's environment, read and checked. */
export interface LakeConfig extends Pick<Config, 'store' | 'kmsKeyArn'> {
  readonly logTypes: readonly string[];
  readonly place: { readonly region: string; readonly accountId: string };
}

/** Reads the environment variables of the lake. Throws one `ConfigError` that names every problem. */
export function readLakeConfig(env: NodeJS.ProcessEnv): LakeConfig {
  const { read, readStore, problemText } = variablesOf(env);
  const { store, kmsKeyArn } = readStore();
  const logTypes = read(
    'LOG_TYPES',
    text(/^[a-z\d-]+(,[a-z\d-]+)*$/),
    'names of log types with commas in between',
  );
  const region = read('LAKE_REGION', text(/^[a-z]+(-[a-z]+)+-\d+$/), 'a region of AWS, like eu-west-1');
  const accountId = read('LAKE_ACCOUNT', text(/^\d{12}$/), 'the 12 digits of an AWS account');
  const problem = problemText();
  if (
    problem !== '' ||
    store === undefined ||
    logTypes === undefined ||
    region === undefined ||
    accountId === undefined
  )
    throw new ConfigError(problem);
  return { store, kmsKeyArn, logTypes: logTypes.split(','), place: { region, accountId } };
}

function text(pattern: RegExp) {
  return z.string().check(z.regex(pattern));
}
