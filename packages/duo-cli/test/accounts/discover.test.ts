import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { isAccountName } from 'duo-core';
import {
  type AccountSetup,
  createSimulator,
  findLogs,
  noon,
  simulatorCredentials,
  simulatorEnvironment,
} from 'duo-simulator';
import fc from 'fast-check';
import { newName } from '../../src/commands/accounts/new-name';
import { startAws } from '../support/aws';
import { answers, duo, type Typed } from '../support/operator';

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

function ownAccount() {
  aws.objects.set('logs-of-prod/state/telephony.json', '{}');
}

describe('accounts discover', () => {
  test('lists the children, what is collected of each, and what Duo refuses, with what to do', async () => {
    withParent();
    stored('accounts/north', { 'account-id': 'DANORTHNORTHNORTH000', 'api-host': 'x' });
    for (const name of ['duo-telephony-prod', 'duo-activity-prod']) aws.stacks.add(name);
    const { exitCode, out } = await typed('discover');
    expect(exitCode).toBe(0);
    const rows = out
      .split('\n\n')[0]
      ?.split('\n')
      .map((line) => line.split(/ {2,}/));
    expect(rows).toEqual([
      ['CHILD', 'NAME', 'ACCOUNT', 'REFUSED'],
      ['DANORTHNORTHNORTH000', 'North "Co"', 'north', 'nothing'],
      ['DAFARFARFARFARFAR000', 'Far', 'not collected', 'all'],
      ['DAPARTPARTPARTPART00', 'Part', 'not collected', 'activity'],
    ]);
    expect(out.match(/Give this account an Admin API application of its own/g)).toHaveLength(1);
    expect(out).toContain('Far (DAFARFARFARFARFAR000), activity, telephony:\n  400 40002 ');
    expect(out).toContain('accounts add <account> --child DAPARTPARTPARTPART00 --stage prod');
  });

  test('asks Duo for the list alone with --no-try', async () => {
    withParent();
    const { out } = await typed('discover --no-try --json');
    expect(JSON.parse(out)).toHaveLength(3);
    expect(simulator.requests.map(({ path }) => path)).toEqual(['/accounts/v1/account/list']);
  });

  test('waits where Duo asks to', async () => {
    withParent();
    aws.stacks.add('duo-telephony-prod');
    simulator.fail('throttle');
    const { err, out } = await typed('discover --json');
    expect(err).toContain('Duo answered 429: waiting 60 s');
    expect(JSON.parse(out)[0]).toMatchObject({ name: 'North "Co"', refused: [] });
  });

  const ask = (answer: boolean) => answers({ 'Add 1 account?': answer, 'Add 2 accounts?': answer });

  test('adds those that are not collected and of which nothing is refused, under names made of theirs', async () => {
    withParent();
    aws.stacks.add('duo-telephony-prod');
    stored('accounts/part', { ikey: 'x', skey: 'x', 'api-host': 'x' });
    const no = await typed('discover --add', { ask: ask(false) });
    expect(no).toMatchObject({ exitCode: 1, err: expect.stringMatching(/Nothing was changed\.\n$/) });
    expect(no.out.replaceAll(/ +/g, ' ')).toContain(
      'NEW ACCOUNT CHILD NAME\nnorth-co DANORTHNORTHNORTH000 North "Co"\npart-2 DAPARTPARTPARTPART00 Part\n',
    );
    expect(names()).toHaveLength(6);
    const { exitCode, out } = await typed('discover --add', { ask: ask(true) });
    expect(exitCode).toBe(0);
    expect(out).toContain('Added 2 accounts. The settings of prod do not say accounts: true.');
    expect(aws.parameters.slice(6).map(({ Name, Type, Value }) => [Name, Type, Value])).toEqual([
      ['/duo/prod/accounts/north-co/api-host', 'SecureString', 'api-north.duosecurity.com'],
      ['/duo/prod/accounts/north-co/account-id', 'String', 'DANORTHNORTHNORTH000'],
      ['/duo/prod/accounts/part-2/api-host', 'SecureString', 'api-part.duosecurity.com'],
      ['/duo/prod/accounts/part-2/account-id', 'String', 'DAPARTPARTPARTPART00'],
    ]);
    expect((await typed('discover --add --yes')).out).toContain('None is added');
    expect(names()).toHaveLength(10);
  });

  test('adds none of which a log is refused, and says how to add it', async () => {
    withParent();
    for (const name of ['duo-telephony-prod', 'duo-activity-prod']) aws.stacks.add(name);
    const { out } = await typed('discover --add --yes --json');
    expect(JSON.parse(out).map((one: { account: string | null }) => one.account)).toEqual([
      'north-co',
      null,
      null,
    ]);
    expect((await typed('discover --add --yes')).out).toContain('--child DAPARTPARTPARTPART00');
  });

  test.each<[string, string, () => void, string]>([
    ['where the stage has collected its own account', '--add --yes', ownAccount, 'of its own account'],
    ['where nobody can be asked', '--add', () => {}, 'add --yes if you want that'],
    ['what was not tried', '--add --no-try', () => {}, 'leave out --no-try'],
  ])('adds nothing %s', async (_where, flags, given, expected) => {
    withParent();
    given();
    const { exitCode, err } = await typed(`discover ${flags}`);
    expect([exitCode > 0, names()]).toEqual([true, names().slice(0, 3)]);
    expect(err).toContain(expected);
  });

  test('shows on one line of a terminal how far it is, and does nothing to it that a name holds', async () => {
    withParent();
    aws.stacks.add('duo-telephony-prod');
    const { err } = await typed('discover', { screen: true, columns: 80 });
    const shown = err.split('\r\u001b[K');
    expect(shown).toContain('░░░░░░░░░░░░   0 %  1 of 3: North "Co"');
    expect(shown.at(-1)).toBe('');
    expect(err).not.toContain('\n');
  });
});

describe('the name of an account', () => {
  test.each([
    ['Müller & Söhne GmbH', 'muller-and-sohne-gmbh'],
    ['3M', 'account-3m'],
    ['---', 'account'],
    ['東京', 'account'],
    ['Бизнес', 'biznes'],
    ["L'Oréal", 'loreal'],
    ['a b', 'a-b-2'],
    [`${'x'.repeat(39)} y`, 'x'.repeat(39)],
    ['z'.repeat(50), `${'z'.repeat(38)}-2`],
  ])('of %s', (name, expected) => {
    const made = newName(name, new Set(['a-b', 'z'.repeat(40)]));
    expect([made, isAccountName(made)]).toEqual([expected, true]);
  });

  test('can be one, and is of nobody else, whatever Duo calls it', () => {
    const names = fc.property(fc.string({ unit: 'grapheme' }), fc.nat(12), (name, others) => {
      const taken = new Set<string>();
      for (let n = 0; n < others; n++) taken.add(newName(name, taken));
      const made = newName(name, taken);
      expect([isAccountName(made), taken.size, taken.has(made)]).toEqual([true, others, false]);
    });
    fc.assert(names);
  });
});
