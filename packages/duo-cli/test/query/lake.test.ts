import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createDirectoryStore } from 'duo-core';
import { type Column, emptyLakeReport, lakeEvents, type ToOcsf, turnAll } from 'duo-lake';
import { duckDbFolder, openDuckDb } from '../../src/commands/query/duckdb';
import { createCollected } from '../support/collected';
import { duo, noon } from '../support/operator';

// What a query would do when it is called for the first time.
beforeAll(async () => {
  (await openDuckDb(duckDbFolder({}), process.env, () => {})).close();
}, 300_000);

const columns: readonly Column[] = [
  { name: 'time', type: 'bigint' },
  { name: 'class_uid', type: 'int' },
  { name: 'phones', type: 'string', isList: true },
  { name: 'metadata', type: 'struct', columns: [{ name: 'log_name', type: 'string' }] },
  { name: 'raw_data', type: 'string' },
];
/** A class is called as a log is, and a log's records go to another one. */
const tables = [
  { name: 'authentication', class_uid: 3002, columns },
  { name: 'base_event', class_uid: 0, columns },
];

const mappingOf =
  (name: string, class_uid: number): ToOcsf =>
  (raw_data) => {
    const { ts, timestamp, phone } = JSON.parse(raw_data);
    const time = ts === undefined ? timestamp * 1000 : Date.parse(ts);
    const phones = phone ? [phone] : [];
    return { event: { time, class_uid, phones, metadata: { log_name: name }, raw_data }, problems: [] };
  };
const mappings = new Map([
  ['telephony', mappingOf('telephony', 3002)],
  ['authentication', mappingOf('authentication', 0)],
]);

let collected: Awaited<ReturnType<typeof createCollected>>;
beforeEach(async () => {
  collected = await createCollected();
  collected.publish('telephony', 120, 40);
  collected.publish('authentication', 70, 40);
  for (const name of ['telephony', 'authentication']) await collected.collect(name, { LOOKBACK_HOURS: '48' });
  await turn();
});
afterEach(() => collected.close());

/** Turns what is stored into the lake, as its function does. */
async function turn(): Promise<void> {
  const report = emptyLakeReport();
  await turnAll(
    ['authentication', 'telephony'],
    noon,
    {
      store: createDirectoryStore(collected.root),
      clock: collected.clock,
      random: () => 0,
      eventOf: lakeEvents(mappings, tables),
      tables,
      place: { region: 'eu-west-1', accountId: '123456789012' },
      run: 'run',
      mostText: 4_000_000,
      deadline: Number.POSITIVE_INFINITY,
      report,
    },
    { error: () => {} },
  );
  expect(report.records).toBe(190);
}

const query = (sql: string, ...flags: string[]) =>
  duo(['query', sql, '--store', collected.store, ...flags], { clock: collected.clock, env: collected.env });
const first = (out: string) => JSON.parse(out.split('\n')[0] ?? '');

describe('a class of the lake', () => {
  test('is a table with every event once', async () => {
    const sql =
      'select count(*) as n, count(distinct raw_data) as texts, min(class_uid) as class from lake.authentication';
    const { exitCode, out, err } = await query(sql, '--json');
    expect([exitCode, first(out)]).toEqual([0, { n: 120, texts: 120, class: 3002 }]);
    expect(err).toMatch(/^Read \d+ objects? \(.*\) for lake\.authentication, 2026/);
    const { out: texts } = await query('select raw_data from lake.authentication', '--json', '--raw');
    expect(
      texts
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).raw_data)
        .toSorted(),
    ).toEqual(collected.simulator.log('telephony').published().toSorted());
  });

  test('is what a name means that no log has, and a log otherwise', async () => {
    const n = async (table: string) =>
      first((await query(`select count(*) as n from ${table}`, '--json')).out).n;
    expect(await n('base_event')).toBe(70);
    expect(await n('authentication')).toBe(70);
    expect(await n('LOGS.Authentication')).toBe(70);
    expect(await n('lake.authentication')).toBe(120);
    expect(await n('authentication a join lake.base_event b on a.raw = b.raw_data')).toBe(70);
  });

  test('has its fields, also those below others, and what its folders say', async () => {
    const sql =
      'select metadata.log_name, region, "accountId", "eventDay", count(*) as n from lake.authentication group by all order by all';
    const rows = (await query(sql, '--json')).out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.length).toBeGreaterThan(1);
    for (const row of rows)
      expect(row).toMatchObject({ log_name: 'telephony', region: 'eu-west-1', accountId: '123456789012' });
    const ofDay = rows.find(({ eventDay }) => eventDay === '20260228');
    const one = await query(
      'select count(*) as n from lake.authentication',
      '--from',
      '2026-02-28',
      '--to',
      '2026-02-28',
      '--json',
    );
    expect(first(one.out)).toEqual({ n: ofDay.n });
  });

  test('has phone numbers hidden in lists, too', async () => {
    for (const flag of ['--json', '--csv']) {
      const sql = 'select phones from lake.authentication where len(phones) > 0';
      expect((await query(sql, flag)).out).not.toMatch(/\+\d{3}/);
      expect((await query(sql, flag, '--raw')).out).toMatch(/\+\d{6}/);
    }
  });

  test('whose file is damaged is queried without it, and the exit code is 1', async () => {
    const files = readdirSync(join(collected.root, 'lake'), { recursive: true, encoding: 'utf8' });
    const [file = ''] = files.filter((name) => /^base_event.*\.parquet$/.test(name));
    writeFileSync(join(collected.root, 'lake', file), 'garbage');
    const { exitCode, err } = await query('select count(*) from base_event');
    expect(exitCode).toBe(1);
    expect(err).toContain(`/lake/${file}: it is not Parquet, or cut off.`);
    expect(err).toContain('The records of 1 object are not among these');
    // The lengths and places at its end are no longer true.
    writeFileSync(join(collected.root, 'lake', file), 'PAR1 nothing of the kind PAR1');
    const damaged = await query('select count(*) from base_event');
    expect([damaged.exitCode, damaged.err]).toEqual([
      1,
      expect.stringContaining(`${collected.store}/lake/${file}`),
    ]);
    expect(damaged.err).not.toContain('duo-query-');
  });

  test('is of all accounts: --account is refused', async () => {
    expect(await query('from base_event', '--account', 'acme')).toMatchObject({
      exitCode: 2,
      err: 'lake.base_event has the events of all accounts: leave out --account, and choose by a column.\n',
    });
  });

  test('is listed with the others', async () => {
    const { err } = await query('from nothing');
    expect(err).toMatch(/ There are .*\btelephony\b.*, lake\.authentication, base_event\.\n$/);
  });
});
