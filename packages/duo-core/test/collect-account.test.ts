import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  accountsFolder,
  asArguments,
  checkpointKey,
  isAccountName,
  logFolder,
  receiptFolder,
  stateFolder,
} from '../src/account-log';
import { loadCheckpoint } from '../src/delivery/checkpoint-store';
import { outboxKeys } from '../src/store/object';
import { visit } from './support/test-log';
import { createWorld, hour, noon } from './support/world';

let world: Awaited<ReturnType<typeof createWorld>>;
beforeEach(async () => {
  world = await createWorld();
  for (let n = 0; n < 5; n++) world.log.add(visit(`id-${n}`, noon - hour + n));
});
afterEach(() => world.close());

const account = 'acme';
const keys = () => [...world.store.objects.keys()].sort();

describe('a log of an account', () => {
  const log = { logType: 'visits', account };

  test('has keys in which its name stands, and without one the keys are what they were', () => {
    const own = { logType: 'visits' };
    const named = [logFolder, receiptFolder, stateFolder, checkpointKey, asArguments];
    expect(named.map((name) => name(log))).toEqual([
      'logs/visits/acme/',
      'receipts/visits/acme/',
      'state/visits/accounts/acme/',
      'state/visits/accounts/acme.json',
      'visits --account acme',
    ]);
    expect(named.map((name) => name(own))).toEqual([
      'logs/visits/',
      'receipts/visits/',
      'state/visits/',
      'state/visits.json',
      'visits',
    ]);
    expect(accountsFolder('visits')).toBe('state/visits/accounts/');
  });

  test.each<[string, boolean]>([
    ['acme', true],
    ['a', true],
    ['acme-2-eu', true],
    ['2026', false],
    ['Acme', false],
    ['acme_2', false],
    ['-acme', false],
    ['acme-', false],
    ['a--b', false],
    ['../acme', false],
    ['', false],
    ['a'.repeat(40), true],
    ['a'.repeat(41), false],
  ])('can be called %j: %s', (name, can) => {
    expect(isAccountName(name)).toBe(can);
  });

  test.each<[string, boolean]>([
    ['logs/visits/2026/03/01/1-2-000000-a.ndjson.gz', true],
    ['logs/visits/acme/2026/03/01/1-2-000000-a.ndjson.gz', true],
    ['receipts/visits/acme/2026/03/01/1.json', true],
    ['logs/visits/acme/other/2026/03/01/1-2-000000-a.ndjson.gz', false],
    ['logs/visits/../2026/03/01/1-2-000000-a.ndjson.gz', false],
    ['state/visits/accounts/acme.json', false],
  ])('may have decided on an object %s: %s', (key, may) => {
    expect(outboxKeys.test(key)).toBe(may);
  });

  test('is collected and reconciled in places of its own', async () => {
    await world.run({ account });
    expect(keys()).toEqual([
      expect.stringMatching(/^logs\/visits\/acme\/2026\/03\/01\//),
      'state/visits/accounts/acme.json',
    ]);
    world.clock.advance(60 * hour);
    await world.run({ account });
    await world.due({ account });
    expect(keys().filter((key) => !/\/(visits\/acme|visits\/accounts\/acme)(\/|\.json$)/.test(key))).toEqual(
      [],
    );
    expect(world.receipts()[0]).toMatchObject({ logType: 'visits', account });
  });

  test('has a checkpoint that is no other account’s, whatever its key', async () => {
    await world.run({ account });
    const body = world.store.objects.get('state/visits/accounts/acme.json') ?? new Uint8Array();
    world.store.objects.set('state/visits/accounts/other.json', body);
    world.store.objects.set('state/visits.json', body);
    await expect(loadCheckpoint(world.store, { logType: 'visits', account: 'other' })).rejects.toThrow(
      'is of the account "acme", not of the account "other"',
    );
    await expect(loadCheckpoint(world.store, { logType: 'visits' })).rejects.toThrow(
      'is of the account "acme", not of the stage\'s own account',
    );
  });
});

describe('a store that has', () => {
  const own = 'this stage has collected visits of its own account';
  const many = 'this stage has accounts with names';

  test.each<[string, string | undefined, string, string]>([
    ['a checkpoint of its own account', account, 'state/visits.json', own],
    ['objects of its own account', account, 'logs/visits/2026/03/01/1-2-000000-a.ndjson.gz', own],
    ['receipts of its own account', account, 'receipts/visits/2026/03/01/1.json', own],
    ['a checkpoint of an account', undefined, 'state/visits/accounts/acme.json', many],
    ['objects of an account', undefined, 'logs/visits/acme/2026/03/01/1-2-000000-a.ndjson.gz', many],
    ['receipts of an account', undefined, 'receipts/visits/acme/2026/03/01/1.json', many],
  ])('%s takes none of the other kind (%s), and nothing is written', async (_what, other, key, expected) => {
    world.store.objects.set(key, new Uint8Array());
    await expect(world.run({ account: other })).rejects.toThrow(expected);
    await expect(world.pass('2026-02-27', { account: other })).rejects.toThrow(expected);
    expect(keys()).toEqual([key]);
  });

  test('objects of another account takes one more', async () => {
    await world.run({ account: 'north' });
    await world.run({ account });
    expect(keys().filter((key) => key.startsWith('state/'))).toEqual([
      'state/visits/accounts/acme.json',
      'state/visits/accounts/north.json',
    ]);
    expect(world.store.records()).toHaveLength(10);
  });
});
