import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { recordsIn } from 'duo-core';
import { fakeClock, findLogs } from 'duo-simulator';
import { duckDbFolder, openDuckDb } from '../../src/commands/query/duckdb';
import { createCollected } from '../support/collected';
import { duo, noon, type Typed } from '../support/operator';

const day = 86_400_000;
const temporary = mkdtempSync(join(tmpdir(), 'duo-of-queries-'));
afterAll(() => rmSync(temporary, { recursive: true }));

// What a query would do when it is called for the first time.
beforeAll(async () => {
  (await openDuckDb(duckDbFolder({}), process.env, () => {})).close();
}, 300_000);

let collected: Awaited<ReturnType<typeof createCollected>>;
beforeEach(async () => {
  collected = await createCollected();
});
afterEach(() => collected.close());

/** What is there of queries in the folder for what is temporary, which is this test's own: others run meanwhile. */
const left = () => readdirSync(temporary).filter((name) => name.startsWith('duo-query-'));

const query = (sql: string, flags = '', typed: Typed = {}) =>
  duo(['query', sql, '--store', collected.store, ...flags.split(' ').filter((one) => one !== '')], {
    clock: collected.clock,
    env: { ...collected.env, TMPDIR: temporary },
    ...typed,
  });

const rows = (out: string) =>
  out
    .trimEnd()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));

/** The texts of all records that are stored. */
const stored = () =>
  readdirSync(collected.root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ndjson.gz'))
    .flatMap((name) => recordsIn(readFileSync(join(collected.root, name))));

/** Collects so many records of the last hours. */
async function have(name: string, count: number, hours = 20) {
  collected.publish(name, count, hours);
  await collected.collect(name, { LOOKBACK_HOURS: String(hours + 4) });
}

describe('a query of a log', () => {
  test('counts what Duo has', async () => {
    await have('telephony', 1234);
    const { exitCode, out, err } = await query('select count(*) from telephony', '--json');
    expect(collected.simulator.log('telephony').published().length).toBeGreaterThan(1200);
    expect([exitCode, rows(out)]).toEqual([
      0,
      [{ 'count_star()': collected.simulator.log('telephony').published().length }],
    ]);
    expect(err).toMatch(
      /^Read \d+ objects? \(\d+\.?\d* kB\) for telephony, 2026-\d\d-\d\d to 2026-\d\d-\d\d\.\n$/,
    );
  });

  test('has every record as Duo sent it, its fields, and its day', async () => {
    await have('telephony', 50);
    const { out } = await query('select raw, phone, ts, day from logs.telephony order by ts', '--json --raw');
    const found = rows(out);
    expect(found.map(({ raw }) => raw).toSorted()).toEqual(stored().toSorted());
    for (const { raw, phone, day } of found) {
      expect(JSON.parse(String(raw)).phone).toBe(phone);
      expect(day).toBe(String(JSON.parse(String(raw)).ts).slice(0, 10));
    }
    const times = found.map(({ ts }) => ts);
    expect(times).toEqual(times.toSorted());
  });

  test('can be of every log, by its name with _ for -', async () => {
    const names = (await findLogs()).map(({ logType }) => logType.name);
    for (const name of names) await have(name, 30);
    const union = names.map(
      (name) => `select '${name}' as name, count(*) as n from ${name.replaceAll('-', '_')}`,
    );
    const { out } = await query(union.join(' union all '), '--json --from 30d');
    expect(rows(out).toSorted()).toEqual(
      names.map((name) => ({ name, n: collected.simulator.log(name).published().length })),
    );
  });

  test('reads only the tables that it names', async () => {
    await have('telephony', 20);
    await have('authentication', 20);
    const sql =
      "with authentication as (select 1) select count(*) from telephony where 'activity' <> '' -- activity";
    expect((await query(sql)).err).toContain(' for telephony, 20');
    const two =
      'select count(*) from (from Telephony) t, lateral (select * from logs."authentication" limit 1)';
    expect((await query(two)).err).toMatch(/ for (telephony, authentication|authentication, telephony), 20/);
    expect((await query('select 1')).err).toBe('');
    const { exitCode, err } = await query("from query('from telephony')");
    expect([exitCode, err]).toEqual([
      1,
      'The query fails: logs.telephony was not read, because the query does not name it as a table.\n',
    ]);
  });

  test('has exactly the records of the days that are asked for, wherever they are stored', async () => {
    // One window of ten days, with few objects.
    await have('telephony', 400, 240);
    const counts = async (flags: string) =>
      rows(
        (await query('select day, count(*) as n from telephony group by all order by day', `${flags} --json`))
          .out,
      );
    const of = (text: string) => String(JSON.parse(text).ts).slice(0, 10);
    const counted = new Map<string, number>();
    for (const text of collected.simulator.log('telephony').published())
      counted.set(of(text), (counted.get(of(text)) ?? 0) + 1);
    const all = [...counted].sort().map(([day, n]) => ({ day, n }));
    expect(all.length).toBeGreaterThan(9);
    expect(await counts('--from 20d')).toEqual(all);
    const ago = (days: number) => new Date(noon - days * day).toISOString().slice(0, 10);
    expect(await counts('')).toEqual(all.filter((one) => one.day >= ago(6)));
    expect(await counts('--from 2d --to 2d')).toEqual(all.filter((one) => one.day === ago(2)));
  });
});

describe('a record that is not what Duo sends', () => {
  /** Puts an object of these lines beside those of the collector. */
  async function put(lines: readonly string[]) {
    const { gzipSync } = await import('node:zlib');
    const folder = join(
      collected.root,
      'logs/telephony',
      new Date(noon).toISOString().slice(0, 10).replaceAll('-', '/'),
    );
    mkdirSync(folder, { recursive: true });
    const name = `${noon}-${noon}-000001-${'0'.repeat(32)}.ndjson.gz`;
    writeFileSync(join(folder, name), gzipSync(`${lines.join('\n')}\n`));
    return join(folder, name);
  }

  test('is a row all the same, with its text', async () => {
    await put(['[1]', 'no JSON', '{"a":1}', '"text"']);
    const { out } = await query('select raw, a from telephony', '--json');
    expect(rows(out)).toEqual([
      { raw: '[1]', a: null },
      { raw: 'no JSON', a: null },
      { raw: '{"a":1}', a: 1 },
      { raw: '"text"', a: null },
    ]);
  });

  test('keeps the digits of its integers, and beyond 64 bits in its text', async () => {
    await put(['{"n":9007199254740993,"m":123456789012345678901234567890}']);
    const sql = "select n, n + 1 as next, raw->>'m' as m from telephony";
    expect((await query(sql, '--json')).out).toBe(
      '{"n":9007199254740993,"next":9007199254740994,"m":"123456789012345678901234567890"}\n',
    );
    expect((await query(sql, '--csv')).out).toBe(
      'n,next,m\n9007199254740993,9007199254740994,123456789012345678901234567890\n',
    );
    expect((await query(sql)).out).toContain('9007199254740993  9007199254740994');
  });

  test('whose fields differ in capitals only is one column of JSON, and this is said', async () => {
    await put(['{"Name":"a","name":"b"}']);
    const { out, err } = await query(
      "select record->>'Name' as one, record->>'name' as other from telephony",
      '--json',
    );
    expect(rows(out)).toEqual([{ one: 'a', other: 'b' }]);
    expect(err).toContain('The records of telephony make no columns: each is JSON in the column record.\n');
  });

  test('in a damaged object is missed: the others are queried, and the exit code is 1', async () => {
    await have('telephony', 20);
    const file = await put(['{}']);
    writeFileSync(file, 'garbage');
    const { exitCode, out, err } = await query('select count(*) as n from telephony', '--json');
    expect([exitCode, rows(out)]).toEqual([1, [{ n: 20 }]]);
    expect(err).toContain('it is not gzip');
    expect(err).toContain('The records of 1 object are not among these: see above.\n');
  });
});

describe('phone numbers', () => {
  test.each(['', '--json', '--csv'])('are hidden with %j, unless they are asked for', async (flags) => {
    await have('telephony', 30);
    const sql = "select phone, raw from telephony where phone like '+1%' limit 3";
    const hidden = await query(sql, flags);
    expect(hidden.out).toMatch(/\+\*+\d\d\b/);
    expect(hidden.out).not.toMatch(/\+\d{3}/);
    expect((await query(sql, `${flags} --raw`)).out).toMatch(/\+1\d{9}/);
  });

  test('are hidden in errors as well', async () => {
    await have('telephony', 30);
    const { exitCode, err } = await query("select phone::int from telephony where phone like '+1%'");
    expect([exitCode, err]).toEqual([1, expect.stringMatching(/^The query fails: .*\+\*+\d\d/m)]);
    expect(err).not.toMatch(/\+\d{3}/);
  });
});

describe('what a query prints', () => {
  test('is a table of at most 80 columns, however wide the rows are', async () => {
    await have('telephony', 30);
    await have('authentication', 30);
    for (const sql of [
      'from telephony',
      'select raw, raw as again from telephony',
      'from authentication',
      'summarize telephony',
    ]) {
      const { exitCode, out } = await query(sql);
      expect([exitCode, out.split('\n').filter((line) => line.length > 80)]).toEqual([0, []]);
    }
    expect(
      (await query('select type, count(*) as n from telephony group by all order by n desc limit 1')).out,
    ).toMatch(/^type +n\n\w+ +\d+\n$/);
  });

  test('is in the order that the query asks for', async () => {
    const sql = 'select range as n from range(5000) order by hash(range)';
    const ordered = (await query(sql, '--csv')).out.trim().split('\n').slice(1).map(Number);
    expect(ordered).toHaveLength(5000);
    expect(ordered).not.toEqual(ordered.toSorted((one, other) => one - other));
    expect(rows((await query(sql, '--json')).out).map(({ n }) => n)).toEqual(ordered);
    const shown = (await query(sql)).out.trim().split('\n').slice(1).map(Number);
    expect(shown).toEqual(ordered.slice(0, 1000));
  });

  test('says when it is only the first thousand rows', async () => {
    const { out, err } = await query('select range as n from range(1001)');
    expect(out.split('\n')).toHaveLength(1002);
    expect(err).toBe('Only the first 1,000 rows are shown: --csv and --json have all.\n');
    expect((await query('select range as n from range(1000)')).err).toBe('');
  });

  test('names each of two columns of one name', async () => {
    expect((await query('select 1 as a, 2 as a', '--json')).out).toBe('{"a":1,"a_1":2}\n');
  });

  test('is the list of tables, for show tables', async () => {
    const { exitCode, out } = await query('show tables', '--csv');
    expect([exitCode, out.split('\n')]).toEqual([0, expect.arrayContaining(['telephony', 'trust_monitor'])]);
  });
});

describe('a query that cannot be', () => {
  test.each([
    ['selec 1', 'The query fails: syntax error at or near "selec".'],
    ['', 'The query is empty.'],
    ['select 1; select 2', 'A query is one statement that reads: '],
    ['drop table telephony', 'A query is one statement that reads: '],
    ["copy telephony to '/tmp/x'", 'A query is one statement that reads: '],
    ['set enable_external_access = true', 'A query is one statement that reads: '],
    [
      'select foo from telephony',
      'The query fails: Referenced column "foo" not found in FROM clause! Candidate bindings: ',
    ],
    ['from telefony', 'The query fails: Table with name telefony does not exist! Did you mean "telephony"?'],
    [
      "from read_csv('/etc/hosts')",
      'The query fails: Cannot access file "/etc/hosts" - file system operations are disabled',
    ],
    ["from '/etc/hosts.csv'", 'The query fails: Cannot access file "/etc/hosts.csv"'],
    ["select * from glob('/etc/*')", 'The query fails: Cannot access file "/etc/*"'],
  ])('says why in a sentence, with exit code 2: %s', async (sql, said) => {
    await have('telephony', 5);
    const { exitCode, out, err } = await query(sql);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err.split('\n').find((line) => !line.startsWith('Read '))).toContain(said);
    expect(err.split('\n').length).toBeLessThan(4);
    expect(left()).toEqual([]);
  });

  test('because there is no such table says which there are', async () => {
    const tables = (await findLogs()).map(({ logType }) => logType.name.replaceAll('-', '_'));
    expect((await query('from tele')).err).toContain(` There are ${tables.join(', ')}.\n`);
  });

  test('because nothing is stored of these days says so', async () => {
    const { exitCode, err } = await query('select phone from telephony', '--from 2025-01-01 --to 2025-01-02');
    expect([exitCode, err]).toEqual([
      2,
      expect.stringContaining('There is nothing of telephony from 2025-01-01 to 2025-01-02'),
    ]);
    expect((await query('select count(*) as n from telephony', '--json')).out).toBe('{"n":0}\n');
  });

  test('because it would read too much reads nothing', async () => {
    await have('telephony', 20);
    const { exitCode, err } = await query('from telephony', '--most 0');
    expect([exitCode, err]).toEqual([
      2,
      expect.stringMatching(/^The query would read \d+.*, more than 0 bytes\. .* --most 1: /),
    ]);
  });

  test.each([
    ['--csv --json', 'Give --csv or --json, not both.'],
    ['--from 1d --to 3d', '--to is before --from: swap them?'],
    ['--stage prod', 'Give either --stage (what is deployed) or --store (where the logs are)'],
  ])('because of %s', async (flags, said) => {
    expect(await query('select 1', flags)).toMatchObject({ exitCode: 2, err: expect.stringContaining(said) });
  });
});

test('Ctrl-C ends a query that runs, and nothing stays behind', async () => {
  await have('telephony', 20);
  const { exitCode, err } = await query(
    'select count(*) from range(100000000) a, range(100000000) b, telephony where hash(a.range + b.range) = 1',
    '',
    {
      clock: fakeClock(noon),
      onInterrupt(stop) {
        expect(left()).toHaveLength(1);
        setTimeout(stop, 500);
      },
    },
  );
  expect([exitCode, err]).toEqual([1, expect.stringMatching(/Interrupted\.\n$/)]);
  expect(left()).toEqual([]);
});

test('DuckDB lies below .local', () => {
  expect(
    readdirSync(join(__dirname, '../../../../.local')).filter((name) => /^duckdb-[\d.]+-r\.\d$/.test(name)),
  ).toHaveLength(1);
  expect(existsSync(join(__dirname, '../../../../node_modules/@duckdb'))).toBe(false);
});
