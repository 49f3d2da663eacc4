import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { firstCheckpoint } from 'duo-core';
import { createSimulator, findLogs, noon, simulatorCredentials, simulatorEnvironment } from 'duo-simulator';
import { startAws } from '../support/aws';
import { duo } from '../support/operator';

const minute = 60_000;
const keys = { ikey: 'DIACMEACMEACMEACMEAC', skey: 'x'.repeat(40) };
const accounts = [
  { name: 'acme', apiHost: 'api-acme.duosecurity.com', keys },
  { name: 'north', apiHost: 'api-north.duosecurity.com', accountId: 'DANORTHNORTHNORTH000' },
];

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

function stored(path: string, parts: Record<string, string>) {
  for (const [part, Value] of Object.entries(parts))
    aws.parameters.push({
      Name: `/duo/prod/${path}/${part}`,
      Value,
      Type: part === 'account-id' ? 'String' : 'SecureString',
    });
}

/** An account of the stage, of which a log was saved a while ago and is so far behind (ms). */
function account(name: string, behind: number, ago = minute, logType = 'telephony') {
  stored(`accounts/${name}`, { ...keys, 'api-host': 'api-acme.duosecurity.com' });
  const key = `logs-of-prod/state/${logType}/accounts/${name}.json`;
  const checkpoint = { ...firstCheckpoint({ logType, account: name }, noon - behind, noon), by: 'run/1' };
  aws.objects.set(key, JSON.stringify(checkpoint));
  aws.putAt.set(key, noon - ago);
}

describe('doctor of a stage with accounts', () => {
  beforeEach(() => {
    for (const name of ['storage', 'telephony', 'accounts']) aws.stacks.add(`duo-${name}-prod`);
    aws.schedules.set('duo-accounts-prod', { State: 'ENABLED', ScheduleExpression: 'rate(1 minute)' });
  });

  test('tries the keys of one, and says how far behind the worst is', async () => {
    account('acme', 3 * minute);
    account('north', 7 * minute);
    const { out } = await typed('doctor');
    expect(out).toContain('/duo/prod/accounts/acme');
    expect(out).toContain('2 accounts, at most 7 min behind');
    expect(out).toMatch(/accounts\n✓ schedule +rate\(1 minute\)/);
  });

  test('names those that have saved nothing for long, that are far behind or cannot be read, and the next command', async () => {
    account('acme', 3 * minute);
    account('silent', 25 * minute, 25 * minute);
    account('far', 90 * minute);
    aws.objects.set('logs-of-prod/state/telephony/accounts/broken.json', '[]');
    for (const part of ['ikey', 'skey', 'api-host'])
      aws.parameters.push({ Name: `/duo/prod/accounts/broken/${part}`, Value: 'x', Type: 'SecureString' });
    const { exitCode, out } = await typed('doctor');
    const text = out.replaceAll(/\s+/g, ' ');
    expect(exitCode).toBe(1);
    expect(text).toContain('silent has saved nothing for 25 min');
    expect(text).toContain('far is 90 min behind');
    expect(text).toContain('state/telephony/accounts/broken.json: the checkpoint is damaged');
    expect(text).toContain('logs telephony --stage prod --account <account> --errors');
  });

  test('tries the keys of a child as well, and says which account they are of', async () => {
    account('acme', 3 * minute);
    stored('accounts/north', {
      'account-id': 'DANORTHNORTHNORTH000',
      'api-host': 'api-north.duosecurity.com',
    });
    const { ikey, skey, apiHost } = simulatorCredentials;
    stored('parent', { ikey, skey, 'api-host': apiHost });
    const { out } = await typed('doctor');
    expect(out).toMatch(/✓ keys +GET \/admin\/v2\/logs\/telephony answers north/);
    expect(simulator.requests.map((request) => request.account)).toEqual(['acme', 'north']);
    aws.parameters.splice(-3);
    expect((await typed('doctor')).out).toMatch(/✗ keys\n +north: .*\/duo\/prod\/parent\/ikey is not set/);
  });

  test('says what the starter has logged, and whatever a stage says of each log', async () => {
    account('acme', 3 * minute);
    const message = JSON.stringify({ level: 'ERROR', message: '3 functions were not started' });
    aws.watch.logs.set('/aws/lambda/duo-accounts-prod-start', [{ timestamp: noon - minute, message }]);
    aws.watch.resources.set('duo-telephony-prod', [
      ['AWS::CloudWatch::Alarm', 'Doubled', 'duo-telephony-prod-doubled'],
    ]);
    aws.watch.alarms.set('duo-telephony-prod-doubled', { StateValue: 'ALARM', AlarmDescription: 'Twice.' });
    const { out } = await typed('doctor');
    const text = out.replaceAll(/\s+/g, ' ');
    expect(text).toContain('start: 3 functions were not started');
    expect(text).toContain('duo logs accounts --stage prod --errors');
    expect(text).toContain('doubled is on: Twice.');
  });

  test('does not blame an account whose first turn is still to come', async () => {
    account('acme', 3 * minute);
    const put = { Name: '/duo/prod/accounts/new/ikey', Value: 'x', Type: 'SecureString' };
    aws.parameters.push({ ...put, LastModifiedDate: (noon - 19 * minute) / 1000 });
    expect((await typed('doctor')).out).toContain('2 accounts, at most 3 min behind');
    aws.parameters.splice(-1, 1, { ...put, LastModifiedDate: (noon - 21 * minute) / 1000 });
    expect((await typed('doctor')).out).toContain('new has saved nothing yet');
  });

  test('goes by the checkpoints where there is a store alone, or the accounts may not be listed', async () => {
    account('acme', 3 * minute);
    account('far', 90 * minute);
    const { out } = await duo('doctor --store s3://logs-of-prod', { env });
    expect(out).toContain('far is 90 min behind');
    aws.denied.add('ssm:GetParametersByPath');
    expect((await typed('doctor')).out).toContain('far is 90 min behind');
  });

  test('looks at one account as at that of a stage with one, and names its commands', async () => {
    account('acme', 90 * minute, 80 * minute);
    const { out } = await typed('doctor --account acme');
    const text = out.replaceAll(/\s+/g, ' ');
    expect(text).toContain('✓ schedule rate(5 minutes)');
    expect(text).toContain('duo logs telephony --stage prod --account acme --errors');
  });

  test('says that no account is collected where the starter has no schedule', async () => {
    account('acme', 3 * minute);
    aws.schedules.clear();
    expect((await typed('doctor')).out.replaceAll(/\s+/g, ' ')).toContain(
      'no account is collected. Deploy it',
    );
  });
});
