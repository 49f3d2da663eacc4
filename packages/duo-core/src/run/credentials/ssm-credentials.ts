import { GetParametersCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { type Clock, expiry } from '../../clock';
import type { CredentialsProvider } from '../../duo/duo-client';
import { CredentialsError } from '../../errors';
import { awsErrorName, describeAwsError } from '../../store/aws-error';
import { accountCredentials, cached, credentialsProblems, type PartNames, parts } from './credentials';

/** How long SSM may take, with the SDK's own retries, in ms. */
const patience = 20_000;

/**
 * The stage's own credentials, the three parameters `ikey`, `skey` and `api-host` below `path`; or those of an account, below
 * `path/accounts/<account>`, and of its parent. Read and decrypted in one call.
 */
export function ssmCredentials(
  client: SSMClient,
  path: string,
  clock: Clock,
  account?: string,
): CredentialsProvider {
  return account === undefined
    ? allThree(client, path, clock, 'npx pnpm duo credentials put --stage <stage>')
    : ofAccount(client, path, clock, account);
}

/** Those of the parent account of a stage, below `path/parent`: of an Accounts API application. */
export function parentCredentials(client: SSMClient, path: string, clock: Clock): CredentialsProvider {
  return allThree(client, `${path}/parent`, clock, 'npx pnpm duo accounts add --parent --stage <stage>');
}

/** `how` is the command that puts them there. */
function allThree(client: SSMClient, path: string, clock: Clock, how: string): CredentialsProvider {
  const names = namesBelow(path);
  const wanted = [names.ikey, names.skey, names.apiHost];
  return cached(`SSM parameters ${names.ikey}, ${names.skey} and ${names.apiHost}`, async () => {
    const values = await read(client, path, wanted, clock);
    const missing = wanted.filter((name) => !values.get(name));
    if (missing.length > 0) {
      throw new CredentialsError(
        `missing SSM ${missing.length === 1 ? 'parameter' : 'parameters'} ${missing.join(', ')} in this region. Put all three there; this command keeps the secret key out of the shell's history: ${how}`,
      );
    }
    const credentials = {
      ikey: values.get(names.ikey) ?? '',
      skey: values.get(names.skey) ?? '',
      apiHost: values.get(names.apiHost) ?? '',
    };
    const problems = credentialsProblems(credentials, names);
    if (problems.length > 0) throw new CredentialsError(problems.join('; '));
    return credentials;
  });
}

function ofAccount(client: SSMClient, path: string, clock: Clock, account: string): CredentialsProvider {
  const own = namesBelow(`${path}/accounts/${account}`);
  const parent = namesBelow(`${path}/parent`);
  return cached(`SSM parameters below ${path}/accounts/${account}, or ${path}/parent`, async () => {
    const wanted = [...Object.values(own), parent.ikey, parent.skey];
    const values = await read(client, `${path}/accounts/${account} and ${path}/parent`, wanted, clock);
    const valuesOf = (names: PartNames) => ({
      ikey: values.get(names.ikey),
      skey: values.get(names.skey),
      apiHost: values.get(names.apiHost),
      accountId: values.get(names.accountId),
    });
    return accountCredentials(
      account,
      { values: valuesOf(own), names: own },
      { values: valuesOf(parent), names: parent },
    );
  });
}

function namesBelow(path: string): PartNames {
  return {
    ikey: `${path}/${parts.ikey}`,
    skey: `${path}/${parts.skey}`,
    apiHost: `${path}/${parts.apiHost}`,
    accountId: `${path}/${parts.accountId}`,
  };
}

/** The values by their names: SSM says in its answer (`InvalidParameters`) what is missing, instead of failing. */
async function read(
  client: SSMClient,
  below: string,
  names: string[],
  clock: Clock,
): Promise<ReadonlyMap<string | undefined, string | undefined>> {
  const command = new GetParametersCommand({ Names: names, WithDecryption: true });
  const call = expiry(clock, patience);
  const answer = await client
    .send(command, { abortSignal: call.signal })
    .catch((error: unknown) => {
      throw new CredentialsError(
        `SSM parameters below ${below} cannot be read: ${describeAwsError(error)}; it needs ssm:GetParameters on them and kms:Decrypt on their key`,
        awsErrorName(error),
      );
    })
    .finally(call.cancel);
  return new Map(answer.Parameters?.map(({ Name, Value }) => [Name, Value]));
}
