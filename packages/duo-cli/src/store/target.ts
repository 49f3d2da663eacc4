import { SSMClient } from '@aws-sdk/client-ssm';
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import {
  type AccountLog,
  createDuoClient,
  type DuoClient,
  environmentCredentials,
  isAccountName,
  type Store,
  ssmCredentials,
} from 'duo-core';
import { UsageError } from '../operator/usage-error';
import type { World } from '../operator/world';
import { awsOptions } from '../stage/aws';
import { duoUrl } from '../stage/duo-url';
import { parameterPath } from '../stage/names';
import { readStage, storeOf } from '../stage/stage';
import { namedStore, openStore } from './open-store';

/** `--stage`: what is deployed. */
export const stageOption = new Option(
  '--stage <stage>',
  'the deployed stage: the name given to sls deploy',
).argParser(readStage);

/** `--store`: a store without a stage; Duo's credentials are then those of the environment. */
export const storeOption = new Option(
  '--store <url>',
  'instead of a stage: s3://bucket[/prefix] or a directory, and DUO_IKEY, DUO_SKEY and DUO_API_HOST',
);

/** `--account`: one of several Duo accounts of a stage or a store. */
export const accountOption = new Option(
  '--account <account>',
  'one of the accounts of a stage that has several, by its name',
).argParser(readAccount);

/** Reads an account's name. Throws an `InvalidArgumentError` for one that no account can have. */
export function readAccount(text: string): string {
  if (isAccountName(text)) return text;
  throw new InvalidArgumentError(
    "An account's name consists of small letters, digits and hyphens, begins with a letter and has at most 40.",
  );
}

/** What the options above say. */
interface TargetOptions {
  readonly stage?: string | undefined;
  readonly store?: string | undefined;
  readonly account?: string | undefined;
}

/** What a command works on: a stage that is deployed, or a store alone. */
export interface Target {
  /** Null where there is a store alone. */
  readonly stage: string | null;
  /** Left out where it is the stage's own account. */
  readonly account?: string | undefined;
  /** The environment of the command, with the region and the profile that were given. */
  readonly env: NodeJS.ProcessEnv;
  readonly store: Store;
  /** Duo, with the credentials of the stage (SSM) or of the environment; they are fetched by the first request. */
  readonly duo: DuoClient;
}

/** Opens what the options name. Throws a `UsageError` unless they name one of the two. */
export async function openTarget(options: TargetOptions, { env, clock }: World): Promise<Target> {
  const { stage = null, store: url, account } = options;
  if ((stage === null) === (url === undefined)) {
    throw new UsageError('Give either --stage (what is deployed) or --store (where the logs are).');
  }
  const apiUrl = duoUrl(env);
  const address = url === undefined ? await storeOf(stage ?? '', env) : namedStore(url, env);
  const credentials =
    stage === null
      ? environmentCredentials(env, account)
      : ssmCredentials(new SSMClient(awsOptions(env)), parameterPath(stage), clock, account);
  return {
    stage,
    account,
    env,
    store: openStore(address, env),
    duo: createDuoClient({ credentials, clock, apiUrl }),
  };
}

/** A log of what a command works on. */
export function logOf({ account }: Pick<Target, 'account'>, logType: string): AccountLog {
  return { logType, ...(account !== undefined && { account }) };
}
