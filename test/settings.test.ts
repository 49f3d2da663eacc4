import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { defaultOverlap, leastOverlap, longestLookback } from 'duo-core';
import { close, listen } from 'duo-simulator';

/** What the framework hands to a file that supplies values. */
interface Framework {
  resolveVariable(name: string): Promise<string>;
  resolveConfigurationProperty(path: string[]): Promise<string>;
}

const root = join(__dirname, '..');
const readSettings: {
  (framework: Framework): Promise<Record<string, unknown>>;
  readonly keys: readonly string[];
} = require('../settings/settings.cjs');

const folder = mkdtempSync(join(tmpdir(), 'duo-settings-'));
const file = join(folder, 'prod.yml');
beforeEach(() => {
  process.env.SETTINGS_FOLDER = folder;
  rmSync(file, { force: true });
});
afterAll(() => {
  delete process.env.SETTINGS_FOLDER;
  rmSync(folder, { recursive: true });
});

const settingsOf = (text: string, { stage = 'prod', service = 'duo-storage' } = {}) => {
  writeFileSync(join(folder, `${stage}.yml`), text);
  return readSettings({
    resolveVariable: async () => stage,
    resolveConfigurationProperty: async () => service,
  });
};

describe('the settings of a stage', () => {
  test('are the defaults where it has no file, or an empty one', async () => {
    const empty = await settingsOf('');
    rmSync(file);
    const none = await readSettings({
      resolveVariable: async () => 'prod',
      resolveConfigurationProperty: async () => 'duo-storage',
    });
    expect(none).toEqual(empty);
    expect(none).toMatchObject({ schedule: 'rate(5 minutes)', lookbackHours: 24, logLevel: 'INFO' });
  });

  test('look for throttling in twelve runs, or in those of a day, which is the longest that CloudWatch allows', async () => {
    for (const [schedule, throttledSeconds, throttledTimes] of [
      ['rate(5 minutes)', 3600, 36],
      ['rate(2 hours)', 86_400, 36],
      ['rate(7 hours)', 75_600, 9],
    ])
      expect(await settingsOf(`schedule: ${schedule}`)).toMatchObject({ throttledSeconds, throttledTimes });
  });

  test.each([
    ['rate(20 minutes)', 300],
    ['rate(25 minutes)', 420],
    ['rate(8 hours)', 7200],
  ])(
    'with %s, look for silence in twelve periods of whole minutes, no shorter than three intervals',
    async (schedule, silencePeriodSeconds) => {
      expect(await settingsOf(`schedule: ${schedule}`)).toMatchObject({ silencePeriodSeconds });
    },
  );

  test('allow what the collector allows, and no more', async () => {
    const [hours, seconds] = [longestLookback / 3_600_000, leastOverlap / 1000];
    const least = `lookbackHours: ${hours}\noverlapSeconds: ${seconds}`;
    expect(await settingsOf(least)).toMatchObject({ lookbackHours: hours, overlapSeconds: seconds });
    await expect(settingsOf(`lookbackHours: ${hours + 1}`)).rejects.toThrow(`from 1 to ${hours}`);
    await expect(settingsOf(`overlapSeconds: ${seconds - 1}`)).rejects.toThrow(`from ${seconds} to 86400`);
    expect(await settingsOf('')).toMatchObject({ overlapSeconds: defaultOverlap / 1000 });
  });

  test("replace the defaults', key by key", async () => {
    expect(await settingsOf('memoryMb: 256\nlogLevel: DEBUG')).toMatchObject({
      memoryMb: 256,
      logLevel: 'DEBUG',
      lookbackHours: 24,
    });
  });

  test('may be others for one log type', async () => {
    const text = 'lookbackHours: 48\nlogTypes: { telephony: { schedule: rate(1 hour) } }';
    expect(await settingsOf(text, { service: 'duo-telephony' })).toMatchObject({
      schedule: 'rate(1 hour)',
      lookbackHours: 48,
      silencePeriodSeconds: 900,
    });
    expect(await settingsOf(text, { service: 'duo-activity' })).toMatchObject({
      schedule: 'rate(5 minutes)',
      lookbackHours: 48,
      silencePeriodSeconds: 300,
    });
  });

  test('take a null as not set', async () => {
    expect(await settingsOf('alarmEmail: null')).toMatchObject({ parts: { alarmEmail: 'none' } });
  });

  test('name the key of the bucket, also one of your own, only where there is one', async () => {
    const key = 'kmsKeyArn: arn:aws:kms:eu-west-1:123456789012:key/k';
    const parts = async (text: string) => (await settingsOf(text)).parts;
    expect(await parts('')).toMatchObject({ bucketKey: 'none', keyOutput: 'none', writerKey: 'none' });
    expect(await parts(key)).toMatchObject({ bucketKey: 'bucket-key', keyOutput: 'key-output' });
    expect(await parts(`${key}\nbucket: logs-of-all`)).toMatchObject({
      bucketKey: 'none',
      keyOutput: 'key-output',
      writerKey: 'writer-key',
    });
  });

  test('take the account of the bucket for the one that is deployed to, unless they name another', async () => {
    expect(await settingsOf('')).toMatchObject({ bucketAccount: { Ref: 'AWS::AccountId' } });
    expect(await settingsOf('bucket: logs-of-all')).toMatchObject({
      bucketAccount: { Ref: 'AWS::AccountId' },
    });
    const named = 'bucket: logs-of-all\nbucketAccountId: "012345678901"';
    expect(await settingsOf(named)).toMatchObject({ bucketAccount: '012345678901' });
  });

  test('put the functions into a network only where they name its subnets', async () => {
    expect(await settingsOf('')).toMatchObject({ parts: { vpc: 'none', reconcileVpc: 'none' } });
    const vpc = { subnetIds: ['subnet-01234567'], securityGroupIds: ['sg-0123456789abcdef0'] };
    const text = `vpc: ${JSON.stringify(vpc)}`;
    expect(await settingsOf(text)).toMatchObject({ vpc, parts: { vpc: 'vpc', reconcileVpc: 'vpc' } });
    expect(await settingsOf(`${text}\nreconcile: false`)).toMatchObject({
      parts: { vpc: 'vpc', reconcileVpc: 'none' },
    });
  });

  test('have an account of their own, unless they say that there are many', async () => {
    expect(await settingsOf('')).toMatchObject({ accounts: false, parts: { account: 'own-account' } });
    expect(await settingsOf('accounts: true')).toMatchObject({ parts: { account: 'accounts' } });
  });

  test('have the days reconciled, unless they or those of a log type say otherwise', async () => {
    const off = { reconcile: false, parts: { reconcile: 'none', reconcileWriterKey: 'none' } };
    expect(await settingsOf('')).toMatchObject({ reconcile: true, parts: { reconcile: 'reconcile' } });
    expect(await settingsOf('reconcile: false')).toMatchObject(off);
    const one = 'logTypes: { telephony: { reconcile: false } }';
    expect(await settingsOf(one, { service: 'duo-telephony' })).toMatchObject(off);
    expect(await settingsOf(one, { service: 'duo-activity' })).toMatchObject({ reconcile: true });
  });

  test.each(['reader: { kind: user, deletes: true }', 'retentionDays: 8'])(
    'have no day reconciled by itself with %s, which would not find what was stored',
    async (text) => {
      expect(await settingsOf(text)).toMatchObject({ reconcile: false, parts: { reconcile: 'none' } });
      const explicit = `${text}\nreconcile: false`;
      expect(await settingsOf(explicit)).toMatchObject({ reconcile: false });
    },
  );

  test('have the days reconciled where what is stored stays for nine days', async () => {
    expect(await settingsOf('retentionDays: 9')).toMatchObject({ reconcile: true });
    expect(await settingsOf('reader: { kind: user }\nreconcile: true')).toMatchObject({ reconcile: true });
  });

  test('say by whom the role of the reader may be taken on', async () => {
    const google = await settingsOf('reader: { kind: role, subject: "1234" }');
    expect(google.readerTrust).toEqual({
      Principal: { Federated: 'accounts.google.com' },
      Condition: { StringEquals: { 'accounts.google.com:sub': '1234' } },
    });
    const other = await settingsOf(
      'reader: { kind: role, issuer: login.example.com/t, subject: a, audience: b }',
    );
    expect(other.readerTrust).toEqual({
      Principal: {
        Federated: {
          'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:oidc-provider/login.example.com/t`,
        },
      },
      Condition: { StringEquals: { 'login.example.com/t:sub': 'a', 'login.example.com/t:aud': 'b' } },
    });
  });

  test.each(['tenant.example.com/', 'login.example.com:8443', 'login.example.com:8443/realms/a/'])(
    'know the issuer %s by exactly that name',
    async (issuer) => {
      const { readerTrust } = await settingsOf(`reader: { kind: role, issuer: "${issuer}", subject: a }`);
      expect(readerTrust).toMatchObject({ Condition: { StringEquals: { [`${issuer}:sub`]: 'a' } } });
      expect(JSON.stringify(readerTrust)).toContain(`:oidc-provider/${issuer}"`);
    },
  );

  test('are all described in docs/settings.md', () => {
    const documented = readFileSync(join(root, 'docs', 'settings.md'), 'utf8');
    const described = [...documented.matchAll(/^\| `(\w+)`/gm)].map(([, key]) => key);
    expect(described.sort()).toEqual([...readSettings.keys].sort());
  });
});

describe('settings that cannot be are refused, by file and key:', () => {
  test.each([
    ['colour: red', 'colour: is not a setting'],
    ['reader: { kind: robot }', 'reader.kind: must be one of none, user, role'],
    ['reader: { kind: role }', 'reader.subject: must be whom the token is issued for'],
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
      'bucketAccountId: cannot be set without a bucket of your own: a new one is in the account that is deployed to',
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
    ['logTypes: { accounts: {} }', 'logTypes.accounts: is not a log type'],
    ['backfill: true', 'backfill: is no setting any more, and duo backfill needs none: remove this line'],
    ['reconcile: daily', 'reconcile: must be true or false'],
    ['reconcile:', 'reconcile: must have a value'],
    [
      'reader: { kind: user, deletes: true }\nreconcile: true',
      'reconcile: cannot be true with reader.deletes: true: what was deleted would be missing. Leave it out, or set it to false',
    ],
    [
      'retentionDays: 8\nlogTypes: { telephony: { reconcile: true } }',
      'logTypes.telephony.reconcile: cannot be true with retentionDays: 8, which is less than 9: what was deleted would',
    ],
    ['functionLogRetentionDays: 91', 'functionLogRetentionDays: must be one of 1, 3, 5'],
    ['logLevel: LOUD', 'logLevel: must be one of DEBUG, INFO, WARN, ERROR'],
    ['memoryMb: 64', 'memoryMb: must be a whole number from 128'],
    ['tags: { cost: 12 }', 'tags.cost: must be a text'],
    ['tags: { "aws:x": y }', 'tags.aws:x: must be a text'],
    [
      'tags: { Owner: a, cost: b, OWNER: c }',
      'tags.OWNER: differs from Owner in case only, which IAM refuses',
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
      await expect(settingsOf('', { stage })).rejects.toThrow(`the stage "${stage}" makes no bucket name`);
    },
  );
});

test.each([
  ['bad', 'bad.yml: schedule: must be from rate(5 minutes)'],
  ['Prod', 'the stage "Prod" makes no bucket name'],
  ['local', 'the stage "local" is this machine'],
])(
  '`sls deploy --stage %s` says so before it asks AWS for anything',
  async (stage, expected) => {
    writeFileSync(join(folder, 'bad.yml'), 'schedule: rate(1 minute)');
    let requests = 0;
    const aws = createServer((_, response) => {
      requests += 1;
      response.writeHead(500).end();
    });
    const url = await listen(aws);
    const made = { AWS_ACCESS_KEY_ID: 'made-up', AWS_SECRET_ACCESS_KEY: 'made-up' };
    const child = spawn(
      process.execPath,
      [require.resolve('serverless/bin/serverless.js'), 'deploy', '--stage', stage],
      {
        cwd: join(root, 'services', 'storage'),
        env: { ...process.env, ...made, AWS_ENDPOINT_URL: url },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => output.push(String(chunk)));
    const code = await new Promise((resolve) => child.on('close', resolve));
    await close(aws);
    expect({ code, requests }).toEqual({ code: 1, requests: 0 });
    expect(output.join('')).toContain(expected);
  },
  60_000,
);
