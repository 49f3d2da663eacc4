// What the templates need that follows from the settings.
const { intervalSeconds, timeoutSeconds } = require('./schema.cjs');

/** The settings, and what follows from them at a stage. */
module.exports.withDerived = function withDerived(settings, stage) {
  const { accounts, lake, bucket, kmsKeyArn, credentialsKmsKeyArn, reader, newObjects, reconcile, vpc } =
    settings;
  const hasBoundary = settings.permissionsBoundaryArn !== undefined;
  const interval = intervalSeconds(settings.schedule);
  const hasReader = reader.kind !== 'none';
  // An hour's, with the default schedule; CloudWatch allows no alarm a period of more than a day.
  const throttledRuns = Math.min(12, Math.floor(86_400 / interval));
  return {
    ...settings,
    tags: settings.tags ?? {},
    timeoutSeconds,
    // Several runs, so that one that fails or is late sets off nothing.
    alarmPeriodSeconds: 3 * interval,
    // Twelve of them are an hour or three intervals. CloudWatch wants whole minutes.
    silencePeriodSeconds: 60 * Math.ceil(Math.max(3600, 3 * interval) / 12 / 60),
    throttledSeconds: throttledRuns * interval,
    throttledTimes: 3 * throttledRuns,
    bucketName: bucket ?? { Ref: 'Bucket' },
    bucketArn:
      bucket === undefined
        ? { 'Fn::GetAtt': ['Bucket', 'Arn'] }
        : { 'Fn::Sub': `arn:\${AWS::Partition}:s3:::${bucket}` },
    bucketAccount: settings.bucketAccountId ?? { Ref: 'AWS::AccountId' },
    // CloudFormation names a new bucket after the stack and the resource.
    bucketPattern: bucket ?? `duo-storage-${stage}-bucket-*`,
    // Reconciliation reads receipts of up to 180 days, and a day whose receipt is gone must never look due.
    receiptsDays: Math.max(settings.retentionDays ?? 0, 400),
    readerTrust: reader.kind === 'role' ? trustOf(reader) : null,
    // The parts of the templates that are there or not.
    parts: {
      account: accounts ? 'accounts' : 'own-account',
      bucket: bucket === undefined ? 'bucket' : 'none',
      bucketKey: bucket === undefined && kmsKeyArn !== undefined ? 'bucket-key' : 'none',
      keyOutput: kmsKeyArn === undefined ? 'none' : 'key-output',
      retention: settings.retentionDays === undefined ? 'none' : 'retention',
      lakeRetention: lake && settings.retentionDays !== undefined ? 'lake/retention' : 'none',
      lakeReader: lake ? 'lake/reader' : 'none',
      lakeReaderKey: lake && kmsKeyArn !== undefined ? 'lake/reader-key' : 'none',
      reader: hasReader ? `reader/${reader.kind}` : 'none',
      readerPolicy: hasReader ? 'reader/policy' : 'none',
      readerDelete: hasReader && reader.deletes ? 'reader/deletes' : 'none',
      readerKey: hasReader && kmsKeyArn !== undefined ? 'reader/key' : 'none',
      alarmEmail: settings.alarmEmail === undefined ? 'none' : 'alarm-email',
      newObjects: newObjects ? 'new-objects' : 'none',
      bucketNotifications: newObjects && bucket === undefined ? 'bucket-notifications' : 'none',
      newObjectsReader: newObjects && hasReader ? 'new-objects-reader' : 'none',
      writerKey: kmsKeyArn === undefined ? 'none' : 'writer-key',
      credentialsKey: credentialsKmsKeyArn === undefined ? 'none' : 'credentials-key',
      permissionsBoundary: hasBoundary ? 'permissions-boundary' : 'none',
      readerBoundary: hasReader && hasBoundary ? 'reader/boundary' : 'none',
      reconcile: reconcile ? 'reconcile' : 'none',
      reconcileWriterKey: reconcile && kmsKeyArn !== undefined ? 'writer-key' : 'none',
      reconcileCredentialsKey: reconcile && credentialsKmsKeyArn !== undefined ? 'credentials-key' : 'none',
      reconcileNewObjects: reconcile && newObjects ? 'new-objects' : 'none',
      reconcileBoundary: reconcile && hasBoundary ? 'permissions-boundary' : 'none',
      vpc: vpc === undefined ? 'none' : 'vpc',
      reconcileVpc: reconcile && vpc !== undefined ? 'vpc' : 'none',
    },
  };
};

/** Who may take on the reader's role. Here, because YAML cannot compute the name of a key. */
function trustOf({ issuer, subject, audience }) {
  return {
    // Google's tokens are known to every account; other issuers have to be made known to it first.
    Principal: {
      Federated:
        issuer === 'accounts.google.com'
          ? issuer
          : { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:oidc-provider/${issuer}` },
    },
    Condition: {
      StringEquals: {
        [`${issuer}:sub`]: subject,
        ...(audience !== undefined && { [`${issuer}:aud`]: audience }),
      },
    },
  };
}
