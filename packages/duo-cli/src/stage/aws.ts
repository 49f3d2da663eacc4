import { SSMClient } from '@aws-sdk/client-ssm';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { awsErrorName, describeAwsError, noAwsCredentials } from 'duo-core';
import * as z from 'zod/mini';
import { proxyOptions } from './proxy';

/** AWS refuses what a command has asked it for, or does not answer. `reason` is its own name of the error. */
export class AwsError extends Error {
  readonly reason: string | undefined;

  /** `error` is the SDK's, which is not kept: it holds the signed request. */
  constructor(message: string, error: unknown) {
    super(message);
    this.reason = awsErrorName(error);
  }
}

/** What AWS or its SDK says, and the permission that the command needs; where AWS has not answered, it says that instead. */
export function saidByAws(error: unknown, permission: string): string {
  const said = `${describeAwsError(error)}.`;
  if (awsErrorName(error) === noAwsCredentials) return said;
  if (!isUnanswered(error)) return `${said} It needs ${permission}.`;
  return `${said} AWS has not answered: does this machine reach it (behind a proxy: docs/networks.md), and is the region right?`;
}

/** Whether an error is Node's (`ENOTFOUND`), or the SDK's of an answer that did not come in time. */
function isUnanswered(error: unknown): boolean {
  const { name, code } = nodeError.safeParse(error).data ?? {};
  return name === 'TimeoutError' || /^E[A-Z_]+$/.test(code ?? '');
}

const nodeError = z.object({ name: z.optional(z.string()), code: z.optional(z.string()) });

/**
 * What every client of the SDK is made with. The region is the one that the services are deployed to, also where it is
 * left to their default: the SDK's own choice could be another.
 */
export function awsOptions(env: NodeJS.ProcessEnv) {
  const profile = env.AWS_PROFILE ? { profile: env.AWS_PROFILE } : {};
  const timeouts = { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true };
  const shared = { region: regionOf(env), ...profile, maxAttempts: 3 };
  const proxy = proxyOptions(env);
  if (proxy.proxyEnv === undefined) return { ...shared, requestHandler: timeouts };
  // The SDK makes agents of its own, and others for the client that takes credentials from IAM Identity Center.
  const requestHandler = { ...timeouts, httpsAgent: { ...proxy } };
  return {
    ...shared,
    requestHandler,
    credentials: defaultProvider({ ...profile, clientConfig: { requestHandler } }),
  };
}

/** The region that the services are deployed to, by the same rule as in `serverless.common.yml`. */
export function regionOf(env: NodeJS.ProcessEnv): string {
  return env.AWS_REGION || 'us-east-1';
}

/**
 * What to say where the region is left to the services' default, and the AWS CLI would have taken another one, from its variable
 * or the profile; undefined where there is nothing to say.
 */
export async function regionNotice(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (env.AWS_REGION) return undefined;
  const region = env.AWS_DEFAULT_REGION || (await profileRegion(env));
  if (region === undefined || region === regionOf(env)) return undefined;
  const who = env.AWS_DEFAULT_REGION ? 'AWS_DEFAULT_REGION says' : 'The profile is of';
  return `This command looks in ${regionOf(env)}, the default region of the services. ${who} ${region}: if the stage is there, add --region ${region}.`;
}

/** The region of the profile in the AWS CLI's files; undefined if it names none. */
async function profileRegion({ AWS_PROFILE }: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { config } = new SSMClient(AWS_PROFILE ? { profile: AWS_PROFILE } : {});
  // The SDK throws where it finds none.
  return config.region().catch(() => undefined);
}
