import { describe, expect, test } from '@jest/globals';
import { lakeEvents, readTables } from 'duo-lake';
import { parquetReadObjects } from 'hyparquet';
import { parquetOf } from '../packages/duo-lake/src/parquet';
import { mapped, mappingOf, recordsOf } from '../packages/duo-ocsf/test/support/mappings';
import written from '../services/lake/tables.json';
import { readDefinitions } from '../tools/ocsf/schema';
import { tablesOf } from '../tools/ocsf/tables';

const tables = readTables(written);

test('the tables of the lake are those that the shapes of the events make', () => {
  expect(written).toEqual(tablesOf(readDefinitions()));
});

describe.each(mapped)('the events of %s', (name) => {
  const eventsOf = async () => {
    const eventOf = lakeEvents(new Map([[name, await mappingOf(name)]]), tables);
    return recordsOf(name).map((text) => ({ text, ...eventOf(text, { logType: name, account: 'acme' }) }));
  };

  test('have a place in their tables, each field of them', async () => {
    const events = await eventsOf();
    expect(events.length).toBeGreaterThan(0);
    for (const { text, table, time, isProblem, row } of events) {
      expect([text, isProblem]).toEqual([text, false]);
      expect(time).toBeGreaterThan(0);
      expect(row.class_uid).toBe(tables.find((one) => one.name === table)?.class_uid);
      expect(row.metadata).toMatchObject({ labels: ['account:acme'], version: '1.1.0' });
    }
  });

  test('come back from Parquet as they were put', async () => {
    const events = await eventsOf();
    for (const { name: table, columns } of tables) {
      const rows = events.filter((one) => one.table === table).map(({ row }) => row);
      if (rows.length === 0) continue;
      const read = await parquetReadObjects({ file: new Uint8Array(parquetOf(rows, columns)).buffer });
      expect(textOf(read)).toBe(textOf(rows));
    }
  });
});

/** A part that is not there is null to one and undefined to the other. */
function textOf(rows: unknown): string {
  return JSON.stringify(
    rows,
    (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : (value ?? null)),
    1,
  );
}
