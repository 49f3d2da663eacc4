import * as z from 'zod/mini';

const sdkError = z.object({
  name: z.string(),
  message: z.string(),
  $metadata: z.optional(z.object({ httpStatusCode: z.optional(z.number()) })),
});

/**
 * What an error of the AWS SDK says, in one line: status, name and message. The error itself is never kept as a
 * `cause`: it holds the request with its signature and session token.
 */
export function describeAwsError(error: unknown): string {
  const { name, message, $metadata } = sdkError.safeParse(error).data ?? {
    name: 'Error',
    message: 'unknown',
  };
  // The bundle leaves out the credential providers that a Lambda function never uses.
  if (name === 'CredentialsProviderError' || /Cannot find (package|module)/.test(message)) {
    return 'no AWS credentials; outside Lambda, log in (aws sso login) and name the profile in AWS_PROFILE, or export AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION';
  }
  return [$metadata?.httpStatusCode, name, message].filter(Boolean).join(' ');
}
