import { GetParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { type Credentials, credentialsProblems } from 'duo-core';
import { AwsError, awsOptions, regionOf, saidByAws } from '../aws';
import { parameterNames } from '../names';

/**
 * Writes the three parameters below a path, the secret key last. SSM cannot write them at once. A run that reads in between gets a 401,
 * reads them again and at worst fails, and the next one goes on; where only the secret key is new, nothing is in between.
 */
export async function storeCredentials(
  credentials: Credentials,
  path: string,
  KeyId: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const client = new SSMClient(awsOptions(env));
  const names = parameterNames(path);
  for (const key of ['apiHost', 'ikey', 'skey'] as const) {
    const request = new PutParameterCommand({
      Name: names[key],
      Value: credentials[key],
      Type: 'SecureString',
      Overwrite: true,
      ...(KeyId !== undefined && { KeyId }),
    });
    const needed = `ssm:PutParameter on ${Object.values(names).join(', ')} in ${regionOf(env)}, and kms:Encrypt on a key of your own`;
    await client.send(request).catch((error: unknown) => {
      throw new AwsError(
        `${names[key]} cannot be written: ${withoutSecrets(saidByAws(error, needed), credentials)} Run this again: until all three are written, runs may fail.`,
        error,
      );
    });
  }
}

/** SSM may repeat a value that it refuses. */
function withoutSecrets(text: string, { ikey, skey }: Credentials): string {
  return text.replaceAll(skey, '…').replaceAll(ikey, '…');
}

/**
 * Reads the three parameters below a path. Throws an error that names each one that is missing, of another type or malformed, and the
 * command that puts them there (`how`).
 */
export async function storedCredentials(
  path: string,
  how: string,
  env: NodeJS.ProcessEnv,
): Promise<Credentials> {
  const names = parameterNames(path);
  const request = new GetParametersCommand({ Names: Object.values(names), WithDecryption: true });
  const { Parameters = [] } = await new SSMClient(awsOptions(env)).send(request).catch((error: unknown) => {
    throw new AwsError(
      `The parameters below ${path} cannot be read: ${saidByAws(error, 'ssm:GetParameters on them and kms:Decrypt on their key')}`,
      error,
    );
  });
  const found = (key: keyof typeof names) => Parameters.find(({ Name }) => Name === names[key]);
  const problems = Object.values(names).flatMap((name) => {
    const parameter = Parameters.find(({ Name }) => Name === name);
    if (parameter === undefined) return [`${name} is missing`];
    if (parameter.Type === 'SecureString') return [];
    // SSM does not change the type of a parameter that is there.
    return [`${name} is a ${parameter.Type}, not a SecureString (aws ssm delete-parameter --name ${name})`];
  });
  const credentials: Credentials = {
    ikey: found('ikey')?.Value ?? '',
    skey: found('skey')?.Value ?? '',
    apiHost: found('apiHost')?.Value ?? '',
  };
  if (problems.length === 0) problems.push(...credentialsProblems(credentials, names));
  if (problems.length === 0) return credentials;
  throw new Error(`In ${regionOf(env)}: ${problems.join('; ')}. Put them there: ${how}.`);
}
