import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createDirectoryStore } from 'duo-core';
import { emptyLakeReport, type LakeEvent, lakeEvents, readTables, type ToOcsf, turnAll } from 'duo-lake';
import { fakeClock, noon } from 'duo-simulator';
import { duckDbFolder, openDuckDb } from '../packages/duo-cli/src/commands/query/duckdb';
import { mapped, mappingOf, recordsOf } from '../packages/duo-ocsf/test/support/mappings';
import tablesJson from '../services/lake/tables.json';
import { pythonEnvironment } from '../tools/python';

/*
 * The lake that is made of the samples of all logs, over two days and in several objects, as the readers that people use read it:
 * two that have nothing to do with what has written it.
 */

const tables = readTables(tablesJson);
const root = mkdtempSync(join(tmpdir(), 'duo-lake-'));
const expected = new Map<string, LakeEvent[]>();

beforeAll(async () => {
  const mappings = new Map<string, ToOcsf>();
  for (const name of mapped) mappings.set(name, await mappingOf(name));
  const eventOf = lakeEvents(mappings, tables);
  const log = (name: string) => ({ logType: name, account: 'acme' });
  for (const name of mapped) {
    const records = recordsOf(name);
    // One of them is stored twice, and one is none.
    put(name, '2026/02/28', 1, [...records, ...records.slice(0, 1)]);
    put(name, '2026/03/01', 2, [...records.slice(1), 'not JSON']);
    for (const text of [...records, ...records, 'not JSON']) {
      const event = eventOf(text, log(name));
      expected.set(event.table, [...(expected.get(event.table) ?? []), event]);
    }
  }
  const report = emptyLakeReport();
  const turning = {
    store: createDirectoryStore(root),
    clock: fakeClock(noon),
    random: () => 0,
    eventOf,
    tables,
    place: { region: 'eu-west-1', accountId: '123456789012' },
    run: 'run',
    mostText: 4_000_000,
    deadline: Number.POSITIVE_INFINITY,
    report,
  };
  expect(await turnAll(mapped, noon, turning, { error: () => {} })).toBe('turned');
});
afterAll(() => rmSync(root, { recursive: true }));

function put(name: string, day: string, page: number, texts: readonly string[]): void {
  const lines = texts.map((text) => `${text}\n`).join('');
  const digest = createHash('sha256').update(lines).digest('hex').slice(0, 32);
  const key = `logs/${name}/acme/${day}/1-2-00000${page}-${digest}.ndjson.gz`;
  mkdirSync(dirname(join(root, key)), { recursive: true });
  writeFileSync(join(root, key), gzipSync(lines));
}

/** Rows as texts, sorted: a part that is not there is null to one reader and undefined to another. */
function sorted(rows: readonly unknown[]): string[] {
  return rows
    .map((row) =>
      JSON.stringify(row, (_, value: unknown) =>
        typeof value === 'bigint' ? Number(value) : (value ?? null),
      ),
    )
    .sort();
}

const lines = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** The rows of a table, by those who read it. */
const readers: [reader: string, read: (folder: string) => Promise<unknown[]>][] = [
  [
    'pyarrow',
    async (folder) => {
      const python = pythonEnvironment(join(__dirname, '../.local'), 'pyarrow==26.0.1');
      const script = join(__dirname, 'support/read_lake.py');
      const { stdout, stderr } = spawnSync(python, [script, folder], {
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
      });
      expect(stderr).toBe('');
      return lines(stdout);
    },
  ],
  [
    'DuckDB',
    async (folder) => {
      const { connection, close } = await openDuckDb(duckDbFolder({}), process.env, () => {});
      const rows = await connection.runAndReadAll(
        `select to_json(t)::varchar from (
           select * exclude (region, "accountId", "eventDay")
           from read_parquet($files, hive_partitioning = true, union_by_name = true)
         ) t`,
        { files: join(folder, '**/*.parquet') },
      );
      const texts = rows.getRows().map(([text]) => String(text));
      close();
      return lines(texts.join('\n'));
    },
  ],
];

test('the samples are of several tables, and every record is an event of one', () => {
  expect(expected.size).toBeGreaterThan(3);
  const records = mapped.reduce((sum, name) => sum + 2 * recordsOf(name).length + 1, 0);
  expect([...expected.values()].flat()).toHaveLength(records);
});

describe.each(readers)('%s', (_, read) => {
  test('reads each record as often as it is stored, row for row as the mapping has it', async () => {
    for (const [table, events] of expected)
      expect([table, sorted(await read(join(root, 'lake', table)))]).toEqual([
        table,
        sorted(events.map(({ row }) => row)),
      ]);
    // The reader may have to be installed first.
  }, 300_000);
});
