import { GetParametersByPathCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { CredentialsError, describeAwsError, isAccountName } from 'duo-core';

/** An account of a stage, as its parameters' names say. */
export interface KnownAccount {
  readonly name: string;
  /** When the first of its parameters that is there was put last, in ms. */
  readonly since: number;
  /** Its id, where it is a child of the parent account; null where it has keys of its own. */
  readonly accountId: string | null;
}

/**
 * The accounts below `path/accounts`, by name. Decrypts nothing: a child's id is no secret, and lies there as a plain text. Throws a
 * `CredentialsError` if SSM refuses, or for a name that no account can have.
 */
export async function knownAccounts(
  client: SSMClient,
  path: string,
  signal?: AbortSignal,
): Promise<KnownAccount[]> {
  const below = `${path}/accounts/`;
  const found = new Map<string, KnownAccount>();
  let NextToken: string | undefined;
  do {
    const command = new GetParametersByPathCommand({
      Path: below,
      Recursive: true,
      MaxResults: 10,
      NextToken,
    });
    const page = await client.send(command, { ...(signal && { abortSignal: signal }) }).catch((error) => {
      throw new CredentialsError(
        `the accounts below ${below} cannot be listed: ${describeAwsError(error, `ssm:GetParametersByPath on ${below}`)}`,
      );
    });
    for (const { Name = '', Value = '', LastModifiedDate } of page.Parameters ?? []) {
      const [name = '', part] = Name.slice(below.length).split('/');
      if (!isAccountName(name)) throw new CredentialsError(`${Name}: no account can be called "${name}"`);
      const put = LastModifiedDate?.getTime() ?? 0;
      const known = found.get(name);
      found.set(name, {
        name,
        since: Math.min(put, known?.since ?? put),
        accountId: part === 'account-id' ? Value : (known?.accountId ?? null),
      });
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return [...found.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}
