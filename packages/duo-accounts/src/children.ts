import type { SSMClient } from '@aws-sdk/client-ssm';
import { type Child, type Clock, createDuoClient, listChildren, parentCredentials } from 'duo-core';
import type { KnownAccount } from './known-accounts';

/** How the parent's children and the accounts of the stage compare. */
export interface Children {
  /** Those that nobody collects here. */
  readonly uncollected: readonly Child[];
  /** Accounts that say they are children of a parent which has no such child. */
  readonly strangers: readonly KnownAccount[];
}

/** What the children are read with; `apiUrl` is the simulator's. */
interface Asking {
  readonly ssm: SSMClient;
  readonly path: string;
  readonly clock: Clock;
  readonly apiUrl: string | undefined;
}

/** Accounts come and go by hand: Duo is asked once an hour, in ms. */
const remembered = 3_600_000;

/**
 * Compares the accounts with the children of the stage's parent account, asking Duo at most once an hour while the function stays warm;
 * null where it was asked already, or no account is a child. Throws as the client does.
 */
export function createChildren({ ssm, path, clock, apiUrl }: Asking) {
  let last = Number.NEGATIVE_INFINITY;
  return async (accounts: readonly KnownAccount[], giveUpAt: number): Promise<Children | null> => {
    if (clock.now() - last < remembered || accounts.every(({ accountId }) => accountId === null)) return null;
    last = clock.now();
    const duo = createDuoClient({ credentials: parentCredentials(ssm, path, clock), clock, apiUrl });
    const children = await listChildren(duo, giveUpAt);
    const collected = new Set(accounts.map(({ accountId }) => accountId));
    const ids = new Set(children.map(({ accountId }) => accountId));
    return {
      uncollected: children.filter(({ accountId }) => !collected.has(accountId)),
      strangers: accounts.filter(({ accountId }) => accountId !== null && !ids.has(accountId)),
    };
  };
}
