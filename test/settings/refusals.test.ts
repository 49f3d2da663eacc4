import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ownSettings, readSettings, settingsIn } from './own-settings';

const place = ownSettings();
const { file } = place;
const settingsOf = settingsIn(place);

describe('settings that cannot be are refused, by file and key:', () => {
  test.each([
    ['colour: red', 'colour: is not a setting'],
    ['reader: { kind: robot }', 'reader.kind: must be one of none, user, role'],
    ['reader: { kind: role }', 'reader.subject: must be the id that the token is issued for'],
    ['reader: { kind: role, subject: 123 }', 'in quotes if it is a number'],
    ['reader: { kind: user, subject: a }', 'reader.subject: is not a setting'],
    ['reader: { kind: role, subject: a, issuer: "https://x.example" }', 'reader.issuer: must be a host'],
    ['schedule: every day', 'schedule: must be like rate(5 minutes)'],
    ['schedule: rate(1 minutes)', 'schedule: must be like rate(5 minutes)'],
    ['schedule: rate(5 minute)', 'schedule: must be like rate(5 minutes)'],
    ['schedule: cron(0 * * * ? *)', 'schedule: must be like rate(5 minutes)'],
    ['schedule: rate(4 minutes)', 'because a run may take 280 seconds'],
    ['schedule: rate(9 hours)', 'to rate(8 hours)'],
    ['schedule:', 'schedule: must have a value'],
    ['lookbackHours: 4297', 'lookbackHours: must be a whole number from 1 to 4296'],
    ['lookbackHours: a day', 'lookbackHours: must be a whole number from 1 to 4296'],
    ['kmsKeyArn: alias/duo', 'kmsKeyArn: must be an ARN like arn:aws:kms:'],
    ['kmsKeyArn: arn:aws:kms:eu-west-1:123456789012:alias/duo', 'kmsKeyArn: must be an ARN like'],
    ['credentialsKmsKeyArn: arn:aws:s3:::x', 'credentialsKmsKeyArn: must be an ARN like'],
    ['permissionsBoundaryArn: boundary', 'permissionsBoundaryArn: must be an ARN like arn:aws:iam::'],
    ['alarmEmail: security', 'alarmEmail: must be an e-mail address'],
    ['bucket: My_Bucket', 'bucket: must be the name of a bucket'],
    ['bucket: "s3://logs"', 'bucket: must be the name of a bucket'],
    ['{ bucket: logs-of-all, retentionDays: 30 }', 'retentionDays: cannot be set for a bucket of your own'],
    [
      'bucketAccountId: "210987654321"',
      'bucketAccountId: cannot be set without a bucket of your own: a new bucket is always in the account that you deploy to',
    ],
    [
      '{ bucket: logs-of-all, bucketAccountId: 210987654321 }',
      'bucketAccountId: must be the 12 digits of an AWS account, in quotes',
    ],
    ['{ bucket: logs-of-all, bucketAccountId: "21098765432" }', 'bucketAccountId: must be the 12 digits'],
    ['vpc: subnet-0123456789abcdef0', 'vpc: must be { subnetIds: [...], securityGroupIds: [...] }'],
    ['vpc: { subnetIds: [subnet-01234567] }', 'vpc.securityGroupIds: must be 1 to 5 ids like sg-'],
    [
      'vpc: { subnetIds: [], securityGroupIds: [sg-01234567] }',
      'vpc.subnetIds: must be 1 to 16 ids like subnet-0123456789abcdef0',
    ],
    [
      'vpc: { subnetIds: [sg-01234567], securityGroupIds: [sg-01234567] }',
      'vpc.subnetIds.0: must be like subnet-0123456789abcdef0',
    ],
    [
      'vpc: { subnetIds: [subnet-01234567], securityGroupIds: [a, b, c, d, e, f] }',
      'vpc.securityGroupIds: must be 1 to 5 ids',
    ],
    [
      'vpc: { subnetIds: [subnet-01234567], securityGroupIds: [sg-01234567], subnets: [] }',
      'vpc.subnets: is not a setting',
    ],
    ['logTypes: { telephony: { vpc: null } }', 'logTypes.telephony.vpc: is not a setting'],
    ['retentionDays: 0', 'retentionDays: must be a whole number from 1'],
    ['newObjects: "yes"', 'newObjects: must be true or false'],
    ['accounts: [acme]', 'accounts: must be true or false'],
    ['accounts: true\nschedule: rate(1 hour)', 'schedule: cannot be set with accounts: true'],
    [
      'accounts: true\nlogTypes: { telephony: { schedule: rate(1 hour) } }',
      'logTypes.telephony.schedule: cannot be set with accounts: true',
    ],
    ['lake: parquet', 'lake: must be true or false'],
    ['lake:', 'lake: must have a value'],
    ['logTypes: { telephony: { lake: true } }', 'logTypes.telephony.lake: is not a setting'],
    [
      'lake: true\nreader: { kind: user, deletes: true }',
      'lake: cannot be true with reader.deletes: true: objects could be gone before they are in the lake. Leave one of them out, and let retentionDays delete what is old',
    ],
    ['logTypes: { accounts: {} }', 'logTypes.accounts: is not a log type'],
    [
      'backfill: true',
      'backfill: is no longer a setting, and duo backfill does not need one: remove this line',
    ],
    ['reconcile: daily', 'reconcile: must be true or false'],
    ['reconcile:', 'reconcile: must have a value'],
    [
      'reader: { kind: user, deletes: true }\nreconcile: true',
      'reconcile: cannot be true with reader.deletes: true: deleted records would look missing. Leave it out, or set it to false',
    ],
    [
      'retentionDays: 8\nlogTypes: { telephony: { reconcile: true } }',
      'logTypes.telephony.reconcile: cannot be true with retentionDays: 8, which is less than 9: deleted records would',
    ],
    ['functionLogRetentionDays: 91', 'functionLogRetentionDays: must be one of 1, 3, 5'],
    ['logLevel: LOUD', 'logLevel: must be one of DEBUG, INFO, WARN, ERROR'],
    ['memoryMb: 64', 'memoryMb: must be a whole number from 128'],
    ['tags: { cost: 12 }', 'tags.cost: must be a text'],
    ['tags: { "aws:x": y }', 'tags.aws:x: must be a text'],
    [
      'tags: { Owner: a, cost: b, OWNER: c }',
      'tags.OWNER: differs from Owner only in case, which IAM refuses',
    ],
    ['memoryMB: 256', 'memoryMB: is not a setting. Did you mean memoryMb?'],
    [
      'logTypes: { telefony: { memoryMb: 256 } }',
      'logTypes.telefony: is not a log type: services/ has no such folder. Did you mean telephony?',
    ],
    ['logTypes: { Telephony: {} }', 'logTypes.Telephony: is not a log type'],
    ['logTypes: { storage: {} }', 'logTypes.storage: is not a log type'],
    ['logTypes: { "../services/telephony": {} }', 'logTypes.../services/telephony: is not a log type'],
    ['reader: { kind: role, subject: a, issuer: "x.example:port" }', 'reader.issuer: must be a host'],
    ['reader: { kind: role, subject: a, issuer: "/x" }', 'reader.issuer: must be a host'],
    ['logTypes: { telephony: { bucket: other } }', 'logTypes.telephony.bucket: is not a setting'],
    [
      'logTypes: { telephony: { lookbackhours: 3 } }',
      'lookbackhours: is not a setting. Did you mean lookbackHours?',
    ],
    ['- schedule', 'must be names of settings and their values'],
    ['schedule: rate(5 minutes)\nschedule: rate(1 hour)', 'Map keys must be unique at line 2'],
    ['schedule: "rate(5 minutes)', 'Missing closing "quote'],
  ])('%s', async (text, expected) => {
    const message = await settingsOf(text).then(String, (error: Error) => error.message);
    expect(message.startsWith(`\n${file}: `)).toBe(true);
    expect(message).toContain(expected);
  });

  test('all at once', async () => {
    const message = await settingsOf('colour: red\nmemoryMb: 1').catch((error: Error) => error.message);
    expect(String(message).trim().split('\n')).toHaveLength(2);
  });

  test.each(['Prod', 'my_stage', '-a', 'a-', '7', 'default', 'a-name-of-more-than-28-letters'])(
    'the stage "%s", of which no bucket can be named',
    async (stage) => {
      await expect(settingsOf('', { stage })).rejects.toThrow(
        `no bucket can be named after the stage "${stage}"`,
      );
    },
  );
});

describe('where the settings are', () => {
  const read = (stage: string) =>
    readSettings({
      resolveVariable: async () => stage,
      resolveConfigurationProperty: async () => 'duo-storage',
    });

  test('a folder that does not exist is refused', async () => {
    process.env.SETTINGS_FOLDER = join(place.folder, 'none');
    await expect(read('prod')).rejects.toThrow(
      `SETTINGS_FOLDER: there is no folder ${join(place.folder, 'none')}. Make it, or unset the variable`,
    );
  });

  test('a file with another ending is refused', async () => {
    const other = join(place.folder, 'other.yaml');
    writeFileSync(other, 'alarmEmail: security@example.com');
    await expect(read('other')).rejects.toThrow(`${other}: rename it to other.yml.`);
  });
});
