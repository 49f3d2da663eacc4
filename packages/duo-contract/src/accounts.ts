import type { AccountSetup } from 'duo-simulator';

/** An account beside the simulator's own that a test collects: a child, whose records the simulator's own keys read. */
export const child = {
  name: 'acme-north',
  apiHost: 'api-acme-north.duosecurity.com',
  accountId: 'DAACMENORTH000000000',
} satisfies AccountSetup;

/** `DUO_ACCOUNTS` as a function reads it; the keys of those that have none are the environment's. */
export function accountsVariable(accounts: readonly AccountSetup[]): string {
  return JSON.stringify(
    Object.fromEntries(
      accounts.map(({ name, apiHost, accountId, keys }) => [
        name,
        keys === undefined ? { accountId, apiHost } : { ikey: keys.ikey, skey: keys.skey, apiHost },
      ]),
    ),
  );
}
