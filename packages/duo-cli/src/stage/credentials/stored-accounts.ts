import {
  DeleteParametersCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { type KnownAccount, knownAccounts } from 'duo-accounts/known-accounts';
import { type Child, describeAwsError } from 'duo-core';
import { AwsError, awsOptions, regionOf } from '../aws';
import { credentialsPath, parameterPath } from '../names';

/** The accounts of a stage, by the names of their parameters, in the order of their names. Decrypts nothing. */
export function storedAccounts(stage: string, env: NodeJS.ProcessEnv): Promise<KnownAccount[]> {
  return knownAccounts(new SSMClient(awsOptions(env)), parameterPath(stage));
}

/** Writes the two parameters of a child. Its id is no secret: the starter lists it without decrypting anything. */
export async function storeChild(
  { accountId, apiHost }: Child,
  stage: string,
  account: string,
  KeyId: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  // SSM limits requests by the second, and many children may be added in one go:
  // https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-throughput.html
  const client = new SSMClient({ ...awsOptions(env), maxAttempts: 10 });
  const path = credentialsPath(stage, account);
  const key = KeyId === undefined ? {} : { KeyId };
  const host = { Name: `${path}/api-host`, Value: apiHost, Type: 'SecureString', ...key } as const;
  // The host first: from when the id is there, the account is a child.
  for (const one of [host, { Name: `${path}/account-id`, Value: accountId, Type: 'String' } as const])
    await client.send(new PutParameterCommand({ ...one, Overwrite: true })).catch((error: unknown) => {
      throw new AwsError(
        `${one.Name} cannot be written: ${describeAwsError(error, `ssm:PutParameter on ${path}/* in ${regionOf(env)}`)}. Run this again.`,
        error,
      );
    });
}

/** The parameters of an account that are there, of the four that it may have. */
export async function parametersOf(
  stage: string,
  account: string,
  env: NodeJS.ProcessEnv,
): Promise<string[]> {
  const path = credentialsPath(stage, account);
  const Names = ['ikey', 'skey', 'api-host', 'account-id'].map((part) => `${path}/${part}`);
  const request = new GetParametersCommand({ Names });
  const { Parameters = [] } = await new SSMClient(awsOptions(env)).send(request).catch((error: unknown) => {
    throw new AwsError(
      `The parameters below ${path} cannot be read: ${describeAwsError(error, `ssm:GetParameters on ${path}/*`)}.`,
      error,
    );
  });
  return Parameters.flatMap(({ Name }) => (Name === undefined ? [] : [Name]));
}

/** Deletes these parameters. */
export async function deleteParameters(names: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const request = new DeleteParametersCommand({ Names: names });
  await new SSMClient(awsOptions(env)).send(request).catch((error: unknown) => {
    throw new AwsError(
      `${names.join(', ')} cannot be deleted: ${describeAwsError(error, `ssm:DeleteParameters on them`)}. Run this again.`,
      error,
    );
  });
}
