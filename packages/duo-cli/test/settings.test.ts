import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { duo } from './support/operator';

const folder = mkdtempSync(join(tmpdir(), 'duo-settings-'));
const file = join(folder, 'prod.yml');
const write = (text: string) => writeFileSync(file, text);
beforeEach(() => {
  process.env.SETTINGS_FOLDER = folder;
  rmSync(file, { force: true });
});
afterAll(() => {
  delete process.env.SETTINGS_FOLDER;
  rmSync(folder, { recursive: true });
});

const shown = async () => {
  const { exitCode, out } = await duo('settings show --stage prod --json');
  expect(exitCode).toBe(0);
  const { settings, ...rest }: { settings: { name: string }[] } = JSON.parse(out);
  return { ...rest, of: (name: string) => settings.find((one) => one.name === name) };
};

describe('settings show', () => {
  test("names the stage's file, the defaults, what is built in and what is derived", async () => {
    write('alarmEmail: security@example.com\nlogTypes: { telephony: { schedule: rate(1 hour) } }');
    const { of, ...rest } = await shown();
    const defaultFile = 'settings/default.yml';
    expect(rest).toEqual({ stage: 'prod', stageFile: file, found: true, defaultFile });
    expect(of('alarmEmail')).toEqual({ name: 'alarmEmail', value: 'security@example.com', from: file });
    expect(of('memoryMb')).toEqual({ name: 'memoryMb', value: 512, from: defaultFile });
    expect(of('bucket')).toMatchObject({ value: null, from: 'built-in', note: 'a new one' });
    expect(of('logTypes.telephony.schedule')).toMatchObject({ value: 'rate(1 hour)', from: file });
    expect(of('alarmPeriodSeconds')).toMatchObject({ value: 900, from: 'derived', note: 'from schedule' });
    expect(of('logTypes.telephony.alarmPeriodSeconds')).toMatchObject({
      value: 10_800,
      note: 'from its schedule',
    });
  });

  test('tells what is written from what is filled in beside it', async () => {
    write('reader: { kind: user }');
    const { of } = await shown();
    expect(of('reader.kind')).toMatchObject({ value: 'user', from: file });
    expect(of('reader.deletes')).toMatchObject({ value: false, from: 'built-in' });
  });

  test('says why no day is reconciled, where that follows from another setting', async () => {
    write('retentionDays: 8');
    const note = 'from retentionDays: 8, which is less than 9';
    expect((await shown()).of('reconcile')).toMatchObject({ value: false, from: 'derived', note });
  });

  test('takes what a file has emptied for what is built in', async () => {
    write('functionLogRetentionDays: 30\nalarmEmail:');
    const { of } = await shown();
    expect(of('alarmEmail')).toMatchObject({ value: null, from: 'built-in', note: 'no one' });
    expect(of('functionLogRetentionDays')).toMatchObject({ value: 30, from: file });
  });

  test('prints them to a person by where they come from, in 80 columns', async () => {
    const arn = 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555';
    write(
      `credentialsKmsKeyArn: ${arn}\nvpc: { subnetIds: [subnet-01234567, subnet-89abcdef], securityGroupIds: [sg-01234567] }\nlogTypes: { offline-enrollment: { schedule: rate(1 hour) } }`,
    );
    const { exitCode, out } = await duo('settings show --stage prod');
    const [own = '', defaults = '', builtIn = '', derived = ''] = out.split('\n\n');
    expect(exitCode).toBe(0);
    expect(own).toBe(
      `${file}\n  credentialsKmsKeyArn:\n    ${arn}\n  vpc.subnetIds:\n    subnet-01234567\n    subnet-89abcdef\n  vpc.securityGroupIds:\n    sg-01234567\n  logTypes.offline-enrollment.schedule: rate(1 hour)`,
    );
    expect(defaults).toMatch(/^settings\/default\.yml\n {2}schedule: rate\(5 minutes\)\n/);
    expect(builtIn).toMatch(/^Built in: /);
    expect(builtIn).toContain('\n  alarmEmail: no one\n');
    expect(derived).toMatch(/^Derived .*\n {2}alarmPeriodSeconds: 900 \(from schedule\)\n/);
    const wide = out.split('\n').filter((line) => line.length > 80 && line !== file);
    expect(wide).toEqual([]);
  });

  test('says which file is not there, and which sets nothing', async () => {
    expect((await duo('settings show --stage prod')).out).toMatch(`There is no ${file}.\n\nsettings/`);
    write('');
    expect((await duo('settings show --stage prod')).out).toMatch(`${file}\n  (sets nothing)\n\nsettings/`);
  });
});

describe('settings check', () => {
  test('says which files it has read, who is told of alarms, and what it has not looked at', async () => {
    write('alarmEmail: security@example.com');
    expect(await duo('settings check --stage prod')).toEqual({
      exitCode: 0,
      out: `Settings: ${file} over settings/default.yml. Alarms go to security@example.com.\nThe name of the stage is valid, and so are the keys and values of the settings and their combination. Not checked: whether the bucket, keys, subnets and addresses that they name exist.\n`,
      err: '',
    });
  });

  test.each([
    ['prdo', `There is no ${join(folder, 'prdo.yml')}: did you mean ${file}? Files: prod. Alarms go to`],
    ['staging', `There is no ${join(folder, 'staging.yml')}. Files: prod. Alarms go to nobody.`],
    ['p', `There is no ${join(folder, 'p.yml')}. Files: prod. `],
  ])('says of the stage %s that it has no file, and which have', async (stage, expected) => {
    write('');
    expect((await duo(`settings check --stage ${stage}`)).out).toContain(expected);
  });

  test('fails for a stage without a file that is called nearly as one with a file, and for no other', async () => {
    write('');
    expect(await duo('settings check --stage prdo')).toMatchObject({
      exitCode: 1,
      err: 'Was --stage prod meant? If prdo is a stage of its own, give it a file; an empty one takes the defaults.\n',
    });
    expect((await duo('settings check --stage staging')).exitCode).toBe(0);
  });

  test('says that no stage has a file', async () => {
    const { out } = await duo('settings check --stage prod');
    expect(out).toContain(`only settings/default.yml. There is no ${file}, nor a file of any other stage.`);
  });

  test.each(['check', 'show', 'show --json'])('%s refuses what a deployment would refuse', async (which) => {
    write('alarmEmial: security@example.com\nmemoryMb: 1');
    expect(await duo(`settings ${which} --stage prod`)).toEqual({
      exitCode: 1,
      out: '',
      err: `${file}: memoryMb: must be a whole number from 128 to 10240\n${file}: alarmEmial: is not a setting. Did you mean alarmEmail?\n`,
    });
  });
});
