import { table } from '../../operator/table';
import { UsageError } from '../../operator/usage-error';
import { plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { storeChild } from '../../stage/credentials/stored-accounts';
import type { Discovered } from './json';
import { newName } from './new-name';
import { refuseOwnAccount } from './refuse-taken';
import { whenCollected } from './when-collected';

/** How `addFound` is told what to do. */
interface Adding {
  readonly stage: string;
  /** Undefined outside of the checkout. */
  readonly settings: { readonly accounts: boolean } | undefined;
  /** The KMS key to encrypt with, if it is not SSM's own. */
  readonly key: string | undefined;
  /** Whether not to ask. */
  readonly yes: boolean;
  readonly say: World['print'];
}

/**
 * Adds the children that are not collected and of which Duo refuses nothing, under names made from Duo's, after asking. Resolves to
 * all children as they are then. If it breaks off, the next time goes on with those that are left.
 */
export async function addFound(
  found: readonly Discovered[],
  known: readonly string[],
  { stage, settings, key, yes, say }: Adding,
  world: World,
): Promise<readonly Discovered[]> {
  const taken = new Set(known);
  const named = found.map((child) => {
    if (child.account !== null || child.refused.length > 0) return child;
    const account = newName(child.name, taken);
    taken.add(account);
    return { ...child, account };
  });
  const added = named.filter((child, n) => child !== found[n]);
  const [first] = added;
  if (first === undefined) {
    say('\nNone is added: of those that are not collected, Duo refuses something.\n');
    return found;
  }
  await refuseOwnAccount(stage, first.account ?? '', world);
  const rows = added.map(({ account, accountId, name }) => [account ?? '', accountId, name]);
  say('\n', table([['NEW ACCOUNT', 'CHILD', 'NAME'], ...rows]));
  if (!yes) {
    if (world.ask === undefined)
      throw new UsageError('There is no terminal to ask in: add --yes if you want that.');
    if (!(await world.ask.confirm(`Add ${plural(added.length, 'account')}?`)))
      throw new Error('Nothing was changed.');
  }
  for (const child of added) await storeChild(child, stage, child.account ?? '', key, world.env);
  say(`Added ${plural(added.length, 'account')}. ${whenCollected(stage, settings, added.length)}`);
  return named;
}
