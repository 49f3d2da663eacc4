import { SSMClient } from '@aws-sdk/client-ssm';
import type { KnownAccount } from 'duo-accounts/known-accounts';
import { type Credentials, environmentCredentials, type LogType, ssmCredentials } from 'duo-core';
import { command } from '../../operator/command';
import type { World } from '../../operator/world';
import { awsOptions } from '../../stage/aws';
import { storedCredentials } from '../../stage/credentials/stored-credentials';
import { tryCredentials } from '../../stage/credentials/try-credentials';
import { parameterPath, starter } from '../../stage/names';
import type { Target } from '../../store/target';
import { type Check, check } from './check';

/** The credentials of an account of a stage or of the environment, or those of its own. Throws an error that says what to do. */
export async function credentialsOf(
  { stage, env }: Target,
  account: string | undefined,
  clock: World['clock'],
): Promise<Credentials> {
  if (stage !== null && account !== undefined)
    return ssmCredentials(new SSMClient(awsOptions(env)), parameterPath(stage), clock, account).get();
  if (stage !== null)
    return storedCredentials(parameterPath(stage), `${command} credentials put --stage ${stage}`, env);
  return environmentCredentials(env, account)
    .get()
    .catch((error: Error) => {
      throw new Error(`${error.message}. Export them, or name a stage with --stage.`);
    });
}

/**
 * The accounts whose keys are tried, for 500 would take minutes: the first with keys of its own, the first that is a child, and the
 * last one. That each works, its checkpoint says.
 */
export function sampleOf(accounts: readonly KnownAccount[]): string[] {
  const own = accounts.find(({ accountId }) => accountId === null);
  const child = accounts.find(({ accountId }) => accountId !== null);
  const sample = [own, child, accounts.at(-1)];
  return [...new Set(sample.flatMap((one) => one?.name ?? []))];
}

/** Checks that Duo shows a log to the keys of an account. */
export function checkKeys(account: string, logType: LogType, target: Target, world: World): Promise<Check> {
  return check(starter, 'keys', async () => {
    try {
      const credentials = await credentialsOf(target, account, world.clock);
      await tryCredentials(credentials, logType, world);
      return `GET ${logType.path} answers ${account}`;
    } catch (error) {
      throw new Error(`${account}: ${error instanceof Error ? error.message : error}`);
    }
  });
}
