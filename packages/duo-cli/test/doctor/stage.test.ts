import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startAws } from '../support/aws';
import { createCollected } from '../support/collected';
import { putInOrder } from '../support/in-order';
import { duo } from '../support/operator';
import { said, widest } from '../support/said';

const hour = 3_600_000;
let collected: Awaited<ReturnType<typeof createCollected>>;
beforeEach(async () => {
  collected = await createCollected();
  await collected.collect('telephony');
});
afterEach(() => collected.close());

describe('duo doctor, of a stage', () => {
  let aws: Awaited<ReturnType<typeof startAws>>;
  const key = 'arn:aws:kms:eu-west-1:123456789012:key/k';
  const doctor = (flags = '') =>
    duo(`doctor --stage prod${flags}`, { clock: collected.clock, env: { ...collected.env, ...aws.env } });

  beforeEach(async () => {
    aws = await startAws();
    Object.assign(process.env, aws.env);
    putInOrder(aws, readFileSync(collected.file('telephony'), 'utf8'), collected.clock.now());
  });
  afterEach(() => aws.close());

  test('says of each check that it is in order, and that some logs are not deployed', async () => {
    const { exitCode, out, err } = await doctor();
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(said(out, '✓', 'deployed')).toMatch(/^telephony; not .*activity, /);
    expect(said(out, '✓', 'schedule')).toBe('rate(5 minutes)');
    expect(said(out, '✓', 'reconcile')).toBe('rate(15 minutes)');
    expect(widest(out)).toBeLessThanOrEqual(80);
    expect(aws.objects.get('a-bucket/state/.doctor.json')).toBe('{"by":"pnpm duo doctor"}');
  });

  test.each([
    ['s3:ListBucket', 'store readable', 'grant s3:ListBucket on arn:aws:s3:::a-bucket'],
    ['s3:GetObject', 'checkpoint', 'grant s3:GetObject on it'],
    ['s3:PutObject', 'store writable', 'grant s3:PutObject on it'],
    ['ssm:GetParameters', 'credentials', 'It needs ssm:GetParameters'],
    ['scheduler:GetSchedule', 'schedule', 'It needs scheduler:GetSchedule.'],
    ['cloudformation:DescribeStacks', 'deployed', 'It needs cloudformation:DescribeStacks'],
  ])('without %s, names it', async (action, check, text) => {
    aws.denied.add(action);
    const { exitCode, out, err } = await doctor();
    expect([exitCode, err]).toEqual([1, expect.stringMatching(/^\d of \d+ checks failed\.\n$/)]);
    expect(said(out, '✗', check)).toContain(text);
    expect(widest(out)).toBeLessThanOrEqual(80);
  });

  test("puts with the stage's key, where it has one, as its functions do", async () => {
    await doctor();
    expect([...aws.keys]).toEqual([['a-bucket/state/.doctor.json', undefined]]);
    aws.exports.set('duo-storage-prod-KmsKeyArn', key).set('duo-storage-pro-KmsKeyArn', 'wrong');
    await doctor();
    expect([...aws.keys]).toEqual([['a-bucket/state/.doctor.json', key]]);
  });

  test('without a stage, puts with the key of STORE_KMS_KEY_ARN', async () => {
    const run = (STORE_KMS_KEY_ARN: string, store = 's3://a-bucket') =>
      duo(`doctor --store ${store}`, {
        clock: collected.clock,
        env: { ...collected.env, ...aws.env, STORE_KMS_KEY_ARN },
      });
    await run(key);
    expect([...aws.keys]).toEqual([['a-bucket/state/.doctor.json', key]]);
    expect(await run('alias/duo')).toMatchObject({
      exitCode: 2,
      err: 'STORE_KMS_KEY_ARN must be unset, or the ARN of a KMS key.\n',
    });
    expect(await run(key, collected.store)).toMatchObject({
      exitCode: 2,
      err: 'STORE_KMS_KEY_ARN must be unset: no key encrypts a directory.\n',
    });
  });

  test('says where days are not compared with Duo, and how to do it; it is no failure', async () => {
    aws.schedules.delete('duo-telephony-prod-reconcile');
    const { exitCode, out } = await doctor();
    expect(exitCode).toBe(0);
    expect(said(out, '?', 'reconcile')).toBe(
      'not deployed: the setting reconcile is off, so only this compares days with Duo: npx pnpm duo backfill telephony --stage prod --local --from <day> --to <day>',
    );
  });

  test('of days that the function has not done, names its log', async () => {
    const live = 'a-bucket/state/telephony.json';
    const since = collected.clock.now() - 7 * 24 * hour;
    aws.objects.set(live, JSON.stringify({ ...JSON.parse(aws.objects.get(live) ?? ''), since }));
    expect(said((await doctor()).out, '✗', 'days due')).toMatch(
      /^5: .* are waiting to be compared with Duo\. Read why in the function's log: npx pnpm duo logs telephony --stage prod --errors$/,
    );
  });

  test('claims nothing about a last run that it cannot see', async () => {
    aws.denied.add('s3:ListBucket');
    expect(said((await doctor()).out, '?', 'last run')).toBe('the store does not say when it was saved');
  });

  test('names a schedule that is disabled, and one that is gone', async () => {
    aws.schedules.set('duo-telephony-prod', { State: 'DISABLED' });
    expect(said((await doctor()).out, '✗', 'schedule')).toMatch(
      /^duo-telephony-prod is disabled\. Enable it/,
    );
    aws.schedules.clear();
    expect(said((await doctor()).out, '✗', 'schedule')).toBe(
      'There is no schedule duo-telephony-prod in eu-west-1. Deploy it: npx pnpm sls deploy --stage prod in services/telephony.',
    );
  });

  test('knows by the schedule how recent the last run should be', async () => {
    aws.putAt.set('a-bucket/state/telephony.json', collected.clock.now() - 4 * hour);
    expect(said((await doctor()).out, '✗', 'last run')).toBe(
      "The last one saved 4 h ago: read why in the function's log: npx pnpm duo logs telephony --stage prod --errors",
    );
    aws.schedules.set('duo-telephony-prod', { State: 'ENABLED', ScheduleExpression: 'rate(8 hours)' });
    expect(said((await doctor()).out, '✓', 'last run')).toBe('saved 4 h ago');
  });

  test.each([
    ['rate(8 hours)', 'wait for the first one, in at most 8 h, or read why in'],
    ['cron(0 8 * * ? *)', 'wait for the first one, or read why in'],
  ])('before the first run says how long to wait for it: %s', async (ScheduleExpression, text) => {
    aws.objects.delete('a-bucket/state/telephony.json');
    aws.schedules.set('duo-telephony-prod', { State: 'ENABLED', ScheduleExpression });
    expect(said((await doctor()).out, '✗', 'last run')).toContain(`No run has saved anything yet: ${text}`);
    aws.schedules.clear();
    expect(said((await doctor()).out, '✗', 'last run')).toContain('No run has saved anything yet: read why');
  });

  test('has the command to paste in one line', async () => {
    aws.putAt.set('a-bucket/state/telephony.json', collected.clock.now() - 4 * hour);
    expect((await doctor()).out).toMatch(/^ {4}npx pnpm duo logs telephony --stage prod --errors$/m);
  });

  test('names a parameter that is missing, and a stage of which nothing is deployed', async () => {
    aws.parameters.pop();
    aws.stacks.clear();
    const { out } = await doctor();
    expect(said(out, '✗', 'credentials')).toContain(
      '/duo/prod/api-host is missing. Put them there: npx pnpm duo credentials put',
    );
    expect(said(out, '✗', 'deployed')).toBe(
      'No log type is deployed. Deploy them: npx pnpm sls deploy --stage prod.',
    );
  });

  test('finds a bucket that is in another region', async () => {
    aws.regions.set('a-bucket', 'eu-north-1');
    expect(await doctor()).toMatchObject({ exitCode: 0 });
  });

  test('says of a stage that there is none', async () => {
    aws.exports.clear();
    expect(await doctor(' --region eu-north-1')).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/^There is no export duo-storage-prod-BucketName in eu-north-1\. Deploy/),
    });
  });
});
