import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { defaultOverlap, leastOverlap, longestLookback } from 'duo-core';
import { ownSettings, readSettings, settingsIn } from './own-settings';

const root = join(__dirname, '../..');
const place = ownSettings();
const { file } = place;
const settingsOf = settingsIn(place);

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

  test('have no lake, unless they say so', async () => {
    const none = { lakeRetention: 'none', lakeReader: 'none', lakeReaderKey: 'none' };
    expect(await settingsOf('retentionDays: 30')).toMatchObject({ lake: false, parts: none });
    expect(await settingsOf('lake: true')).toMatchObject({
      parts: { ...none, lakeReader: 'lake/reader' },
    });
  });

  test('keep receipts with a lake as long as the logs, and for 400 days at least', async () => {
    for (const [retentionDays, receiptsDays] of [
      [30, 400],
      [400, 400],
      [730, 730],
    ])
      expect(await settingsOf(`lake: true\nretentionDays: ${retentionDays}`)).toMatchObject({
        receiptsDays,
        parts: { lakeRetention: 'lake/retention' },
      });
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
