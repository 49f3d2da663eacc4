import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { firstCheckpoint } from 'duo-core';
import {
  type AccountSetup,
  createSimulator,
  findLogs,
  noon,
  simulatorCredentials,
  simulatorEnvironment,
} from 'duo-simulator';
import { startAws } from '../support/aws';
import { answers, duo, type Typed } from '../support/operator';

const minute = 60_000;
const skey = 'x'.repeat(40);
const own = { ikey: 'DIACMEACMEACMEACMEAC', skey };
const accounts: readonly AccountSetup[] = [
  { name: 'acme', apiHost: 'api-acme.duosecurity.com', keys: own },
  { name: 'North "Co"', apiHost: 'api-north.duosecurity.com', accountId: 'DANORTHNORTHNORTH000' },
  {
    name: 'Far',
    apiHost: 'api-far.duosecurity.com',
    accountId: 'DAFARFARFARFARFAR000',
    refuses: 'cross-deployment',
  },
  {
    name: 'Part',
    apiHost: 'api-part.duosecurity.com',
    accountId: 'DAPARTPARTPARTPART00',
    refuses: ['activity'],
  },
];
const parentKeys = { ...simulatorCredentials, skey };
const acmeFile = JSON.stringify({ ...own, apiHost: 'api-acme.duosecurity.com' });

let aws: Awaited<ReturnType<typeof startAws>>;
let simulator: ReturnType<typeof createSimulator>;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  aws = await startAws();
  Object.assign(process.env, aws.env);
  aws.exports.set('duo-storage-prod-BucketName', 'logs-of-prod');
  simulator = createSimulator({ logs: await findLogs(), accounts, credentials: parentKeys, now: () => noon });
  env = { ...aws.env, DUO_API_URL: simulatorEnvironment(await simulator.listen()).DUO_API_URL };
});

afterEach(async () => {
  await simulator.close();
  aws.close();
});

const typed = (command: string, more: Typed = {}) =>
  duo(`accounts ${command} --stage prod`, { env, ...more });
const names = () => aws.parameters.map(({ Name, Type }) => `${Name} ${Type}`);

function stored(account: string, parts: Record<string, string>) {
  for (const [part, Value] of Object.entries(parts)) {
    const Type = part === 'account-id' ? 'String' : 'SecureString';
    aws.parameters.push({ Name: `/duo/prod/${account}/${part}`, Value, Type });
  }
}

const withParent = () =>
  stored('parent', { ikey: parentKeys.ikey, skey: parentKeys.skey, 'api-host': parentKeys.apiHost });

describe('accounts add', () => {
  test('tries the keys of an account, and stores them where the functions read them', async () => {
    const { exitCode, out } = await typed('add acme --file -', { standardInput: acmeFile });
    expect(exitCode).toBe(0);
    expect(out).toContain('Duo accepts them: it answered GET /admin/v');
    expect(names()).toEqual([
      '/duo/prod/accounts/acme/api-host SecureString',
      '/duo/prod/accounts/acme/ikey SecureString',
      '/duo/prod/accounts/acme/skey SecureString',
    ]);
    expect(out).not.toContain(skey);
    expect(out).toContain('The settings of prod do not say accounts: true. Set it, and deploy');
  });

  test('takes the keys of a parent that can list its children, and then a child by its id', async () => {
    const parent = await typed('add --parent --file -', { standardInput: JSON.stringify(parentKeys) });
    expect(parent.out).toContain('Duo accepts them, and lists 3 child accounts.');
    const { exitCode, out } = await typed('add north --child DANORTHNORTHNORTH000');
    expect(exitCode).toBe(0);
    expect(out).toContain('Duo shows North "Co" to the parent\'s keys');
    expect(names().slice(3)).toEqual([
      '/duo/prod/accounts/north/api-host SecureString',
      '/duo/prod/accounts/north/account-id String',
    ]);
  });

  test.each<[string, string, string]>([
    ['a name that no account can have', 'add Big --file -', "An account's name consists of small letters"],
    [
      'a name that is taken',
      'add taken --file -',
      'There is an account taken already. To give it other keys',
    ],
    ['a name of a child', 'add north --file -', 'There is an account north already, a child of the parent'],
    [
      'keys for a child',
      'add other --child DANORTHNORTHNORTH000 --file -',
      "those of a child are its parent's",
    ],
    [
      'no child of the parent',
      'add south --child DASOUTHSOUTHSOUTH000',
      'The parent account has no child DASOUTHSOUTHSOUTH000',
    ],
    ['a child that is collected', 'add other --child DANORTHNORTHNORTH000', 'is collected already, as north'],
    [
      'a child that Duo refuses',
      'add far --child DAFARFARFARFARFAR000',
      'an Admin API application of its own',
    ],
    ['neither a name nor the parent', 'add', 'Give the name of an account, or --parent alone.'],
  ])('refuses %s, and writes nothing', async (_what, command, expected) => {
    withParent();
    stored('accounts/taken', { ikey: 'x', skey: 'x', 'api-host': 'x' });
    stored('accounts/north', { 'account-id': 'DANORTHNORTHNORTH000', 'api-host': 'x' });
    const before = names();
    const { exitCode, err } = await typed(command, { standardInput: acmeFile });
    expect(exitCode).toBeGreaterThan(0);
    expect(err.replaceAll(/\s+/g, ' ')).toContain(expected);
    expect(names()).toEqual(before);
  });

  test('goes on with a child of which only the host was written', async () => {
    withParent();
    stored('accounts/north', { 'api-host': 'api-north.duosecurity.com' });
    expect((await typed('add north --child DANORTHNORTHNORTH000')).exitCode).toBe(0);
    expect(names()).toContain('/duo/prod/accounts/north/account-id String');
  });

  test("takes new keys of the same parent, and none of another one's", async () => {
    const standardInput = JSON.stringify(parentKeys);
    stored('accounts/north', { 'account-id': 'DANORTHNORTHNORTH000', 'api-host': 'x' });
    stored('accounts/left', { 'account-id': 'DALEFTLEFTLEFTLEFT00', 'api-host': 'x' });
    expect((await typed('add --parent --file -', { standardInput })).exitCode).toBe(0);
    aws.parameters.splice(0, 2);
    const before = names();
    const { exitCode, err } = await typed('add --parent --file -', { standardInput });
    expect([exitCode, names()]).toEqual([2, before]);
    expect(err).toContain('the keys of another parent account');
    expect(err).toContain('like left (DALEFTLEFTLEFTLEFT00)');
  });

  test('refuses a child of no parent, and says how to name one', async () => {
    const { err } = await typed('add north --child DANORTHNORTHNORTH000');
    expect(err).toContain('/duo/prod/parent/api-host is missing');
    expect(err).toContain('accounts add --parent --stage prod');
  });

  test('refuses names to a stage that has collected its own account', async () => {
    aws.objects.set('logs-of-prod/state/telephony.json', '{}');
    const { exitCode, err } = await typed('add acme --file -', { standardInput: acmeFile });
    expect(exitCode).toBe(1);
    expect(err).toContain('this stage has collected telephony of its own account');
    expect(names()).toEqual([]);
  });

  test('refuses keys that Duo does not accept', async () => {
    const standardInput = JSON.stringify({
      ...own,
      skey: 'y'.repeat(40),
      apiHost: 'api-acme.duosecurity.com',
    });
    const { exitCode, err } = await typed('add acme --file -', { standardInput });
    expect(exitCode).toBe(1);
    expect(err).toContain('The secret key does not belong to this integration key.');
    expect(names()).toEqual([]);
  });
});

describe('accounts list', () => {
  function saved(account: string, logType: string, behind: number) {
    const checkpoint = { ...firstCheckpoint({ logType, account }, noon - behind, noon), by: 'run/1' };
    aws.objects.set(`logs-of-prod/state/${logType}/accounts/${account}.json`, JSON.stringify(checkpoint));
  }

  test('names each account, the worst first, with its worst log', async () => {
    stored('accounts/acme', { ikey: 'x', skey: 'x', 'api-host': 'x' });
    stored('accounts/north', { 'account-id': 'DANORTHNORTHNORTH000', 'api-host': 'x' });
    saved('acme', 'telephony', 3 * minute);
    saved('acme', 'activity', 5 * minute);
    saved('north', 'telephony', 90 * minute);
    const { exitCode, out } = await typed('list');
    expect(exitCode).toBe(0);
    expect(out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['ACCOUNT', 'DUO', 'BEHIND', 'WORST LOG'],
      ['north', 'DANORTHNORTHNORTH000', '90 min', 'telephony'],
      ['acme', 'own keys', '5 min', 'activity'],
      [''],
      ['2 accounts'],
      [''],
    ]);
    expect(JSON.parse((await typed('list --json')).out)).toEqual([
      {
        account: 'north',
        accountId: 'DANORTHNORTHNORTH000',
        worst: { logType: 'telephony', behindSeconds: 5400 },
        problems: [],
      },
      { account: 'acme', accountId: null, worst: { logType: 'activity', behindSeconds: 300 }, problems: [] },
    ]);
  });

  test('says what cannot be read, and exits with 1', async () => {
    stored('accounts/acme', { ikey: 'x', skey: 'x', 'api-host': 'x' });
    aws.objects.set('logs-of-prod/state/telephony/accounts/acme.json', '{');
    const { exitCode, out, err } = await typed('list');
    expect(exitCode).toBe(1);
    expect(out).toContain('unreadable');
    expect(err).toContain('state/telephony/accounts/acme.json: the checkpoint is not JSON, or cut off');
    expect(err).toContain('duo checkpoint reset telephony --account acme');
  });

  test('has what cannot be read before what is behind', async () => {
    for (const name of ['acme', 'broken']) stored(`accounts/${name}`, { ikey: 'x' });
    saved('acme', 'telephony', 300 * minute);
    aws.objects.set('logs-of-prod/state/telephony/accounts/broken.json', '{');
    const { out } = await typed('list --json');
    expect(JSON.parse(out).map((one: { account: string }) => one.account)).toEqual(['broken', 'acme']);
  });

  test('says how to add the first one', async () => {
    expect((await typed('list')).out).toContain('The stage prod has no accounts');
  });
});

describe('accounts remove', () => {
  test('deletes the parameters of an account after asking, and says what stays', async () => {
    stored('accounts/acme', { ikey: 'x', skey: 'x', 'api-host': 'x' });
    stored('accounts/acme-2', { ikey: 'x', skey: 'x', 'api-host': 'x' });
    const no = await typed('remove acme', { ask: answers({ 'Delete them?': false }) });
    expect(no).toMatchObject({ exitCode: 1, err: 'Nothing was changed.\n' });
    expect(names()).toHaveLength(6);
    const { exitCode, out } = await typed('remove acme', { ask: answers({ 'Delete them?': true }) });
    expect(exitCode).toBe(0);
    expect(out).toContain('What is stored stays below s3://logs-of-prod');
    expect(names()).toEqual(
      ['ikey', 'skey', 'api-host'].map((part) => `/duo/prod/accounts/acme-2/${part} SecureString`),
    );
  });

  test('wants --yes without a terminal, and names an account that is not there', async () => {
    expect((await typed('remove acme --yes')).err).toContain('There is no account acme');
    stored('accounts/acme', { ikey: 'x' });
    expect((await typed('remove acme')).err).toContain('add --yes if you want that');
    expect((await typed('remove acme --yes')).exitCode).toBe(0);
    expect(names()).toEqual([]);
    expect(await typed('remove Acme --yes')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining("An account's name consists of small letters"),
    });
  });
});
