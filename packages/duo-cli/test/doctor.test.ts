import dns from 'node:dns';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { simulatorCredentials } from 'duo-simulator';
import { startAws } from './support/aws';
import { createCollected } from './support/collected';
import { duo } from './support/operator';

const hour = 3_600_000;
const minute = 60_000;
let collected: Awaited<ReturnType<typeof createCollected>>;
beforeEach(async () => {
  collected = await createCollected();
  await collected.collect('telephony');
});
afterEach(() => collected.close());

/** What is said of a check, in one line; of the first with this name. */
function said(out: string, mark: string, check: string): string {
  const [, text = ''] = new RegExp(`^\\${mark} ${check}\\s+(.*(?:\\n    .*)*)`, 'm').exec(out) ?? [];
  return text.replace(/\n? {4,}/g, ' ').trim();
}

const widest = (out: string) => Math.max(...out.split('\n').map((line) => line.length));

describe('duo doctor, of a store', () => {
  test('says of each check that it is in order', async () => {
    const { exitCode, out, err } = await collected.command('doctor');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(
      out.replace(/http\S+, /, '').replace(collected.store, 'file:…'),
    ).toBe(`✓ credentials     from the environment
✓ Duo reachable   in place of Duo
✓ clock           this machine's, 0 s ahead of Duo's
✓ signature       accepted
✓ store readable  file:…
✓ store writable  state/.doctor.json was put, and not put over itself

telephony
✓ permission      GET /admin/v2/logs/telephony answers
✓ checkpoint      up to 2026-03-01 11:58 UTC, 2 min behind
✓ last run        saved 0 s ago
✓ last day        0 records in 0 objects
✓ days due        none
✓ days compared   none yet

Everything is in order.
`);
  });

  test('may be repeated, and asks Duo for one record of each log', async () => {
    await collected.collect('activity');
    const before = collected.simulator.requests.length;
    expect(await collected.command('doctor')).toMatchObject({ exitCode: 0 });
    expect(await collected.command('doctor')).toMatchObject({ exitCode: 0 });
    const asked = collected.simulator.requests.slice(before);
    expect(asked.map(({ log, params }) => [log, params.limit])).toEqual([
      ['activity', '1'],
      ['telephony', '1'],
      ['activity', '1'],
      ['telephony', '1'],
    ]);
  });

  test('prints JSON', async () => {
    const { out } = await collected.command('doctor --no-write --json');
    expect(JSON.parse(out)).toContainEqual({
      logType: 'telephony',
      check: 'permission',
      state: 'ok',
      says: 'GET /admin/v2/logs/telephony answers',
    });
    expect(JSON.parse(out)).toContainEqual(
      expect.objectContaining({ check: 'store writable', state: 'unknown', says: 'not tried (--no-write)' }),
    );
  });

  test.each([
    [
      'the wrong secret',
      { DUO_SKEY: 'another-made-up-secret-of-forty-letters.' },
      'The secret key is not that of this integration key. Copy it anew',
    ],
    [
      'an unknown integration key',
      { DUO_IKEY: 'DIXXXXXXXXXXXXXXXXXX' },
      'Duo knows no such integration key at api-simulator.duosecurity.com. Copy it anew',
    ],
  ])('names %s, and asks no other log', async (_, env, text) => {
    await collected.collect('activity');
    const before = collected.simulator.requests.length;
    const { exitCode, out, err } = await collected.command('doctor', { env });
    expect([exitCode, err]).toEqual([1, '1 of 18 checks failed.\n']);
    expect(said(out, '✗', 'signature')).toContain(text);
    expect(said(out, '✓', 'Duo reachable')).not.toBe('');
    expect(said(out, '?', 'permission')).toBe('see above');
    expect(out).not.toContain('another-made-up-secret');
    expect(widest(out)).toBeLessThanOrEqual(80);
    expect(collected.simulator.requests.length).toBe(before + 1);
  });

  test('names credentials that are missing, and asks nothing', async () => {
    const { exitCode, out } = await collected.command('doctor', { env: { DUO_SKEY: '' } });
    expect(exitCode).toBe(1);
    expect(said(out, '✗', 'credentials')).toBe(
      'DUO_SKEY is not set. Export them, or name a stage with --stage.',
    );
    expect(said(out, '?', 'signature')).not.toBe('');
  });

  test.each([
    [10 * minute, "This machine's is 10 min ahead of Duo's. Set it (by NTP)"],
    [-minute, "This machine's is 60 s behind Duo's. Set it (by NTP)"],
  ])('names a clock that is %i ms ahead', async (ahead, text) => {
    const now = collected.clock.now() + ahead;
    const { exitCode, out } = await collected.command('doctor', {
      clock: { ...collected.clock, now: () => now },
    });
    expect(exitCode).toBe(1);
    expect(said(out, '✗', 'clock')).toContain(text);
  });

  test('names a checkpoint of another account, and says what to do', async () => {
    const source = 'api-other000.duosecurity.com';
    const file = collected.file('telephony');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), source }));
    const { exitCode, out } = await collected.command('doctor');
    expect(exitCode).toBe(1);
    expect(said(out, '✗', 'checkpoint')).toContain(
      `this checkpoint is of ${source}, and the credentials are of ${simulatorCredentials.apiHost}.`,
    );
    expect(said(out, '✗', 'checkpoint')).toContain('duo checkpoint set telephony --source');
  });

  test('does not send whoever has a wrong clock after the credentials', async () => {
    const now = collected.clock.now() + 10 * minute;
    const { out } = await collected.command('doctor', { clock: { ...collected.clock, now: () => now } });
    expect(said(out, '✗', 'signature')).toMatch(/40105 .*\. Set this machine's clock \(by NTP\): it says /);
    expect(said(out, '✗', 'signature')).not.toContain('Admin Panel');
  });

  test.each([
    [403, { stat: 'FAIL', code: 40301, message: 'Access forbidden' }, 'grant "Grant read log"'],
    [
      404,
      { stat: 'FAIL', code: 40401, message: 'Resource not found' },
      'remove this service if it was retired',
    ],
  ])('names the log that Duo answers with %i', async (status, body, text) => {
    await collected.collect('activity');
    collected.simulator.fail({ status, body }, { after: 1 });
    const { exitCode, out, err } = await collected.command('doctor');
    expect([exitCode, err]).toEqual([1, '1 of 18 checks failed.\n']);
    const [, activity, telephony] = out.split('\n\n');
    expect(said(activity ?? '', '✓', 'permission')).toBe('GET /admin/v2/logs/activity answers');
    expect(said(telephony ?? '', '✗', 'permission')).toContain(text);
    expect(said(out, '✓', 'signature')).toBe('accepted');
    expect(widest(out)).toBeLessThanOrEqual(80);
  });

  test('does not call it a failure that Duo asks to wait', async () => {
    collected.simulator.fail('throttle');
    const { exitCode, out } = await collected.command('doctor');
    expect(exitCode).toBe(0);
    expect(said(out, '?', 'permission')).toContain('Duo asks to wait: try again in two minutes.');
    expect(out).toContain('All that could be checked is in order.');
  });

  test('names a Duo that cannot be reached', async () => {
    const { exitCode, out } = await collected.command('doctor', {
      env: { DUO_API_URL: 'http://127.0.0.1:2' },
    });
    expect(exitCode).toBe(1);
    expect(said(out, '✗', 'Duo reachable')).toMatch(/ECONNREFUSED .*; is the simulator running/);
    expect(said(out, '?', 'clock')).toBe('no answer of Duo to compare it with');
    const lookup = (_host: string, _options: unknown, done: (error: Error) => void) =>
      done(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }));
    const resolver = jest.spyOn(dns, 'lookup').mockImplementation(lookup as typeof dns.lookup);
    const away = await collected.command('doctor', { env: { DUO_API_URL: '' } });
    resolver.mockRestore();
    expect(said(away.out, '✗', 'Duo reachable')).toMatch(
      /ENOTFOUND .*Compare the API host with the Admin API application's, and see that this machine reaches it \(behind a proxy: docs\/networks\.md\)\.$/,
    );
  });

  test.each([
    ['is no JSON', '{', 'the checkpoint is not JSON, or cut off. Nothing was changed. To go on from now'],
    ['is of another project', '{"last_offset":null}', 'the checkpoint is damaged: '],
    [
      'is of another log',
      '{"version":1,"logType":"activity"}',
      'is of the log type "activity", not "telephony"',
    ],
  ])('names a checkpoint that %s', async (_, text, says) => {
    writeFileSync(collected.file('telephony'), text);
    const { exitCode, out } = await collected.command('doctor');
    expect(exitCode).toBe(1);
    expect(said(out, '✗', 'checkpoint')).toContain(says);
    expect(said(out, '✗', 'checkpoint')).toMatch(/: duo checkpoint reset telephony$/);
    expect(said(out, '?', 'last run')).toBe('see above');
  });

  test('names a log that has not been saved for more than an hour, and one that is far behind', async () => {
    collected.saved('telephony', 2 * hour);
    expect(said((await collected.command('doctor')).out, '✗', 'last run')).toBe(
      'The last one saved 2 h ago: run the collector, and see what it says.',
    );
    collected.publish('activity', 3000, 24);
    await collected.collect('activity', { MAX_PAGES: '1' });
    expect(said((await collected.command('doctor activity')).out, '✗', 'last run')).toMatch(
      /^The last one saved 0 s ago and was 16 h behind\. A backlog shrinks with every run/,
    );
    expect(said((await collected.command('doctor authentication')).out, '✗', 'last run')).toBe(
      'No run has saved anything yet: run the collector, and see what it says.',
    );
  });

  test('names days that were not compared with Duo in time, and the command that does it', async () => {
    collected.publish('activity', 100, 24 * 6);
    await collected.collect('activity', { LOOKBACK_HOURS: '150' });
    const { out } = await collected.command('doctor activity');
    expect(said(out, '✗', 'days due')).toBe(
      `4: 2026-02-24 to 2026-02-27 are to be compared with Duo. Do it: npx pnpm duo backfill activity --store ${collected.store} --local --from 2026-02-24 --to 2026-02-27`,
    );
    expect(said(out, '✓', 'days compared')).toBe('none yet');
    await collected.command('backfill activity --local --from 2026-02-24 --to 2026-02-27');
    const after = await collected.command('doctor activity');
    expect(said(after.out, '✓', 'days due')).toBe('none');
    expect(said(after.out, '✓', 'days compared')).toBe(
      '2026-02-24 to 2026-02-27: nothing doubled, astray or deleted',
    );
  });

  test('names what the last receipts have found', async () => {
    for (const [day, found] of [
      ['26', { deleted: 2 }],
      ['27', { doubled: 1, astray: 1 }],
    ] as const) {
      const folder = `${collected.root}/receipts/telephony/2026/02/${day}`;
      mkdirSync(folder, { recursive: true });
      const counts = { shown: 9, stored: 9, repaired: 0, changed: 0, doubled: 0, astray: 0, deleted: 0 };
      const of = { version: 1, logType: 'telephony', source: simulatorCredentials.apiHost };
      const receipt = { ...of, day: `2026-02-${day}`, at: 5, ...counts, ...found };
      writeFileSync(`${folder}/5.json`, JSON.stringify(receipt));
    }
    const { out } = await collected.command('doctor');
    const again = `npx pnpm duo backfill telephony --store ${collected.store} --local --again`;
    expect(said(out, '✗', 'days compared')).toBe(
      `2 records of 2026-02-26 deleted. To store them again: ${again} --from 2026-02-26 --to 2026-02-26 1 record of 2026-02-27 astray. To store them again: ${again} --from 2026-02-27 --to 2026-02-27 1 record of 2026-02-27 doubled. Whoever reads them has to drop the repeats.`,
    );
    expect(widest(out.replaceAll(/npx .*/g, ''))).toBeLessThanOrEqual(80);
  });

  test('writes nothing where no collector has been', async () => {
    mkdirSync(`${collected.root}/elsewhere/logs/of-something-else`, { recursive: true });
    writeFileSync(`${collected.root}/elsewhere/logs/of-something-else/1.log`, '');
    const { exitCode, out } = await duo(`doctor --store file://${collected.root}/elsewhere`, collected);
    expect(exitCode).toBe(1);
    expect(said(out, '✗', 'store readable')).toContain('Is it the right one?');
    expect(said(out, '?', 'store writable')).toBe('not tried: see above');
    expect(said(out, '✓', 'signature')).toBe('accepted');
  });
});

describe('duo doctor, of a stage', () => {
  let aws: Awaited<ReturnType<typeof startAws>>;
  const key = 'arn:aws:kms:eu-west-1:123456789012:key/k';
  const doctor = (flags = '') =>
    duo(`doctor --stage prod${flags}`, { clock: collected.clock, env: { ...collected.env, ...aws.env } });

  beforeEach(async () => {
    aws = await startAws();
    Object.assign(process.env, aws.env);
    aws.exports.set('duo-storage-prod-BucketName', 'a-bucket');
    aws.stacks.add('duo-telephony-prod');
    aws.schedules.set('duo-telephony-prod', { State: 'ENABLED', ScheduleExpression: 'rate(5 minutes)' });
    aws.schedules.set('duo-telephony-prod-reconcile', {
      State: 'ENABLED',
      ScheduleExpression: 'rate(15 minutes)',
    });
    aws.objects.set('a-bucket/state/telephony.json', readFileSync(collected.file('telephony'), 'utf8'));
    aws.putAt.set('a-bucket/state/telephony.json', collected.clock.now());
    const { ikey, skey, apiHost } = simulatorCredentials;
    for (const [name, Value] of Object.entries({ ikey, skey, 'api-host': apiHost })) {
      aws.parameters.push({ Name: `/duo/prod/${name}`, Value, Type: 'SecureString' });
    }
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
      err: 'STORE_KMS_KEY_ARN must be unset: no key encrypts anything in a directory.\n',
    });
  });

  test('says where days are not compared with Duo, and how to do it; it is no failure', async () => {
    aws.schedules.delete('duo-telephony-prod-reconcile');
    const { exitCode, out } = await doctor();
    expect(exitCode).toBe(0);
    expect(said(out, '?', 'reconcile')).toBe(
      'not deployed: with the setting reconcile off, days are compared with Duo only by npx pnpm duo backfill telephony --stage prod --local --from <day> --to <day>',
    );
  });

  test('of days that the function has not done, names its log', async () => {
    const live = 'a-bucket/state/telephony.json';
    const since = collected.clock.now() - 7 * 24 * hour;
    aws.objects.set(live, JSON.stringify({ ...JSON.parse(aws.objects.get(live) ?? ''), since }));
    expect(said((await doctor()).out, '✗', 'days due')).toMatch(
      /^5: .* are to be compared with Duo\. Read why in the function's log: aws logs tail \/aws\/lambda\/duo-telephony-prod-reconcile --since 2h/,
    );
  });

  test('claims nothing about a last run that it cannot see', async () => {
    aws.denied.add('s3:ListBucket');
    expect(said((await doctor()).out, '?', 'last run')).toBe('when it was saved cannot be seen');
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
      "The last one saved 4 h ago: read why in the function's log: aws logs tail /aws/lambda/duo-telephony-prod-collect --since 2h --region eu-west-1",
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
    expect((await doctor()).out).toMatch(
      /^ {4}aws logs tail \/aws\/lambda\/duo-telephony-prod-collect --since 2h --region eu-west-1$/m,
    );
  });

  test('names a parameter that is missing, and a stage of which nothing is deployed', async () => {
    aws.parameters.pop();
    aws.stacks.clear();
    const { out } = await doctor();
    expect(said(out, '✗', 'credentials')).toContain(
      '/duo/prod/api-host is missing. Put them there: npx pnpm duo credentials put',
    );
    expect(said(out, '✗', 'deployed')).toBe('No log type is. Deploy them: npx pnpm sls deploy --stage prod.');
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
