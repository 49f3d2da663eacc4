import { refuseMixture } from 'duo-core';
import { allLogs } from '../../logs/find-log';
import { command } from '../../operator/command';
import { UsageError } from '../../operator/usage-error';
import type { World } from '../../operator/world';
import { parametersOf, storedAccounts } from '../../stage/credentials/stored-accounts';
import { openTarget } from '../../store/target';

/** Throws where the name or the child is taken. A child of which only the host was written, as of an add that broke off, is not. */
export async function refuseTaken(
  account: string,
  child: string | undefined,
  stage: string,
  { env }: Pick<World, 'env'>,
): Promise<void> {
  const known = await storedAccounts(stage, env);
  const same = known.find(({ accountId }) => child !== undefined && accountId === child);
  if (same !== undefined) throw new UsageError(`${child} is collected already, as ${same.name}.`);
  const named = known.find(({ name }) => name === account);
  if (named === undefined) return;
  if (named.accountId !== null)
    throw new UsageError(
      `There is an account ${account} already, a child of the parent account (${named.accountId}): take another name.`,
    );
  const parts = await parametersOf(stage, account, env);
  if (parts.some((name) => !name.endsWith('/api-host')))
    throw new UsageError(
      `There is an account ${account} already. To give it other keys: ${command} credentials put --stage ${stage} --account ${account}`,
    );
}

/** Throws where a stage has collected its own account, and so can have none with names. */
export async function refuseOwnAccount(stage: string, account: string, world: World): Promise<void> {
  const { store } = await openTarget({ stage }, world);
  for (const { name } of await allLogs()) await refuseMixture(store, { logType: name, account });
}
