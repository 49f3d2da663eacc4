import type { AccountSetup } from './accounts';
import { simulatorCredentials } from './server/request-check';

/**
 * The environment variables with which this project's collector asks the simulator at `url`, for its own account and for those that it
 * has beside it. They hold no real secret.
 */
export function simulatorEnvironment(
  url: string,
  accounts: readonly AccountSetup[] = [],
): Record<string, string> {
  const { ikey, skey, apiHost } = simulatorCredentials;
  return {
    DUO_CREDENTIALS: 'env',
    DUO_IKEY: ikey,
    DUO_SKEY: skey,
    DUO_API_HOST: apiHost,
    DUO_API_URL: url,
    ...(accounts.length > 0 && { DUO_ACCOUNTS: JSON.stringify(Object.fromEntries(accounts.map(entryOf))) }),
  };
}

/** A child has no keys: those above sign for it. */
function entryOf({ name, apiHost, accountId, keys }: AccountSetup) {
  return [name, keys === undefined ? { accountId, apiHost } : { ...keys, apiHost }] as const;
}
