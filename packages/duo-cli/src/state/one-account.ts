import {
  accountsFolder,
  ConfigError,
  checkpointKey,
  type LogType,
  refuseMixture,
  type Store,
} from 'duo-core';
import { command } from '../operator/command';
import { UsageError } from '../operator/usage-error';
import { parametersOf, storedAccounts } from '../stage/credentials/stored-accounts';
import { logOf, type Target } from '../store/target';
import { namesIn } from './accounts';

/** How many names a message has. */
const mostNamed = 3;

/**
 * Throws a `UsageError` unless the logs that a command works on are of one account: the named one where there are several, the own
 * one where there is no other. It names some of those that there are.
 */
export async function requireOneAccount(target: Target, logs: readonly LogType[]): Promise<void> {
  if (target.account !== undefined) return requireKnown(target, logs, target.account);
  for (const log of logs) await requireNone(target, log);
}

async function requireNone({ stage, env, store }: Target, { name }: LogType): Promise<void> {
  let names = await namesIn(accountsFolder(name), store, mostNamed + 1);
  // Before anything is collected, only the stage says whose it will be. Who has no accounts need not be allowed to list them.
  if (names.length === 0 && stage !== null && !(await exists(store, checkpointKey({ logType: name }))))
    names = (await storedAccounts(stage, env).catch(() => [])).map((account) => account.name);
  if (names.length === 0) return;
  const of = stage === null ? store.url : `The stage ${stage}`;
  throw new UsageError(`${of} has several accounts: say which with --account. ${namesText(names, stage)}`);
}

async function requireKnown(target: Target, logs: readonly LogType[], account: string): Promise<void> {
  const { stage, store } = target;
  for (const { name } of logs)
    await refuseMixture(store, logOf(target, name)).catch((error: unknown) => {
      throw error instanceof ConfigError
        ? new UsageError(
            `${store.url} has ${name} of one Duo account, which has no name: leave out --account ${account}.`,
          )
        : error;
    });
  // What is stored of an account that was removed can still be looked at.
  for (const { name } of logs) if (await exists(store, checkpointKey(logOf(target, name)))) return;
  if (stage !== null) return refuseUnknown(target, stage, account);
  for (const { name } of logs) {
    const names = await namesIn(accountsFolder(name), store, mostNamed + 1);
    if (names.length > 0)
      throw new UsageError(`${store.url} has no ${name} of ${account}. ${namesText(names, null)}`);
  }
}

/** Throws a `UsageError` unless a stage has parameters of this account, which decide whether it is collected. */
export async function refuseUnknown(
  { env }: Pick<Target, 'env'>,
  stage: string,
  account: string,
): Promise<void> {
  if ((await parametersOf(stage, account, env)).length > 0) return;
  throw new UsageError(
    `The stage ${stage} has no account ${account}. Which there are: ${command} accounts list --stage ${stage}`,
  );
}

async function exists(store: Store, wanted: string): Promise<boolean> {
  for await (const { key } of store.list(wanted)) return key === wanted;
  return false;
}

function namesText(names: readonly string[], stage: string | null): string {
  const some = names.slice(0, mostNamed).join(', ');
  if (names.length <= mostNamed) return `There ${names.length === 1 ? 'is' : 'are'} ${some}.`;
  return `Among others, there are ${some}${stage === null ? '' : `; all of them: ${command} accounts list --stage ${stage}`}.`;
}
