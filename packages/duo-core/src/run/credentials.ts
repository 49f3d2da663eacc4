import { GetParametersCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { type Clock, expiry } from '../clock';
import type { Credentials, CredentialsProvider } from '../duo/duo-client';
import { CredentialsError } from '../errors';
import { awsErrorName, describeAwsError } from '../store/aws-error';

/** How long SSM may take, with the SDK's own retries, in ms. */
const patience = 20_000;

/** The three parameters `ikey`, `skey` and `api-host` below `path`, read and decrypted in one call. */
export function ssmCredentials(client: SSMClient, path: string, clock: Clock): CredentialsProvider {
  const names = { ikey: `${path}/ikey`, skey: `${path}/skey`, apiHost: `${path}/api-host` };
  return cached(`SSM parameters ${names.ikey}, ${names.skey} and ${names.apiHost}`, async () => {
    const command = new GetParametersCommand({ Names: Object.values(names), WithDecryption: true });
    const call = expiry(clock, patience);
    const answer = await client
      .send(command, { abortSignal: call.signal })
      .catch((error: unknown) => {
        throw new CredentialsError(
          `SSM parameters below ${path} cannot be read: ${describeAwsError(error)}; the function needs ssm:GetParameters on them and kms:Decrypt on their key`,
          awsErrorName(error),
        );
      })
      .finally(call.cancel);
    const values = new Map(answer.Parameters?.map(({ Name, Value }) => [Name, Value]));
    // SSM reports a missing parameter in the answer (InvalidParameters) instead of failing.
    const missing = Object.values(names).filter((name) => !values.get(name));
    if (missing.length > 0) {
      throw new CredentialsError(
        `missing SSM ${missing.length === 1 ? 'parameter' : 'parameters'} ${missing.join(', ')} in this region. Put all three there; this command keeps the secret key out of the shell's history: duo credentials put --stage <stage>`,
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

/** `DUO_IKEY`, `DUO_SKEY` and `DUO_API_HOST`, for running locally. */
export function environmentCredentials(env: NodeJS.ProcessEnv): CredentialsProvider {
  return cached('DUO_IKEY, DUO_SKEY and DUO_API_HOST', async () => {
    const problems = environmentProblems(env);
    if (problems.length > 0) throw new CredentialsError(problems.join('; '));
    return credentialsIn(env);
  });
}

/** What is wrong with the credentials in the environment, one sentence each; empty if nothing is. */
export function environmentProblems(env: NodeJS.ProcessEnv): string[] {
  return credentialsProblems(credentialsIn(env), {
    ikey: 'DUO_IKEY',
    skey: 'DUO_SKEY',
    apiHost: 'DUO_API_HOST',
  });
}

function credentialsIn(env: NodeJS.ProcessEnv): Credentials {
  return { ikey: env.DUO_IKEY ?? '', skey: env.DUO_SKEY ?? '', apiHost: env.DUO_API_HOST ?? '' };
}

function cached(source: string, fetchThem: () => Promise<Credentials>): CredentialsProvider {
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

/** Says which value is wrong, by the name of its parameter or variable, and never what it is. */
export function credentialsProblems(
  credentials: Credentials,
  names: Record<keyof Credentials, string>,
): string[] {
  const problems: string[] = [];
  for (const key of ['ikey', 'skey'] as const) {
    if (credentials[key] === '') problems.push(`${names[key]} is not set`);
    else if (!/^[\x21-\x7e]+$/.test(credentials[key])) {
      problems.push(
        `${names[key]} is malformed: it contains a space, a line break or another character that keys do not have`,
      );
    }
  }
  if (!isApiHost(credentials.apiHost)) {
    const what = credentials.apiHost === '' ? 'is not set' : 'is not a Duo API host';
    problems.push(
      `${names.apiHost} ${what}: it must look like api-xxxxxxxx.duosecurity.com (or duofederal.com), without https:// and without a path`,
    );
  }
  return problems;
}
