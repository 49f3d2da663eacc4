import type { SigningKeys } from 'duo-core';
import { type DuoFailure, failures } from './failures';
import {
  type ArrivedRequest,
  checkCredentials,
  type SimulatorCredentials,
  simulatorCredentials,
} from './server/request-check';

/** A Duo account beside the simulator's own: with keys of its own, or as a child of that one. */
export interface AccountSetup {
  /** How `Simulator.log` and `/simulator/<account>/<log>.ndjson` call it. */
  readonly name: string;
  readonly apiHost: string;
  /** Those of an application of its own; left out for a child, which is asked for with the simulator's own keys. */
  readonly keys?: SigningKeys;
  /** A child's id in the Accounts API: DA and 18 letters and digits. */
  readonly accountId?: string;
  /**
   * The logs that the parent's keys are refused, by name: a guess, since Duo documents nowhere which logs take `account_id`. Or all,
   * as those of a child on another deployment.
   */
  readonly refuses?: 'cross-deployment' | readonly string[];
  /** Whether it is asked too often, all the time: every request for a log of it is answered with 429. @default false */
  readonly throttles?: boolean;
}

/** Whom a request asks, or what Duo says about its credentials. */
export type Asked = { readonly account: AccountSetup | null } | DuoFailure;

/** The path of the Accounts API that lists the children of the keys' account: https://duo.com/docs/accountsapi */
export const accountListPath = '/accounts/v1/account/list';

/**
 * Says whose logs a request asks for: the child that its `account_id` names, or the account whose keys have signed it (null is the
 * simulator's own). The signature must be made for that account's API host. `now` is in ms.
 */
export function whomAsked(
  request: ArrivedRequest,
  own: SimulatorCredentials,
  accounts: readonly AccountSetup[],
  now: number,
): Asked {
  const { account_id: id } = request.params;
  if (id !== undefined) {
    const child = accounts.find(({ accountId }) => accountId !== undefined && accountId === id);
    const refusal = checkCredentials(request, { ...own, apiHost: child?.apiHost ?? own.apiHost }, now);
    if (refusal !== null) return refusal;
    return child === undefined ? failures.invalidParameters('account_id') : { account: child };
  }
  // Which keys have signed is told by whose signature it is; where nobody's is, the simulator's own speak of what is wrong.
  for (const account of accounts) {
    if (account.keys === undefined) continue;
    const refusal = checkCredentials(request, { ...account.keys, apiHost: account.apiHost }, now);
    if (refusal?.code !== failures.unknownIntegrationKey.code) return refusal ?? { account };
  }
  return checkCredentials(request, own, now) ?? { account: null };
}

/** What Duo says where an account throttles, or refuses the parent's keys a log; null where it answers. */
export function refusalOf(account: AccountSetup | null, log: string): DuoFailure | null {
  if (account?.throttles === true) return failures.tooManyRequests;
  if (account === null || account.keys !== undefined) return null;
  if (account.refuses === 'cross-deployment') return failures.crossDeployment;
  return account.refuses?.includes(log) === true ? failures.invalidParameters('account_id') : null;
}

/** The children as the Accounts API lists them. */
export function childrenOf(accounts: readonly AccountSetup[]) {
  return accounts
    .filter(({ accountId }) => accountId !== undefined)
    .map(({ name, accountId, apiHost }) => ({ account_id: accountId, api_hostname: apiHost, name }));
}

/** So many accounts, whose names and keys are invented: the first has keys of its own, the others are children. */
export function inventedAccounts(count: number): AccountSetup[] {
  return Array.from({ length: count }, (_, n) => {
    const name = `account-${n + 1}`;
    const apiHost = `api-${name}.duosecurity.com`;
    if (n > 0) return { name, apiHost, accountId: `DA${String(n).padStart(18, '0')}` };
    return { name, apiHost, keys: { ikey: 'DIACCOUNT00000000001', skey: simulatorCredentials.skey } };
  });
}
