import { arnText } from './rights/arn-text';
import { statementsOf } from './rights/statements';
import { type Resource, record, type Template, unless } from './template';

/** What is wrong with a bucket: it can be public, is not encrypted or reachable without TLS, or loses what it holds. */
export function bucketFaults(
  { Properties: properties, DeletionPolicy, UpdateReplacePolicy }: Resource,
  id: string,
): string[] {
  const access = record(properties.PublicAccessBlockConfiguration);
  const blocked = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
  const faults: string[] = [];
  if (!blocked.every((one) => access[one] === true) || properties.AccessControl !== undefined)
    faults.push('a bucket that can be public');
  if (!/"SSEAlgorithm":"(AES256|aws:kms)"/.test(JSON.stringify(properties.BucketEncryption ?? {})))
    faults.push('an unencrypted bucket');
  // The framework's own holds no log.
  if (id === 'ServerlessDeploymentBucket') return faults;
  if (!['Retain', 'RetainExceptOnCreate'].includes(DeletionPolicy ?? '') || UpdateReplacePolicy !== 'Retain')
    faults.push('a bucket that goes with its stack');
  if (DeletionPolicy === 'Retain')
    faults.push('a bucket that a first deployment leaves behind when it fails');
  if (!JSON.stringify(properties.OwnershipControls ?? {}).includes('BucketOwnerEnforced'))
    faults.push('a bucket whose objects may be owned by others');
  if (record(properties.VersioningConfiguration).Status !== 'Enabled')
    faults.push('a bucket without versions');
  return faults;
}

/** Whether a policy of the template refuses whoever reaches the bucket without TLS, for as long as there is the bucket. */
export function transportFaults(bucket: string, { Resources }: Template): string[] {
  const refusing = Object.values(Resources).filter(
    ({ Type, Properties: properties }) =>
      Type === 'AWS::S3::BucketPolicy' &&
      arnText(properties.Bucket) === `{${bucket}}` &&
      statementsOf(properties.PolicyDocument).some(
        ({ Effect, Condition: condition }) =>
          Effect === 'Deny' && String(condition?.Bool?.['aws:SecureTransport']) === 'false',
      ),
  );
  const stays = refusing.some(
    ({ DeletionPolicy, UpdateReplacePolicy }) =>
      DeletionPolicy === 'Retain' && UpdateReplacePolicy === 'Retain',
  );
  return [
    ...unless(refusing.length > 0, 'a bucket that may be reached without TLS'),
    // The framework's own bucket goes with its stack.
    ...unless(
      refusing.length === 0 || stays || bucket === 'ServerlessDeploymentBucket',
      'a bucket that may be reached without TLS once its stack is removed',
    ),
  ];
}
