import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { findLogs } from 'duo-simulator';
import { type FeedBody, feedBody, gapsIn } from '../src/commands/feed/body';
import { secopsLogType } from '../src/commands/feed/secops-log-type';
import { duo, type Typed } from './support/operator';

const roleArn = 'arn:aws:iam::123456789012:role/duo-storage-prod-Reader-X';
const userArn = 'arn:aws:iam::123456789012:user/duo-storage-prod-Reader-X';
const queueArn = 'arn:aws:sqs:eu-west-1:123456789012:duo-telephony-prod-NewObjects-X';
const accessKeyId = 'AKIAIOSFODNN7EXAMPLE';
const secret = 'an-invented-secret-of-forty-characters-x';
const secops = '--project example-project --location eu --instance 00000000-0000-4000-8000-000000000000';
const role = `--role-arn ${roleArn} --subject 123456789012345678901`;

/** What `--json` prints on standard output, as the schema of the feed API reads it. */
async function body(flags: string, typed: Typed = {}): Promise<FeedBody> {
  const { exitCode, out, err } = await duo(`feed ${flags} --json`, typed);
  if (exitCode !== 0) throw new Error(err);
  return feedBody.parse(JSON.parse(out));
}

describe('pnpm duo feed, from flags', () => {
  test.each(['telephony', 'authentication', 'activity', 'administrator', 'trust-monitor'])(
    'prints a body for %s that the schema of the feed API accepts, without state and with a directory',
    async (name) => {
      const { displayName, details } = await body(`${name} --bucket my-logs`);
      if (details.feedSourceType !== 'AMAZON_S3_V2') throw new Error('it is of another type');
      const { s3Uri } = details.amazonS3V2Settings;
      expect([displayName, s3Uri]).toEqual([`duo-${name}`, `s3://my-logs/logs/${name}/`]);
      expect(`s3://my-logs/state/${name}.json`.startsWith(s3Uri)).toBe(false);
      expect(`s3://my-logs/logs/${name}/2026/03/01/x.ndjson.gz`.startsWith(s3Uri)).toBe(true);
    },
  );

  test.each([
    ['telephony', 'DUO_TELEPHONY'],
    ['authentication', 'DUO_AUTH'],
    ['activity', 'DUO_ACTIVITY'],
    ['administrator', 'DUO_ADMIN'],
    ['trust-monitor', 'DUO_TRUST_MONITOR'],
  ])('knows that SecOps calls %s %s', async (name, label) => {
    const { details } = await body(`${name} --bucket my-logs ${secops}`);
    expect(details.logType).toBe(
      `projects/example-project/locations/eu/instances/00000000-0000-4000-8000-000000000000/logTypes/${label}`,
    );
  });

  test('says on the side, so that the body can be piped on, what is to be filled in and where it goes', async () => {
    const bare = await duo('feed telephony --bucket my-logs --json');
    expect(bare.err).toContain('Fill in <project>, <location>, <instance>, <role ARN>, <subject id>.');
    const whole = await duo(`feed telephony --bucket my-logs --json ${secops} ${role}`);
    expect(whole.err).toBe(
      '- POST it to https://eu-chronicle.googleapis.com/v1/projects/example-project/locations/eu/instances/00000000-0000-4000-8000-000000000000/feeds\n',
    );
    expect(gapsIn(feedBody.parse(JSON.parse(whole.out)))).toEqual([]);
  });

  test('takes over a role, labels, a namespace, an age and a name', async () => {
    const flags = `${secops} ${role} --label env=prod --label team=a=b --namespace corp --max-lookback-days 30 --name Duo`;
    expect(await body(`telephony --bucket my-logs ${flags}`)).toEqual({
      displayName: 'Duo',
      details: {
        feedSourceType: 'AMAZON_S3_V2',
        logType: expect.stringMatching(/DUO_TELEPHONY$/),
        assetNamespace: 'corp',
        labels: { env: 'prod', team: 'a=b' },
        amazonS3V2Settings: {
          s3Uri: 's3://my-logs/logs/telephony/',
          sourceDeletionOption: 'NEVER',
          maxLookbackDays: 30,
          authentication: {
            awsIamRoleAuth: { awsIamRoleArn: roleArn, subjectId: '123456789012345678901' },
          },
        },
      },
    });
  });

  test('with a queue, it is a feed from SQS', async () => {
    const flags = `--bucket my-logs --queue-arn ${queueArn} --access-key-id ${accessKeyId}`;
    const { details } = await body(`telephony ${flags}`);
    expect(details).toMatchObject({
      feedSourceType: 'AMAZON_SQS_V2',
      amazonSqsV2Settings: {
        queue: queueArn,
        s3Uri: 's3://my-logs/logs/telephony/',
        authentication: {
          sqsV2AccessKeySecretAuth: { accessKeyId, secretAccessKey: '<secret access key>' },
        },
      },
    });
    const page = await duo(`feed telephony ${flags}`);
    expect(page.out).toContain(`  Source type             Amazon SQS V2\n`);
    expect(page.out).toContain(`  Queue ARN               ${queueArn}\n`);
  });

  test('prints a secret if it is asked to, and never because something is wrong with it', async () => {
    const flags = `telephony --bucket my-logs --access-key-id ${accessKeyId}`;
    const { details } = await body(`${flags} --secret-file -`, { standardInput: `${secret}\n` });
    expect(details).toMatchObject({
      amazonS3V2Settings: {
        authentication: { accessKeySecretAuth: { accessKeyId, secretAccessKey: secret } },
      },
    });
    expect(await duo(`feed ${flags}`)).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('Secret access key       <secret access key>\n'),
    });
    expect(await duo(`feed ${flags} --secret-file -`, { standardInput: `x${secret}` })).toEqual({
      exitCode: 2,
      out: '',
      err: 'Standard input must hold a secret access key and nothing else: 40 characters.\n',
    });
    expect(await duo(`feed ${flags} --secret-file /nowhere`)).toMatchObject({
      exitCode: 2,
      err: '/nowhere cannot be read.\n',
    });
    expect(await duo('feed telephony --bucket my-logs --secret-file -')).toMatchObject({
      exitCode: 2,
      err: '--secret-file goes with --access-key-id: a role has no secret.\n',
    });
  });

  test('says what a reader needs to delete what it has read', async () => {
    const { details } = await body('telephony --bucket my-logs --delete-after-transfer');
    expect(details).toMatchObject({ amazonS3V2Settings: { sourceDeletionOption: 'ON_SUCCESS' } });
    const page = await duo('feed telephony --bucket my-logs --delete-after-transfer');
    expect(page.out).toContain('  Source deletion option  Delete transferred files\n');
    expect(page.out).toContain('needs s3:DeleteObject on arn:aws:s3:::my-logs/logs/telephony/*');
  });

  test('says what to enter on the page, and what of it is missing', async () => {
    expect(await duo(`feed telephony --bucket my-logs ${role} --label env=prod`)).toEqual({
      exitCode: 0,
      out: `In Google SecOps: SIEM Settings > Feeds > Add New Feed

  Feed name               duo-telephony
  Source type             Amazon S3 V2
  Log type                Duo Telephony Logs (DUO_TELEPHONY)
  S3 URI                  s3://my-logs/logs/telephony/
  Source deletion option  Never delete files
  Maximum file age        180 days
  AWS IAM role ARN        ${roleArn}
  Subject ID              123456789012345678901
  Asset namespace         -
  Ingestion labels        env=prod
`,
      err: '',
    });
    const { out } = await duo('feed telephony --bucket my-logs');
    expect(out).toContain('\n- Fill in <role ARN>, <subject id>.\n');
  });

  test('says that trust monitor has no default parser', async () => {
    const note =
      '- DUO_TRUST_MONITOR has no default parser: only raw log search finds its records, until you add a custom parser.\n';
    expect((await duo('feed trust-monitor --bucket my-logs')).out).toContain(note);
    expect((await duo('feed trust-monitor --bucket my-logs --json')).err).toContain(note);
  });

  test('says that offline enrollment has no log type in SecOps, and what to do', async () => {
    expect(await duo('feed offline-enrollment --bucket my-logs')).toEqual({
      exitCode: 2,
      out: '',
      err: 'Google SecOps has no log type for offline-enrollment. The activity log has the same events, those with an action.name that begins with o2fa_: set up its feed instead. Or create a custom log type and a parser there, and name it with --secops-type (docs/secops.md).\n',
    });
    const own = 'feed offline-enrollment --bucket my-logs --secops-type DUO_OFFLINE_CUSTOM';
    expect((await duo(own)).out).toMatch(
      /Log type +DUO_OFFLINE_CUSTOM\n[\s\S]*Check whether DUO_OFFLINE_CUSTOM has a parser in your SecOps/,
    );
  });

  test('takes a bucket in the forms that a store may have', async () => {
    for (const bucket of ['my-logs/duo', 's3://my-logs/duo', 's3://my-logs/duo/']) {
      expect((await duo(`feed telephony --bucket ${bucket}`)).out).toContain(
        '  S3 URI                  s3://my-logs/duo/logs/telephony/\n',
      );
    }
  });

  test.each([
    ['telephony', 'Give either --stage or --bucket.'],
    ['telephony --stage prod --bucket my-logs', 'Give either --stage or --bucket.'],
    ['telefony --bucket my-logs', 'There is no log type "telefony"'],
    ['telephony --bucket My_Logs', 'It must be the name of a bucket, or s3://bucket/prefix.'],
    ['telephony --bucket file:///logs', 'It must be the name of a bucket'],
    ['telephony --bucket my-logs --max-lookback-days 181', 'a whole number of days from 1 to 180'],
    ['telephony --bucket my-logs --max-lookback-days 0', 'a whole number of days from 1 to 180'],
    ['telephony --bucket my-logs --label env', 'It must be like env=prod.'],
    ['telephony --bucket my-logs --role-arn reader', "a role's ARN"],
    ['telephony --bucket my-logs --access-key-id AKIA', 'an access key id, 20 letters and digits'],
    ['telephony --bucket my-logs --queue-arn arn:aws:sqs:eu-west-1:123456789012:a.fifo', 'a standard queue'],
    ['telephony --bucket my-logs --secops-type duo', 'It must be like DUO_AUTH'],
    [`telephony --bucket my-logs --access-key-id ${accessKeyId} ${role}`, 'cannot be used with'],
    [`telephony --bucket my-logs --no-queue --queue-arn ${queueArn}`, 'cannot be used with'],
  ])('pnpm duo feed %s is wrong usage', async (flags, said) => {
    const { exitCode, out, err } = await duo(`feed ${flags}`);
    expect([exitCode, out, err]).toEqual([2, '', expect.stringContaining(said)]);
  });
});

describe('pnpm duo feed, from a stage', () => {
  const cloudFormation = mockClient(CloudFormationClient);
  const storage = (outputs: Record<string, string>) => stack('duo-storage-prod', outputs);
  const stack = (StackName: string, outputs: Record<string, string>) =>
    cloudFormation.on(DescribeStacksCommand, { StackName }).resolves({
      Stacks: [
        {
          StackName,
          CreationTime: new Date(0),
          StackStatus: 'CREATE_COMPLETE',
          Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
        },
      ],
    });
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'duo-feed-'));
    process.env.SETTINGS_FOLDER = folder;
    cloudFormation.reset();
  });
  afterEach(() => {
    process.env.SETTINGS_FOLDER = '';
    rmSync(folder, { recursive: true });
  });

  test('takes the bucket, the role and the queue from the outputs, and the subject from the settings', async () => {
    writeFileSync(join(folder, 'prod.yml'), 'reader: { kind: role, subject: "123456789012345678901" }\n');
    storage({ BucketName: 'duo-storage-prod-bucket-x', ReaderArn: roleArn });
    stack('duo-telephony-prod', { NewObjectsQueueArn: queueArn });
    expect(await body(`telephony --stage prod ${secops}`)).toMatchObject({
      displayName: 'duo-telephony-prod',
      details: {
        feedSourceType: 'AMAZON_SQS_V2',
        amazonSqsV2Settings: {
          queue: queueArn,
          s3Uri: 's3://duo-storage-prod-bucket-x/logs/telephony/',
          authentication: {
            awsIamRoleAuth: { awsIamRoleArn: roleArn, subjectId: '123456789012345678901' },
          },
        },
      },
    });
    expect(await body('telephony --stage prod --no-queue')).toMatchObject({
      details: { feedSourceType: 'AMAZON_S3_V2' },
    });
  });

  test('wants the access key of a reader that is a user', async () => {
    storage({ BucketName: 'duo-storage-prod-bucket-x', ReaderArn: userArn });
    stack('duo-telephony-prod', { NewObjectsQueueArn: queueArn });
    const { out } = await duo('feed telephony --stage prod');
    expect(out).toContain('- Fill in <access key id>, <secret access key>.\n');
    expect(out).not.toContain('role');
    const given = await body(`telephony --stage prod --access-key-id ${accessKeyId} --secret-file -`, {
      standardInput: secret,
    });
    expect(gapsIn(given)).toEqual(['<project>', '<location>', '<instance>']);
  });

  test('says what the settings leave out: a reader and a queue', async () => {
    storage({ BucketName: 'duo-storage-prod-bucket-x' });
    stack('duo-telephony-prod', {});
    const { out } = await duo('feed telephony --stage prod');
    expect(out).toContain('This stage has no reader: set "reader" in settings/prod.yml and deploy');
    expect(out).toContain('Google recommends a queue');
    expect(out).toContain('newObjects: true in settings/prod.yml');
  });

  test.each([
    ['duo-storage-prod', 'services/storage'],
    ['duo-telephony-prod', 'services/telephony'],
  ])('says that %s is not deployed, and how to', async (name, where) => {
    storage({ BucketName: 'duo-storage-prod-bucket-x' });
    stack('duo-telephony-prod', {});
    const absent = Object.assign(new Error(`Stack with id ${name} does not exist`), {
      name: 'ValidationError',
    });
    cloudFormation.on(DescribeStacksCommand, { StackName: name }).rejects(absent);
    expect(await duo('feed telephony --stage prod')).toEqual({
      exitCode: 1,
      out: '',
      err: `There is no stack ${name} in eu-west-1. Deploy it first (npx pnpm sls deploy --stage prod in ${where}), or set AWS_REGION to where it is.\n`,
    });
  });

  test('says which permission is missing', async () => {
    const denied = Object.assign(new Error('not allowed'), { name: 'AccessDenied' });
    cloudFormation.on(DescribeStacksCommand).rejects(denied);
    const { exitCode, err } = await duo('feed telephony --stage prod');
    expect(exitCode).toBe(1);
    expect(err).toBe(
      'The stack duo-storage-prod cannot be looked up: AccessDenied not allowed. It needs cloudformation:DescribeStacks; or name the bucket with --bucket, which does not ask AWS.\n',
    );
  });
});

describe('the schema of the feed API', () => {
  const { details: whole, ...rest } = {
    displayName: 'duo',
    details: {
      feedSourceType: 'AMAZON_S3_V2',
      logType: 'projects/p/locations/eu/instances/i/logTypes/DUO_TELEPHONY',
      amazonS3V2Settings: {
        s3Uri: 's3://my-logs/logs/telephony/',
        sourceDeletionOption: 'NEVER',
        maxLookbackDays: 180,
        authentication: { awsIamRoleAuth: { awsIamRoleArn: roleArn, subjectId: '1' } },
      },
    },
  };
  const source = (change: object) => ({
    ...rest,
    details: { ...whole, amazonS3V2Settings: { ...whole.amazonS3V2Settings, ...change } },
  });

  test('accepts a whole body', () => {
    expect(feedBody.safeParse(source({}))).toMatchObject({ success: true });
  });

  test.each<[string, object]>([
    ['a URI without a / at its end', source({ s3Uri: 's3://my-logs/logs/telephony' })],
    ['the whole bucket, with its state', source({ s3Uri: 's3://my-logs/' })],
    ["V1's source type", source({ sourceType: 'FOLDERS_RECURSIVE' })],
    ["V1's deletion option", source({ sourceDeletionOption: 'SOURCE_DELETION_NEVER' })],
    ['more than 180 days', source({ maxLookbackDays: 181 })],
    [
      'two ways to authenticate',
      source({
        authentication: {
          ...whole.amazonS3V2Settings.authentication,
          accessKeySecretAuth: { accessKeyId, secretAccessKey: secret },
        },
      }),
    ],
    [
      "the key of SQS's settings for S3's",
      source({
        authentication: { sqsV2AccessKeySecretAuth: { accessKeyId, secretAccessKey: secret } },
      }),
    ],
    ['a bare log type', { ...rest, details: { ...whole, logType: 'DUO_TELEPHONY' } }],
    ['the settings of another type', { ...rest, details: { ...whole, feedSourceType: 'AMAZON_SQS_V2' } }],
    ['the type that Google retires', { ...rest, details: { ...whole, feedSourceType: 'AMAZON_S3' } }],
    ["Backstory's list of labels", { ...rest, details: { ...whole, labels: [{ key: 'a', value: 'b' }] } }],
  ])('refuses %s', (_, given) => {
    expect(feedBody.safeParse(given).success).toBe(false);
  });
});

describe('what a service says of its log in SecOps', () => {
  const service = (exports: object) => secopsLogType('passport', async () => exports);

  test('can be read of every one', async () => {
    const logs = await findLogs(join(__dirname, '../../../services'));
    const said = await Promise.allSettled(logs.map(({ logType }) => secopsLogType(logType.name)));
    expect(said).not.toEqual([]);
    expect(said.filter(({ status }) => status === 'rejected')).toEqual([]);
  });

  test('may be nothing, as of a new one', async () => {
    expect(await service({ passport: { name: 'passport' } })).toBeUndefined();
  });

  test('is an error that names the file where it cannot be', async () => {
    await expect(service({ secops: { logType: 'duo passport' } })).rejects.toThrow(
      'services/passport/src/log-type.ts: secops must be like',
    );
  });
});
