import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { firstCheckpoint } from 'duo-core';
import { createSimulator, findLogs, generate, logNamed, noon, simulatorEnvironment } from 'duo-simulator';
import { startAws } from '../support/aws';
import { duo } from '../support/operator';

const minute = 60_000;
const keys = { ikey: 'DIACMEACMEACMEACMEAC', skey: 'x'.repeat(40) };
const accounts = [{ name: 'acme', apiHost: 'api-acme.duosecurity.com', keys }];

let aws: Awaited<ReturnType<typeof startAws>>;
let simulator: ReturnType<typeof createSimulator>;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  aws = await startAws();
  Object.assign(process.env, aws.env);
  aws.exports.set('duo-storage-prod-BucketName', 'logs-of-prod');
  simulator = createSimulator({ logs: await findLogs(), accounts, now: () => noon });
  env = { ...aws.env, DUO_API_URL: simulatorEnvironment(await simulator.listen()).DUO_API_URL };
});

afterEach(async () => {
  await simulator.close();
  aws.close();
});

const typed = (command: string) => duo(`${command} --stage prod`, { env });

/** An account of the stage, of which a log was saved a while ago and is so far behind (ms). */
function account(name: string, behind: number, ago = minute, logType = 'telephony') {
  for (const [part, Value] of Object.entries({ ...keys, 'api-host': 'api-acme.duosecurity.com' }))
    if (!aws.parameters.some(({ Name }) => Name === `/duo/prod/accounts/${name}/${part}`))
      aws.parameters.push({ Name: `/duo/prod/accounts/${name}/${part}`, Value, Type: 'SecureString' });
  const key = `logs-of-prod/state/${logType}/accounts/${name}.json`;
  const checkpoint = { ...firstCheckpoint({ logType, account: name }, noon - behind, noon), by: 'run/1' };
  aws.objects.set(key, JSON.stringify(checkpoint));
  aws.putAt.set(key, noon - ago);
}

describe('status of a stage with accounts', () => {
  test('shows the worst, sums up the others, and has all as JSON', async () => {
    for (let n = 0; n < 30; n++) account(`customer-${n}`, (n + 2) * minute);
    account('far', 90 * minute);
    const { exitCode, out } = await typed('status');
    expect(exitCode).toBe(0);
    expect(out).toContain('31 accounts');
    const rows = out.split('\n').filter((line) => line.includes('telephony'));
    expect(rows).toHaveLength(20);
    expect(rows[0]).toMatch(/^far +telephony .* 90 min /);
    expect(out).toContain('and 11 others, at most 12 min behind');
    expect(out).toContain('1 log more than an hour behind. --account shows more of one.');
    const all = JSON.parse((await typed('status --json')).out);
    expect(all).toHaveLength(31);
    expect(all[0]).toMatchObject({ account: 'far', logType: 'telephony', behindSeconds: 5400 });
  });

  test('names the accounts of which a deployed log has saved nothing', async () => {
    account('acme', 3 * minute);
    for (let n = 0; n < 7; n++) {
      account(`new-${n}`, 0);
      aws.objects.delete(`logs-of-prod/state/telephony/accounts/new-${n}.json`);
    }
    aws.stacks.add('duo-telephony-prod');
    expect((await typed('status')).out).toContain(
      '7 logs of which nothing is saved yet: of new-0, new-1, new-2, new-3, new-4, and 2 more.',
    );
    const all = JSON.parse((await typed('status --json')).out);
    expect(all).toHaveLength(8);
    expect(all[7]).toMatchObject({ account: 'new-6', logType: 'telephony', deployed: true, watermark: null });
  });

  test('takes the rows of 500 accounts of four logs as of a few', async () => {
    const logs = ['telephony', 'activity', 'authentication', 'administrator'];
    for (let n = 0; n < 500; n++)
      for (const log of logs) account(`customer-${n}`, (n + 2) * 1000, minute, log);
    const { out } = await typed('status');
    expect(out.split('\n').length).toBeLessThan(30);
    expect(out).toContain('and 1,980 others, at most ');
  });

  test('shows one account as that of a stage with one, and exits with 1 where a checkpoint cannot be read', async () => {
    account('acme', 3 * minute);
    expect((await typed('status --account acme')).out).toMatch(/telephony +\S+ \S+ +3 min/);
    aws.objects.set('logs-of-prod/state/telephony/accounts/acme.json', '{');
    const { exitCode, out } = await typed('status');
    expect(exitCode).toBe(1);
    expect(out).toContain('the checkpoint is not JSON, or cut off');
  });

  test('names the accounts of a store alone by their checkpoints, whatever lies beside them', async () => {
    for (const name of ['acme', 'acme-2', 'north']) account(name, 3 * minute);
    for (const key of ['acme/days/2026-02-01', 'acme/wanted', 'north/checkpoint-7'])
      aws.objects.set(`logs-of-prod/state/telephony/accounts/${key}.json`, '{}');
    const { out } = await duo('status --store s3://logs-of-prod --json', { env });
    expect(JSON.parse(out).map((one: { account: string }) => one.account)).toEqual([
      'acme',
      'acme-2',
      'north',
    ]);
  });
});

describe('a command that takes a log', () => {
  beforeEach(async () => {
    account('acme', 3 * minute);
    const found = logNamed(await findLogs(), 'telephony');
    const from = noon - 20 * 3_600_000;
    simulator
      .log('telephony', 'acme')
      .addAll(generate({ ...found, count: 5, from, to: noon - 10 * minute, seed: 1 }));
  });

  test('shows the checkpoint of the account that it is told', async () => {
    expect((await typed('checkpoint show telephony --account acme')).out).toContain('2026-03-01');
  });

  test('keeps what it replaces beside the checkpoint of that account', async () => {
    const { exitCode } = await typed('checkpoint reset telephony --account acme --yes');
    expect(exitCode).toBe(0);
    expect([...aws.objects.keys()]).toContain(
      `logs-of-prod/state/telephony/accounts/acme/checkpoint-${noon}.json`,
    );
  });

  test('puts days down for the account that it is told, whose turn the starter gives', async () => {
    const asked = 'backfill telephony --account acme --from 2026-02-25 --to 2026-02-26 --detach';
    expect((await typed(asked)).err).toContain('The stage prod does not reconcile telephony');
    aws.schedules.set('duo-accounts-prod', { State: 'ENABLED', ScheduleExpression: 'rate(1 minute)' });
    const { exitCode, out } = await typed(asked);
    expect(exitCode).toBe(0);
    expect(out).toContain('(rate(15 minutes))');
    expect(out).toContain('logs telephony --stage prod --account acme --since 1h');
    expect(
      JSON.parse(aws.objects.get('logs-of-prod/state/telephony/accounts/acme/wanted.json') ?? ''),
    ).toEqual({
      '2026-02-25': { at: noon, again: false },
      '2026-02-26': { at: noon, again: false },
    });
  });

  test('tries the keys of the account that it is told', async () => {
    const { out } = await typed('credentials check --account acme');
    expect(out).toContain('/duo/prod/accounts/acme in eu-west-1 is complete, for api-acme.duosecurity.com');
    expect(simulator.requests.at(-1)).toMatchObject({ account: 'acme', status: 200 });
    expect((await typed('credentials check --account nobody')).err).toContain('there is no account nobody');
  });

  test('refuses a name that no account can have', async () => {
    const { exitCode, err } = await typed('status --account Big');
    expect(exitCode).toBe(2);
    expect(err).toContain("An account's name consists of small letters");
  });

  test('puts other keys for an account, and none for a child or one that is not there', async () => {
    const standardInput = JSON.stringify({ ...keys, apiHost: 'api-acme.duosecurity.com' });
    const put = (name: string) =>
      duo(`credentials put --stage prod --account ${name} --file -`, { env, standardInput });
    expect((await put('acme')).out).toContain('Stored /duo/prod/accounts/acme/api-host');
    expect((await put('nobody')).err).toContain('There is no account nobody');
    aws.parameters.push({
      Name: '/duo/prod/accounts/north/account-id',
      Value: 'DANORTHNORTHNORTH000',
      Type: 'String',
    });
    expect((await put('north')).err).toContain('north is a child of the parent account');
  });

  test('says what to enter for a feed of one account, with a namespace of its own', async () => {
    const { out, err } = await duo('feed telephony --bucket a-bucket --account acme --json', { env });
    expect(err).toContain('Beside a feed of all accounts, SecOps would read these records twice.');
    expect(JSON.parse(out)).toMatchObject({
      displayName: 'duo-telephony-acme',
      details: { assetNamespace: 'acme' },
    });
    expect(out).toContain('s3://a-bucket/logs/telephony/acme/');
    const own = await duo('feed telephony --bucket a-bucket --account acme --namespace own', { env });
    expect(own.out).toMatch(/Asset namespace +own\n/);
  });

  test('says that the stage does not have the account whose feed is wanted', async () => {
    const { exitCode, err } = await typed('feed telephony --account acne');
    expect([exitCode, err]).toEqual([2, expect.stringContaining('The stage prod has no account acne.')]);
  });
});
