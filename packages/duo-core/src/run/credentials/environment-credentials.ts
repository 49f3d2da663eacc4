import * as z from 'zod/mini';
import { isAccountName } from '../../account-log';
import type { CredentialsProvider } from '../../duo/duo-client';
import { CredentialsError } from '../../errors';
import { accountCredentials, cached, credentialsProblems, type PartNames, type Parts } from './credentials';

const names = { ikey: 'DUO_IKEY', skey: 'DUO_SKEY', apiHost: 'DUO_API_HOST' } as const;

const text = z.optional(z.string());
const accounts = z.record(
  z.string().check(z.refine(isAccountName)),
  z.strictObject({ ikey: text, skey: text, apiHost: text, accountId: text }),
);

/**
 * `DUO_IKEY`, `DUO_SKEY` and `DUO_API_HOST`, for running locally; or those of an account in `DUO_ACCOUNTS`, for a child of which
 * the first two sign.
 */
export function environmentCredentials(env: NodeJS.ProcessEnv, account?: string): CredentialsProvider {
  if (account === undefined) {
    return cached(`${names.ikey}, ${names.skey} and ${names.apiHost}`, async () => {
      const problems = environmentProblems(env);
      if (problems.length > 0) throw new CredentialsError(problems.join('; '));
      return { ikey: env.DUO_IKEY ?? '', skey: env.DUO_SKEY ?? '', apiHost: env.DUO_API_HOST ?? '' };
    });
  }
  return cached(`DUO_ACCOUNTS, its ${account}`, async () => {
    const found = readAccounts(env);
    if (typeof found === 'string') throw new CredentialsError(found);
    const own = { values: found[account] ?? {}, names: namesIn(account) };
    return accountCredentials(account, own, {
      values: { ikey: env.DUO_IKEY, skey: env.DUO_SKEY },
      names,
    });
  });
}

/** What is wrong with the stage's own credentials in the environment, one sentence each; empty if nothing is. */
export function environmentProblems(env: NodeJS.ProcessEnv): string[] {
  return credentialsProblems(
    { ikey: env.DUO_IKEY ?? '', skey: env.DUO_SKEY ?? '', apiHost: env.DUO_API_HOST ?? '' },
    names,
  );
}

/** What is wrong with `DUO_ACCOUNTS`, by its name and without its value; undefined if nothing is, or it is not set. */
export function accountsProblem(env: NodeJS.ProcessEnv): string | undefined {
  const found = readAccounts(env);
  return typeof found === 'string' ? found : undefined;
}

function readAccounts({ DUO_ACCOUNTS }: NodeJS.ProcessEnv): Readonly<Record<string, Parts>> | string {
  const form =
    'DUO_ACCOUNTS must be JSON: {"<account>": {"ikey": …, "skey": …, "apiHost": …}}, or {"accountId": …, "apiHost": …} for a child; a name consists of small letters, digits and hyphens, begins with a letter and has at most 40';
  try {
    return accounts.parse(JSON.parse(DUO_ACCOUNTS || '{}'));
  } catch {
    return form;
  }
}

function namesIn(account: string): PartNames {
  const name = (part: string) => `${part} of ${account} in DUO_ACCOUNTS`;
  return { ikey: name('ikey'), skey: name('skey'), apiHost: name('apiHost'), accountId: name('accountId') };
}
