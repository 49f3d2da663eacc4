import * as z from 'zod/mini';
import { authorityRemedy } from '../certificates';

const sdkError = z.object({
  name: z.string(),
  message: z.string(),
  code: z.optional(z.string()),
  $metadata: z.optional(z.object({ httpStatusCode: z.optional(z.number()) })),
});

/** What `awsErrorName` calls it that nobody is logged in to AWS. */
export const noAwsCredentials = 'CredentialsProviderError';

/** AWS's or the SDK's name of an error, like `AccessDenied`; undefined for what is no error. */
export function awsErrorName(error: unknown): string | undefined {
  const { name, message } = sdkError.safeParse(error).data ?? {};
  // The bundle leaves out the credential providers that a Lambda function never uses.
  return message !== undefined && /Cannot find (package|module)/.test(message) ? noAwsCredentials : name;
}

/**
 * What an error of the AWS SDK says, in one line: status, name and message, and what to do about it where that is known.
 * `permission` is what to grant if that is what it lacks. The error itself is never kept as a `cause`: it holds the
 * request with its signature and session token.
 */
export function describeAwsError(error: unknown, permission?: string): string {
  const { name, message, code, $metadata } = sdkError.safeParse(error).data ?? {
    name: 'Error',
    message: 'unknown',
    code: undefined,
    $metadata: undefined,
  };
  if (awsErrorName(error) === noAwsCredentials) {
    return 'no AWS credentials. Log in (aws sso login) and name the profile in AWS_PROFILE, or export AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION';
  }
  const said = [$metadata?.httpStatusCode, name, message].filter(Boolean).join(' ');
  const todo = authorityRemedy(code) ?? remedy(name, message, permission);
  return todo === undefined ? said : `${said}: ${todo}`;
}

function remedy(name: string, message: string, permission: string | undefined): string | undefined {
  if (clockErrors.includes(name) || /Signature (expired|not yet current)/.test(message))
    return "this machine's clock differs from AWS's: set it (by NTP)";
  if (!name.startsWith('AccessDenied')) return undefined;
  if (message.includes('explicit deny')) {
    const policy = policyIn(message, /explicit deny in an? /) ?? 'policy that denies it';
    return `change the ${policy}, because no grant overrides an explicit deny`;
  }
  if (permission === undefined) return undefined;
  const policy = policyIn(message, /because no /);
  return `grant ${permission}${policy === undefined ? '' : `, in the ${policy}`}`;
}

const clockErrors = ['RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture'];

/**
 * The policy that has decided, which AWS names to those of the same account.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
function policyIn(message: string, before: RegExp): string | undefined {
  const [, policy] =
    new RegExp(`${before.source}([\\w -]+? policy|permissions boundary)`).exec(message) ?? [];
  if (policy !== 'resource-based policy') return policy;
  const [, service = ''] = /perform: (\w+):/.exec(message) ?? [];
  return { s3: "bucket's policy", kms: "key's policy" }[service] ?? policy;
}
