// What each setting is for, and what there is without it: for editors (settings.schema.json), `duo settings show` and, by a test,
// the table in docs/settings.md.

/** By key: `says` what it is, and `without` what there is if nobody sets it. Those of default.yml are always set. */
module.exports.descriptions = {
  schedule: { says: 'how often a log is collected, from rate(5 minutes) to rate(8 hours)' },
  lookbackHours: { says: 'how far back the very first run begins, up to 4296 (179 days)' },
  overlapSeconds: {
    says: 'how far back each run looks for records that Duo published late, from a minute to a day (trust-monitor: a week)',
  },
  memoryMb: { says: "the function's memory, 128 to 10240" },
  reconcile: {
    says: 'true: after a day has ended, it is counted against Duo, and what came late is brought in',
  },
  logLevel: { says: 'DEBUG, INFO, WARN or ERROR' },
  logTypes: { says: 'for each log type, its own values of the keys with a *', without: 'none' },
  functionLogRetentionDays: { says: "how long CloudWatch keeps the functions' own logs" },
  alarmEmail: {
    says: 'who is told of alarms; AWS first sends this address a link, which must be opened',
    without: 'no one',
  },
  retentionDays: { says: 'how long the bucket keeps what is below logs/', without: 'for ever' },
  kmsKeyArn: {
    says: 'a KMS key of yours that encrypts the bucket, and that every put names',
    without: "S3's own key",
  },
  credentialsKmsKeyArn: {
    says: 'a KMS key of yours that encrypts the three parameters',
    without: 'alias/aws/ssm',
  },
  bucket: { says: 'a bucket that exists, to use instead of a new one', without: 'a new one' },
  bucketAccountId: {
    says: 'the account of that bucket, 12 digits in quotes',
    without: "the stage's own",
  },
  vpc: { says: 'the subnets and security groups that the functions go out from', without: 'none' },
  accounts: {
    says: "true: several Duo accounts with names, each collected every five minutes, instead of one of the stage's own",
  },
  lake: {
    says: 'true: what is stored also becomes OCSF events in Parquet, below lake/',
  },
  reader: { says: 'who reads the logs' },
  newObjects: { says: 'true: each log type has an SQS queue that is told of its new objects' },
  permissionsBoundaryArn: { says: 'a permissions boundary for every role and user', without: 'none' },
  tags: {
    says: 'names and texts, on all resources that take tags; IAM refuses two names that differ only in case',
    without: 'none',
  },
};
