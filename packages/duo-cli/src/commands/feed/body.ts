import * as z from 'zod/mini';

/** `<what is missing>`: the API refuses it, and so nothing is created before someone has filled it in. */
const gap = '<[^<>]+>';
const orGap = (pattern: string, says: string) =>
  z.string().check(z.regex(new RegExp(`^(${pattern}|${gap})$`)), z.describe(says));

const segment = `([\\w.:-]+|${gap})`;
const logTypeName = new RegExp(
  `^projects/${segment}/locations/${segment}/instances/${segment}/logTypes/[A-Z][A-Z0-9_]*$`,
);

/** A role to take on by web identity federation: nothing that has to be kept secret. */
const awsIamRoleAuth = z.strictObject({
  awsIamRoleArn: orGap('arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]+', 'the role that SecOps takes on'),
  subjectId: orGap('[\\w.:/@|-]+', "the id of SecOps' service account, which that role trusts"),
});

/** "A 20-character, alphanumeric string" and "a 40-character string". */
const accessKey = z.strictObject({
  accessKeyId: orGap('[A-Za-z0-9]{20}', 'the access key of the user who reads'),
  secretAccessKey: orGap('\\S{40}', 'its secret; only with --secret-file'),
});

const source = {
  /** A directory: its end is the `/`, without which logs of a longer name would be read as well. */
  s3Uri: z
    .string()
    .check(
      z.regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/([\w.=-]+\/)+$/),
      z.describe('the folder of the log'),
    ),
  sourceDeletionOption: z
    .literal(['NEVER', 'ON_SUCCESS'])
    .check(z.describe('whether SecOps deletes what it has read')),
  /** The most, and what Google takes where nothing is said. */
  maxLookbackDays: z
    .int()
    .check(z.gte(1), z.lte(180), z.describe('how old an object may be when it is read (days)')),
};

const details = {
  logType: z.string().check(z.regex(logTypeName), z.describe('what SecOps calls the log, as a resource')),
  assetNamespace: z.optional(z.string().check(z.minLength(1), z.describe('the asset namespace'))),
  labels: z.optional(
    z.record(z.string().check(z.minLength(1)), z.string()).check(z.describe('ingestion labels')),
  ),
};

const amazonS3V2Settings = z.strictObject({
  ...source,
  authentication: z.union([
    z.strictObject({ awsIamRoleAuth }),
    z.strictObject({ accessKeySecretAuth: accessKey }),
  ]),
});

const amazonSqsV2Settings = z.strictObject({
  queue: z
    .string()
    .check(
      z.regex(/^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}$/),
      z.describe('the SQS queue that is told of new objects'),
    ),
  ...source,
  authentication: z.union([
    z.strictObject({ awsIamRoleAuth }),
    z.strictObject({ sqsV2AccessKeySecretAuth: accessKey }),
  ]),
});

/**
 * The body of `feeds.create` for a feed from S3, as far as the command writes it. Names, types and what is required are
 * those of `Feed`, `AmazonS3V2Settings` and `AmazonSQSV2Settings` in
 * https://github.com/googleapis/googleapis/blob/master/google/cloud/chronicle/v1/feed.proto; limits are those of
 * https://docs.cloud.google.com/chronicle/docs/reference/feed-management-api
 */
export const feedBody = z.strictObject({
  displayName: z.string().check(z.minLength(1), z.describe("the feed's name")),
  details: z.discriminatedUnion('feedSourceType', [
    z.strictObject({ feedSourceType: z.literal('AMAZON_S3_V2'), ...details, amazonS3V2Settings }),
    z.strictObject({ feedSourceType: z.literal('AMAZON_SQS_V2'), ...details, amazonSqsV2Settings }),
  ]),
});

/** A body that `feedBody` accepts. */
export type FeedBody = z.infer<typeof feedBody>;

/** Where a feed reads from and by what, with a queue or without. */
export type FeedSource = z.infer<typeof amazonS3V2Settings> | z.infer<typeof amazonSqsV2Settings>;

/** The settings of a body's source, whichever type it is of. */
export function sourceOf({ details }: FeedBody): FeedSource {
  return details.feedSourceType === 'AMAZON_S3_V2' ? details.amazonS3V2Settings : details.amazonSqsV2Settings;
}

/** What is still to be filled in, each thing once. */
export function gapsIn(body: FeedBody): string[] {
  return [...new Set(JSON.stringify(body).match(new RegExp(gap, 'g')))];
}
