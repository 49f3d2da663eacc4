import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createStoreFolder } from 'duo-contract/store-folder';
import { createWorld } from 'duo-contract/world';
import { findLog, generate } from 'duo-simulator';
import { duckDbFolder, openDuckDb } from '../../src/commands/query/duckdb';
import { duo, noon } from '../support/operator';
import { createStage } from '../support/stage';

const hour = 3_600_000;

// What a query would do when it is called for the first time.
beforeAll(async () => {
  (await openDuckDb(duckDbFolder({}), process.env, () => {})).close();
}, 300_000);

test('a query of a stage reads its bucket', async () => {
  const stage = await createStage();
  try {
    stage.add(300, noon - 20 * hour, noon);
    await stage.collect({});
    const { exitCode, out, err } = await stage.duo([
      'query',
      'select count(*) from telephony',
      '--stage',
      'prod',
      '--csv',
    ]);
    expect([exitCode, out]).toEqual([0, `count_star()\n${stage.log.published().length}\n`]);
    expect(err).toContain(' for telephony, ');
    stage.aws.denied.add('s3:ListBucket');
    const refused = await stage.duo(['query', 'from telephony', '--stage', 'prod']);
    expect([refused.exitCode, refused.err]).toEqual([1, expect.stringContaining('s3:ListBucket')]);
  } finally {
    await stage.close();
  }
});

test('a query of several accounts has all of them, or the one that is named', async () => {
  const folder = createStoreFolder();
  const log = await findLog('telephony');
  const keys = { ikey: 'DIACMEACMEACMEACMEAC', skey: 'x'.repeat(40) };
  const accounts = ['acme', 'north'].map((name, n) => ({
    name,
    apiHost: `api-${name}.duosecurity.com`,
    keys: { ...keys, ikey: `DIACMEACMEACMEACMEA${n}` },
  }));
  const world = await createWorld([log], folder.url, accounts);
  try {
    for (const [n, { name }] of accounts.entries()) {
      const span = { count: 10 + n, from: noon - 5 * hour, to: noon - hour, seed: n };
      world.simulator.log('telephony', name).addAll(generate({ ...log, ...span }));
      await world.coldStart(log.logType)({ account: name });
    }
    const query = (sql: string, ...flags: string[]) =>
      duo(['query', sql, '--store', world.store, ...flags], { clock: world.clock, env: world.env });
    const sql = 'select account, count(*) as n from telephony group by all order by all';
    expect((await query(sql, '--csv')).out).toBe('account,n\nacme,10\nnorth,11\n');
    expect((await query(sql, '--csv', '--account', 'north')).out).toBe('account,n\nnorth,11\n');
    expect(await query(sql, '--account', 'south')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('has no telephony of south. There are acme, north.'),
    });
  } finally {
    await world.close();
    folder.remove();
  }
});

describe('where DuckDB cannot be had', () => {
  const folder = mkdtempSync(join(tmpdir(), 'duo-no-duckdb-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ['there is no npm', { PATH: folder }, 'there is no npm in PATH'],
    [
      'the registry cannot be reached',
      {
        ...process.env,
        npm_config_registry: 'http://127.0.0.1:9/',
        npm_config_fetch_retries: '0',
        npm_config_cache: join(folder, 'cache'),
      },
      'ECONNREFUSED',
    ],
  ])('because %s, it is said how to get it, and nothing stays behind', async (_why, env, reason) => {
    const told: string[] = [];
    const wanted = join(folder, 'duckdb');
    const opened = openDuckDb(wanted, env, (line) => told.push(line));
    await expect(opened).rejects.toThrow(
      /^DuckDB [\d.]+-r\.\d cannot be installed: .* then copy .*duckdb from there to here\.$/,
    );
    await expect(opened).rejects.toThrow(reason);
    expect(told).toEqual([expect.stringContaining('is installed once')]);
    expect(existsSync(wanted)).toBe(false);
    expect(readdirSync(folder).filter((name) => name.startsWith('duckdb'))).toEqual([]);
  });

  test('nothing else needs it: what a workspace installs has none, and each of its packages is pinned by its hash', async () => {
    const { default: lock } = await import('../../src/commands/query/duckdb.lock.json');
    const pinned = Object.entries(lock.packages).filter(([name]) => name !== '');
    expect(pinned.length).toBeGreaterThan(8);
    for (const [name, one] of pinned)
      expect([name, 'integrity' in one ? one.integrity : '']).toEqual([
        name,
        expect.stringMatching(/^sha512-/),
      ]);
    expect(existsSync(join(__dirname, '../../node_modules/@duckdb'))).toBe(false);
  });
});
