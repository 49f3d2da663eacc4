import { NoSuchBucket } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';
import { describeAwsError } from './aws-error';

const s3Error = z.object({
  name: z.string(),
  message: z.string(),
  /** The bucket's, in some answers. */
  Region: z.optional(z.string()),
  $metadata: z.optional(z.object({ httpStatusCode: z.optional(z.number()) })),
  $response: z.optional(z.object({ headers: z.record(z.string(), z.unknown()) })),
});

/** What was asked for: the bucket, the region it was looked for in, and what one needs to be granted for it. */
export interface AskedOfS3 {
  readonly bucket: string;
  readonly region: string;
  readonly permission: string;
}

/** What an error of S3 says, in one line, and what to do about it where that is known; see `describeAwsError`. */
export function describeS3Error(error: unknown, { bucket, region, permission }: AskedOfS3): string {
  const known = s3Error.safeParse(error).data;
  if (known === undefined) return describeAwsError(error, permission);
  const { name, message } = known;
  const said = describeAwsError(error, isAboutKey(name, message) ? keyPermission : permission);
  if (error instanceof NoSuchBucket)
    return `${said}: there is no bucket ${bucket}, asked for in ${region}: compare its name, the region and the account`;
  const elsewhere = regionOf(known);
  if (elsewhere !== undefined)
    return `${said}: the bucket is in ${elsewhere}, not in ${region}: set AWS_REGION to the bucket's region, or use a bucket in ${region}`;
  if (name.startsWith('KMS.'))
    return `${said}: the key that encrypts the bucket, or that the setting kmsKeyArn names, must exist and be enabled`;
  if (/s3:PutObject .*explicit deny in a resource-based policy/s.test(message))
    return `${said}; where it demands encryption with a key, the setting kmsKeyArn has to name that key`;
  return said;
}

const keyPermission =
  'kms:GenerateDataKey and kms:Decrypt on that key (for a function, the setting kmsKeyArn does)';

/** The key is not always named, and its old name is still in use: "The ciphertext refers to a customer master key that …". */
function isAboutKey(name: string, message: string): boolean {
  return name.startsWith('KMS.') || /\bkms:|customer master key/i.test(message);
}

/** Where the bucket is, if the answer is that it is somewhere else. */
function regionOf({
  name,
  message,
  Region,
  $metadata,
  $response,
}: z.infer<typeof s3Error>): string | undefined {
  const [, named] = /(?:expecting '|^The )([a-z-]+-\d+)(?:'| location constraint)/.exec(message) ?? [];
  const region = $response?.headers['x-amz-bucket-region'] ?? Region ?? named;
  if ($metadata?.httpStatusCode === 301 || name === 'IllegalLocationConstraintException')
    return typeof region === 'string' ? region : 'another region';
  return name === 'AuthorizationHeaderMalformed' ? (Region ?? named) : undefined;
}
