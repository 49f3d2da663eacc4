import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parquetReadObjects } from 'hyparquet';
import { encodeLines } from '../../duo-core/src/store/object';
import { disturbed, type MemoryStore, memoryStore } from '../../duo-core/test/support/memory-store';
import type { Column, LakeReport, Turning } from '../src';
import { emptyLakeReport, turnAll } from '../src';
import { row } from '../src/conform';
import { lakeStateKey } from '../src/lake-state';

const now = Date.parse('2026-03-14T10:20:00Z');
const columns: readonly Column[] = [
  { name: 'time', type: 'bigint' },
  { name: 'id', type: 'int' },
  { name: 'raw_data', type: 'string' },
];
const tables = ['odd', 'even'].map((table, class_uid) => ({ name: table, class_uid, columns }));

/** A record says its number and when it was; a text that is none goes to a table all the same. */
function eventOf(text: string) {
  const { id = 0, time = null } = /^{/.test(text) ? JSON.parse(text) : {};
  const table = id % 2 === 0 ? 'even' : 'odd';
  return { table, time, row: row({ id, time, raw_data: text }, columns), isProblem: false };
}

function turning(store: MemoryStore, more: Partial<Turning> = {}): Turning & { report: LakeReport } {
  return {
    store,
    clock: { now: () => now, sleep: async () => {} },
    random: () => 0,
    eventOf,
    tables,
    place: { region: 'eu-west-1', accountId: '123456789012' },
    run: 'run',
    mostText: 4_000_000,
    deadline: Number.POSITIVE_INFINITY,
    ...more,
    report: emptyLakeReport(),
  };
}

let name = 0;

/** Puts an object of these records below `logs/`, and says its key. */
function putObject(store: MemoryStore, folder: string, texts: readonly string[]): string {
  name += 1;
  const digest = String(name).padStart(32, '0');
  const key = `logs/${folder}/1773480000000-1773483600000-000001-${digest}.ndjson.gz`;
  store.objects.set(key, gzipSync(encodeLines(texts)));
  return key;
}

const record = (id: number, time = now - 3_600_000) => JSON.stringify({ id, time });

/** The texts of all rows of the lake, and the folder that each lies in. */
async function rows({ objects }: MemoryStore): Promise<[folder: string, text: string][]> {
  const found: [string, string][] = [];
  for (const [key, body] of [...objects].sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (!key.startsWith('lake/')) continue;
    const file = new Uint8Array(body).buffer;
    for (const row of await parquetReadObjects({ file }))
      found.push([key.slice(0, key.lastIndexOf('/')), String(row.raw_data)]);
  }
  return found;
}

const texts = async (store: MemoryStore) => (await rows(store)).map(([, text]) => text).sort();

const silent = { error: () => {} };

describe('the lake', () => {
  test('has each record once, in the folder of its table and day, in the order of their times', async () => {
    const store = memoryStore();
    const yesterday = now - 86_400_000;
    putObject(store, 'telephony/2026/03/14', [
      record(3, now),
      record(1, now - 1),
      record(2),
      record(5, yesterday),
    ]);
    putObject(store, 'telephony/2026/03/13', ['no record at all']);
    const run = turning(store);
    expect(await turnAll(['telephony'], now, run, silent)).toBe('turned');
    const at = (table: string, day: string) =>
      `lake/${table}/region=eu-west-1/accountId=123456789012/eventDay=${day}`;
    expect(await rows(store)).toEqual([
      [at('even', '20260313'), 'no record at all'],
      [at('even', '20260314'), record(2)],
      [at('odd', '20260313'), record(5, yesterday)],
      [at('odd', '20260314'), record(1, now - 1)],
      [at('odd', '20260314'), record(3, now)],
    ]);
    expect(run.report).toEqual({
      folders: 2,
      objects: 2,
      records: 5,
      files: 4,
      problems: 0,
      stopped: 0,
    });
  });

  test('has what comes later into a folder that was turned, and nothing twice', async () => {
    const store = memoryStore();
    putObject(store, 'telephony/2026/03/14', [record(1)]);
    await turnAll(['telephony'], now, turning(store), silent);
    const before = store.objects.size;
    await turnAll(['telephony'], now, turning(store), silent);
    expect(store.objects.size).toBe(before);
    putObject(store, 'telephony/2026/03/14', [record(2), record(3)]);
    await turnAll(['telephony'], now, turning(store), silent);
    expect(await texts(store)).toEqual([record(1), record(2), record(3)]);
  });

  test('has a record twice that is stored twice', async () => {
    const store = memoryStore();
    putObject(store, 'telephony/2026/03/14', [record(1)]);
    await turnAll(['telephony'], now, turning(store), silent);
    putObject(store, 'telephony/2026/03/14', [record(1)]);
    await turnAll(['telephony'], now, turning(store), silent);
    expect(await texts(store)).toEqual([record(1), record(1)]);
  });

  test('keeps accounts apart in its state, and looks at all of them', async () => {
    const store = memoryStore();
    for (const account of ['acme', 'acme-west', 'acme0', 'zeta'])
      putObject(store, `telephony/${account}/2026/03/14`, [record(account.length)]);
    await turnAll(['telephony'], now, turning(store), silent);
    expect(await texts(store)).toHaveLength(4);
    for (const account of ['acme', 'acme-west', 'acme0', 'zeta'])
      expect([...store.objects.keys()]).toContain(`state/telephony/accounts/${account}/lake/2026-03-14.json`);
  });

  test('looks at folders that are older than ten days once a day each', async () => {
    const store = memoryStore();
    const days = ['2025-11-01', '2026-01-31', '2026-02-28', '2026-03-04'];
    for (const [id, day] of days.entries())
      putObject(store, `telephony/${day.replaceAll('-', '/')}`, [record(id, Date.parse(day))]);
    for (let hour = 0; hour < 24; hour++)
      await turnAll(['telephony'], now + hour * 3_600_000, turning(store), silent);
    expect(await texts(store)).toHaveLength(4);
  });

  test('goes on after a damaged object in no folder but the others, and says which it is', async () => {
    const store = memoryStore();
    putObject(store, 'telephony/2026/03/14', [record(1)]);
    const damaged = putObject(store, 'telephony/2026/03/14', [record(2)]);
    store.objects.set(damaged, Buffer.from('garbage'));
    putObject(store, 'telephony/2026/03/14', [record(3)]);
    putObject(store, 'telephony/2026/03/13', [record(4)]);
    const told: string[] = [];
    const settings = turning(store);
    const run = turnAll(['telephony'], now, settings, { error: (message) => told.push(message) });
    await expect(run).rejects.toThrow(`s3://test/${damaged}: it is not gzip. Nothing of it is in the lake`);
    expect(told).toEqual([expect.stringContaining(damaged)]);
    expect(settings.report.stopped).toBe(1);
    expect(await texts(store)).toEqual([record(1), record(4)]);
    store.objects.set(damaged, gzipSync(encodeLines([record(2)])));
    await turnAll(['telephony'], now, turning(store), silent);
    expect(await texts(store)).toEqual([1, 2, 3, 4].map((id) => record(id)));
  });

  test('has an object that was gone when it was to be read, once it is there again', async () => {
    const store = memoryStore();
    const key = putObject(store, 'telephony/2026/03/14', [record(1)]);
    putObject(store, 'telephony/2026/03/14', [record(2)]);
    for (const lost of [[key], [...store.objects.keys()]]) {
      const get: typeof store.get = async (one) => (lost.includes(one) ? undefined : store.get(one));
      const missing = { ...turning(store), store: { ...store, get } };
      expect(await turnAll(['telephony'], now, missing, silent)).toBe('turned');
    }
    expect(await texts(store)).toEqual([record(2)]);
    await turnAll(['telephony'], now, turning(store), silent);
    expect(await texts(store)).toEqual([record(1), record(2)]);
  });

  test('does not begin anew with a state that cannot be understood', async () => {
    const store = memoryStore();
    putObject(store, 'telephony/2026/03/14', [record(1)]);
    store.objects.set(lakeStateKey({ logType: 'telephony' }, '2026-03-14'), Buffer.from('{"version":1'));
    await expect(turnAll(['telephony'], now, turning(store), silent)).rejects.toThrow('not JSON, or cut off');
    expect(await texts(store)).toEqual([]);
  });

  test('passes over what others have put among the folders, and misses none because of it', async () => {
    const store = memoryStore();
    putObject(store, 'telephony/2026/03/14', [record(1)]);
    putObject(store, 'telephony/acme/2026/03/14', [record(2)]);
    putObject(store, 'telephony/2026/03/14/copy/2026/03/14', [record(3)]);
    putObject(store, 'telephony/2026/99/99', [record(4)]);
    for (const key of ['2026/00-read-me.txt', '0.txt', 'acme/0.txt', 'acme/2026/00.txt', '2026/03/14/x.csv'])
      store.objects.set(`logs/telephony/${key}`, Buffer.from('not ours'));
    await turnAll(['telephony'], now, turning(store), silent);
    expect(await texts(store)).toEqual([record(1), record(2)]);
  });

  test('files a record of no possible day under the day of its object', async () => {
    const store = memoryStore();
    const times = [0, -1, 9e15, Date.parse('2019-12-31T23:59:59Z'), now + 86_400_001];
    putObject(
      store,
      'telephony/2026/03/13',
      times.map((time) => record(1, time)),
    );
    await turnAll(['telephony'], now, turning(store), silent);
    const folders = (await rows(store)).map(([folder]) => folder.slice(-8));
    expect(folders).toEqual(times.map(() => '20260313'));
  });

  test('turns the recent folders of all logs before the old ones of any', async () => {
    const store = memoryStore();
    const old = ['2026/01/01', '2026/01/02'].map((day) => putObject(store, `activity/${day}`, [record(1)]));
    const recent = putObject(store, 'telephony/2026/03/14', [record(2)]);
    const read: string[] = [];
    const get = (key: string) => {
      read.push(key);
      return store.get(key);
    };
    const watched = { ...store, get };
    for (let hour = 0; hour < 24; hour++) {
      const at = now + hour * 3_600_000;
      await turnAll(['activity', 'telephony'], at, { ...turning(store), store: watched }, silent);
    }
    const objects = read.filter((key) => key.startsWith('logs/'));
    expect(objects[0]).toBe(recent);
    expect(objects.slice(1).sort()).toEqual(old);
  });

  test('stops at its deadline, and the next run goes on', async () => {
    const store = memoryStore();
    putObject(store, 'telephony/2026/03/14', [record(1)]);
    expect(await turnAll(['telephony'], now, turning(store, { deadline: now - 1 }), silent)).toBe('more');
    expect(await texts(store)).toEqual([]);
    expect(await turnAll(['telephony'], now, turning(store), silent)).toBe('turned');
    expect(await texts(store)).toEqual([record(1)]);
  });
});

/** What a store holds at most of objects in the beginning, and what comes between two runs. */
const stories = fc.array(fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 5,
});

test('whatever put fails, before or after it takes effect, each record is in the lake once', async () => {
  const story = fc.record({
    objects: stories,
    n: fc.nat({ max: 8 }),
    moment: fc.constantFrom('before' as const, 'after' as const),
    what: fc.constantFrom('fails', 'conflict', 'another run'),
    mostText: fc.constantFrom(1, 60, 4_000_000),
  });
  await fc.assert(
    fc.asyncProperty(story, async ({ objects, n, moment, what, mostText }) => {
      const store = memoryStore();
      for (const [at, ids] of objects.entries())
        putObject(
          store,
          `telephony/2026/03/${10 + (at % 4)}`,
          ids.map((id) => record(id, now - id * 7_200_000)),
        );
      const troubled = disturbed(store, n, moment, async () => {
        if (what === 'fails') throw new Error('of the story');
        if (what === 'conflict') return { kind: 'conflict' };
        await turnAll(['telephony'], now, turning(store, { run: 'other', mostText }), silent);
        return undefined;
      });
      await turnAll(['telephony'], now, { ...turning(store, { mostText }), store: troubled }, silent).catch(
        (error: unknown) => {
          expect(String(error)).toContain('of the story');
        },
      );
      await turnAll(['telephony'], now, turning(store, { run: 'last' }), silent);
      expect(await texts(store)).toEqual(store.records().sort());
    }),
    { numRuns: 300 },
  );
});
