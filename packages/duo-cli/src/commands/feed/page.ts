import { type FeedBody, type FeedSource, sourceOf } from './body';
import type { SecopsLogType } from './secops-log-type';

/**
 * What to enter on the feed page, in its order and words as far as
 * https://docs.cloud.google.com/chronicle/docs/ingestion/default-parsers/duo-telephony shows them; that page has
 * neither a queue nor a role.
 */
export function feedPage(body: FeedBody, { logType, title }: SecopsLogType): string {
  const { displayName, details } = body;
  const source = sourceOf(body);
  const labels = Object.entries(details.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  const fields = {
    'Feed name': displayName,
    'Source type': 'queue' in source ? 'Amazon SQS V2' : 'Amazon S3 V2',
    'Log type': title === undefined ? logType : `${title} (${logType})`,
    ...('queue' in source && { 'Queue ARN': source.queue }),
    'S3 URI': source.s3Uri,
    'Source deletion option':
      source.sourceDeletionOption === 'NEVER' ? 'Never delete files' : 'Delete transferred files',
    'Maximum file age': `${source.maxLookbackDays} days`,
    ...credentialFields(source),
    'Asset namespace': details.assetNamespace ?? '-',
    'Ingestion labels': labels.join(', ') || '-',
  };
  const lines = Object.entries(fields).map(([field, value]) => `  ${field.padEnd(24)}${value}\n`);
  return `In Google SecOps: SIEM Settings > Feeds > Add New Feed\n\n${lines.join('')}`;
}

function credentialFields({ authentication: by }: FeedSource) {
  if ('awsIamRoleAuth' in by) {
    const { awsIamRoleArn, subjectId } = by.awsIamRoleAuth;
    return { 'AWS IAM role ARN': awsIamRoleArn, 'Subject ID': subjectId };
  }
  const key = 'accessKeySecretAuth' in by ? by.accessKeySecretAuth : by.sqsV2AccessKeySecretAuth;
  return { 'Access key ID': key.accessKeyId, 'Secret access key': key.secretAccessKey };
}
