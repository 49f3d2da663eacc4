import type { Credentials, CredentialsProvider } from '../../duo/duo-client';
import { CredentialsError } from '../../errors';

/** What credentials are made of, as text from wherever they are kept; what is not there is undefined or empty. */
export type Parts = { readonly [part in keyof typeof parts]?: string | undefined };

/** The parts by the names of their parameters in SSM. */
export const parts = { ikey: 'ikey', skey: 'skey', apiHost: 'api-host', accountId: 'account-id' } as const;

/** How each part is called in messages: by its parameter or variable. */
export type PartNames = Readonly<Record<keyof typeof parts, string>>;

/** Keeps what `fetchThem` brings until it is renewed; a failure is not kept. `source` says where they come from. */
export function cached(source: string, fetchThem: () => Promise<Credentials>): CredentialsProvider {
  let kept: Promise<Credentials> | undefined;
  const provider: CredentialsProvider = {
    source,
    get() {
      // A failure is not kept: the next invocation of a warm function asks again.
      kept ??= fetchThem().catch((error: unknown) => {
        provider.renew();
        throw error;
      });
      return kept;
    },
    renew() {
      kept = undefined;
    },
  };
  return provider;
}

/** Whether it is a host of Duo's. The secret is sent nowhere else: any other would learn what to replay. */
export function isApiHost(text: string): boolean {
  return /^api-[a-z0-9-]+\.(duosecurity|duofederal)\.com$/i.test(text);
}

/** Whether it is an account's id, as Duo's Accounts API has them (https://duo.com/docs/accountsapi). */
export function isAccountId(text: string): boolean {
  return /^DA[A-Z0-9]{18}$/.test(text);
}

/** Says which value is wrong, by the name of its parameter or variable, and never what it is. */
export function credentialsProblems(
  credentials: Pick<Credentials, 'ikey' | 'skey' | 'apiHost'>,
  names: Pick<PartNames, 'ikey' | 'skey' | 'apiHost'>,
): string[] {
  return [...keyProblems(credentials, names), ...hostProblems(credentials.apiHost, names.apiHost)];
}

function keyProblems(
  keys: Pick<Credentials, 'ikey' | 'skey'>,
  names: Pick<PartNames, 'ikey' | 'skey'>,
): string[] {
  return (['ikey', 'skey'] as const).flatMap((key) => {
    if (keys[key] === '') return [`${names[key]} is not set`];
    if (/^[\x21-\x7e]+$/.test(keys[key])) return [];
    return [
      `${names[key]} is malformed: it contains a space, a line break or another character that keys do not have`,
    ];
  });
}

function hostProblems(apiHost: string, name: string): string[] {
  if (isApiHost(apiHost)) return [];
  return [
    `${name} ${apiHost === '' ? 'is not set' : 'is not a Duo API host'}: it must look like api-xxxxxxxx.duosecurity.com (or duofederal.com), without https:// and without a path`,
  ];
}

/**
 * The credentials of a named account: with keys of its own, or as a child, for which the parent's keys sign. Throws a
 * `CredentialsError` that names what is missing, too much or malformed.
 */
export function accountCredentials(
  account: string,
  own: { readonly values: Parts; readonly names: PartNames },
  parent: { readonly values: Parts; readonly names: Pick<PartNames, 'ikey' | 'skey'> },
): Credentials {
  const { ikey = '', skey = '', apiHost = '', accountId = '' } = own.values;
  const stop = (problems: readonly string[]) => new CredentialsError(problems.join('; '));
  if (`${ikey}${skey}${apiHost}${accountId}` === '') {
    throw stop([
      `there is no account ${account}: neither ${own.names.ikey} nor ${own.names.accountId}. npx pnpm duo accounts list shows which there are, npx pnpm duo accounts add ${account} adds it`,
    ]);
  }
  if (accountId === '') {
    const problems = credentialsProblems({ ikey, skey, apiHost }, own.names);
    if (problems.length > 0) throw stop(problems);
    return { ikey, skey, apiHost };
  }
  if (ikey !== '' || skey !== '') {
    throw stop([
      `${own.names.accountId} says that ${account} is a child of the parent account, and ${ikey === '' ? own.names.skey : own.names.ikey} that it has an application of its own: remove what is not true`,
    ]);
  }
  const keys = { ikey: parent.values.ikey ?? '', skey: parent.values.skey ?? '' };
  const problems = [...hostProblems(apiHost, own.names.apiHost), ...keyProblems(keys, parent.names)];
  if (!isAccountId(accountId))
    problems.unshift(`${own.names.accountId} is not an account's id, which is DA and 18 letters and digits`);
  if (problems.length > 0) throw stop(problems);
  return { ...keys, apiHost, accountId };
}
