import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { firstCheckpoint } from 'duo-core';
import { startAws } from '../support/aws';
import { duo, noon } from '../support/operator';

let aws: Awaited<ReturnType<typeof startAws>>;

beforeEach(async () => {
  aws = await startAws();
  Object.assign(process.env, aws.env);
  aws.exports.set('duo-storage-prod-BucketName', 'logs-of-prod');
  for (const name of ['accounts', 'telephony'])
    aws.schedules.set(`duo-${name}-prod`, { State: 'ENABLED', ScheduleExpression: 'rate(1 minute)' });
});

afterEach(() => aws.close());

const days = '--from 2026-02-25 --to 2026-02-26';
const commands = [
  'tail telephony',
  'receipts telephony',
  'verify telephony',
  `backfill telephony ${days} --detach`,
  `backfill telephony ${days} --local`,
  'checkpoint show telephony',
  'checkpoint reset telephony --yes',
  'checkpoint set telephony --watermark 2026-02-28 --yes',
];

/** Those that show all accounts where none is said. */
const ofAll = ['status', 'report --json'];

const typed = (command: string, of = '--stage prod') => duo(`${command} ${of}`, { env: aws.env });

function known(account: string) {
  for (const part of ['ikey', 'skey', 'api-host'])
    aws.parameters.push({ Name: `/duo/prod/accounts/${account}/${part}`, Value: 'x', Type: 'SecureString' });
}

function saved(account: string | undefined) {
  const log = { logType: 'telephony', account };
  const key = account === undefined ? 'telephony' : `telephony/accounts/${account}`;
  const checkpoint = { ...firstCheckpoint(log, noon - 60_000, noon), by: 'run/1' };
  aws.objects.set(`logs-of-prod/state/${key}.json`, JSON.stringify(checkpoint));
}

/** Runs it, and holds that it was called the wrong way and has written nothing. */
async function refused(command: string, of?: string) {
  const before = new Map(aws.objects);
  const { exitCode, err } = await typed(command, of);
  expect([command, exitCode, err]).toEqual([command, 2, err]);
  expect(aws.objects).toEqual(before);
  return err.replaceAll(/\s+/g, ' ');
}

describe('a command that takes a log of one account', () => {
  test.each(commands)('names a few of those that there are where none is said: %s', async (command) => {
    for (const name of ['acme', 'north', 'south', 'west', 'zoo']) saved(name);
    const said = await refused(command);
    expect(said).toContain('The stage prod has several accounts: say which with --account.');
    expect(said).toContain('there are acme, north, south; all of them:');
    expect(said).toContain('accounts list --stage prod');
    expect(said).not.toContain('west');
    expect(await refused(command.replace('--detach', '--local'), '--store s3://logs-of-prod')).toContain(
      's3://logs-of-prod has several accounts',
    );
  });

  test.each(commands)('knows the accounts of a stage before anything is collected: %s', async (command) => {
    known('acme');
    expect(await refused(command)).toContain('say which with --account. There is acme.');
  });

  test.each([...commands, ...ofAll])('refuses one that the stage does not have: %s', async (command) => {
    known('acme');
    saved('acme');
    const said = await refused(`${command} --account acne`);
    expect(said).toContain('The stage prod has no account acne. Which there are:');
  });

  test.each([...commands, ...ofAll])(
    'refuses one where the stage has one account without a name: %s',
    async (command) => {
      saved(undefined);
      const said = await refused(`${command} --account acme`);
      expect(said).toContain('s3://logs-of-prod has telephony of one Duo account, which has no name');
      expect(said).toContain('leave out --account acme');
    },
  );

  test('refuses one that a store alone does not have', async () => {
    saved('acme');
    expect(await refused('receipts telephony --account acne', '--store s3://logs-of-prod')).toContain(
      's3://logs-of-prod has no telephony of acne. There is acme.',
    );
  });

  test('looks at what is stored of an account that was removed, and puts down no days for it', async () => {
    saved('gone');
    expect((await typed('receipts telephony --account gone')).exitCode).toBe(0);
    expect(await refused(`backfill telephony ${days} --detach --account gone`)).toContain(
      'The stage prod has no account gone.',
    );
  });

  test('needs no permission to list accounts where there are none', async () => {
    aws.denied.add('ssm:GetParametersByPath');
    expect((await typed('checkpoint show telephony')).out).toContain('have not saved a checkpoint');
  });
});
