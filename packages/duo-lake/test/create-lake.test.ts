import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { StoreError } from 'duo-core';
import { fakeClock, noon } from 'duo-simulator';
import { parquetReadObjects } from 'hyparquet';
import { encodeLines } from '../../duo-core/src/store/object';
import { type MemoryStore, memoryStore } from '../../duo-core/test/support/memory-store';
import { baseEvents, createLake, readTables, type Surroundings, type ToOcsf } from '../src';

const deployed = readTables(require('../../../services/lake/tables.json'));

const tables = readTables([
  ...deployed.filter(({ class_uid }) => class_uid === 0),
  {
    name: 'authentication',
    class_uid: 3002,
    columns: [
      { name: 'class_uid', type: 'int' },
      { name: 'time', type: 'bigint' },
      { name: 'user', type: 'struct', columns: [{ name: 'name', type: 'string' }] },
      { name: 'unmapped', type: 'json' },
      { name: 'raw_data', type: 'string' },
    ],
  },
]);

const env = {
  STORE_URL: 's3://example',
  LOG_TYPES: 'authentication,telephony',
  LAKE_REGION: 'eu-west-1',
  LAKE_ACCOUNT: '123456789012',
  POWERTOOLS_SERVICE_NAME: 'duo-lake-prod',
};
const context = { getRemainingTimeInMillis: () => 840_000 };

/** A record of the tests says all that its event has. */
const logins: ToOcsf = (text) => {
  const { problems = [], ...fields } = JSON.parse(text);
  return { event: { class_uid: 3002, time: noon, raw_data: text, ...fields }, problems };
};

let store: MemoryStore;
let metrics: Record<string, unknown>[];
let lines: Record<string, unknown>[];

beforeEach(() => {
  // Powertools then prints with the console that a test can listen to.
  Object.assign(process.env, { POWERTOOLS_DEV: 'true', POWERTOOLS_METRICS_DISABLED: 'false' });
  store = memoryStore();
  metrics = [];
  lines = [];
  for (const method of ['log', 'info', 'warn', 'error'] as const)
    jest.spyOn(console, method).mockImplementation((text: unknown) => {
      const line = JSON.parse(String(text));
      if ('_aws' in line) metrics.push(line);
      else lines.push(line);
    });
});

afterEach(() => {
  jest.restoreAllMocks();
});

function lake(more: Partial<Surroundings> = {}) {
  const mappingOf = async (logType: string) => (logType === 'authentication' ? logins : baseEvents(logType));
  const clock = fakeClock(noon);
  return createLake({ mappingOf, tables, env, clock, random: () => 0, store, ...more });
}

let count = 0;

function putObject(folder: string, ...texts: string[]): string {
  count += 1;
  const key = `logs/${folder}/1-2-000001-${String(count).padStart(32, '0')}.ndjson.gz`;
  store.objects.set(key, gzipSync(encodeLines(texts)));
  return key;
}

async function rows(table: string): Promise<Record<string, unknown>[]> {
  const found = [...store.objects].filter(([key]) => key.startsWith(`lake/${table}/`));
  const read = found.map(([, body]) => parquetReadObjects({ file: new Uint8Array(body).buffer }));
  return (await Promise.all(read)).flat();
}

const day = new Date(noon).toISOString().slice(0, 10).replaceAll('-', '/');

describe('a run of the lake', () => {
  test('makes of each record an event by the mapping of its log, and says what it has done', async () => {
    const login = JSON.stringify({ user: { name: 'ada' }, unmapped: { factor: ['push'], n: 1 } });
    putObject(`authentication/${day}`, login);
    putObject(`telephony/acme/${day}`, '{"credits":1}', 'no JSON');
    const result = await lake()({}, context);
    const done = { outcome: 'turned', folders: 2, objects: 2, records: 3, files: 2, problems: 0, stopped: 0 };
    expect(result).toEqual(done);
    expect(await rows('authentication')).toEqual([
      {
        class_uid: 3002,
        time: BigInt(noon),
        user: { name: 'ada' },
        unmapped: '{"factor":["push"],"n":1}',
        raw_data: login,
      },
    ]);
    expect(await rows('base_event')).toMatchObject([
      { raw_data: '{"credits":1}', metadata: { log_name: 'telephony', labels: ['account:acme'] } },
      { raw_data: 'no JSON' },
    ]);
    expect(lines.at(-1)).toMatchObject({ message: 'turn ended', ...done });
    expect(metrics).toMatchObject([{ service: 'duo-lake-prod', LakeRecords: 3, LakeFiles: 2 }]);
    expect(Object.keys(metrics[0] ?? {})).not.toContain('LakeStopped');
  });

  test('publishes nothing where nothing is new', async () => {
    await lake()({}, context);
    expect(metrics).toEqual([]);
  });

  test('keeps a record whose event has no place, whole and with the reason, and counts it', async () => {
    const texts = [
      '{"class_uid":3002,"colour":"red"}',
      '{"class_uid":4711}',
      '{"user":"ada"}',
      '{"time":1.5}',
      '{"problems":["odd"],"user":{"name":"bob"}}',
    ];
    putObject(`authentication/${day}`, ...texts);
    expect(await lake()({}, context)).toMatchObject({ records: 5, problems: 5 });
    const base = await rows('base_event');
    expect(new Map(base.map(({ raw_data, status_detail }) => [raw_data, status_detail]))).toEqual(
      new Map([
        [texts[0], 'its event has no place: colour has no column'],
        [texts[1], 'its event has no place: there is no table of the class 4711'],
        [texts[2], 'its event has no place: user must be struct, not string'],
        [texts[3], 'its event has no place: time must be bigint, not number'],
      ]),
    );
    expect(metrics).toMatchObject([{ LakeProblems: 5 }]);
  });

  test('fails at its end because of a damaged object, and counts the folder that waits', async () => {
    store.objects.set(putObject(`telephony/${day}`, '{}'), Buffer.from('garbage'));
    putObject(`authentication/${day}`, '{}');
    await expect(lake()({}, context)).rejects.toThrow('Nothing of it is in the lake');
    expect(metrics).toMatchObject([{ LakeRecords: 1, LakeStopped: 1 }]);
    expect(lines).toMatchObject([{ level: 'ERROR', logType: 'telephony' }]);
  });

  test('counts no folder as stopped where it is the store that fails', async () => {
    putObject(`telephony/${day}`, '{}');
    const failing = { ...store, get: () => Promise.reject(new StoreError('503')) };
    await expect(lake({ store: failing })({}, context)).rejects.toThrow('503');
    expect(metrics).toEqual([]);
  });

  test('looks at the old folders of the hour that the schedule has meant', async () => {
    putObject('telephony/2026/01/01', '{"old":1}');
    const hour = (Date.parse('2026-01-01') / 86_400_000) % 24;
    const at = new Date(Date.parse(`${day.replaceAll('/', '-')}T00:59:00Z`) + hour * 3_600_000);
    expect(await lake()({ at: at.toISOString() }, context)).toMatchObject({ records: 1 });
  });

  test('decides nothing in its last minute, and says that there is more', async () => {
    putObject(`telephony/${day}`, '{}');
    const clock = fakeClock(noon);
    const slow: MemoryStore = {
      ...store,
      async get(key) {
        await clock.sleep(781_000);
        return store.get(key);
      },
    };
    expect(await lake({ clock, store: slow })({}, context)).toMatchObject({ outcome: 'more', records: 0 });
    expect(await lake()({}, context)).toMatchObject({ outcome: 'turned', records: 1 });
  });
});

test('an environment that cannot be is refused, each variable by name', async () => {
  const wrong = { STORE_URL: 'nowhere', LOG_TYPES: 'Telephony', LAKE_ACCOUNT: '12' };
  const message = await lake({ env: wrong })({}, context).then(String, (error: Error) => error.message);
  expect(message.split('\n')).toEqual([
    'STORE_URL is malformed: it must be s3://bucket, s3://bucket/prefix or file:///absolute/directory',
    'LOG_TYPES is malformed: it must be names of log types with commas in between',
    'LAKE_REGION is not set: it must be a region of AWS, like eu-west-1',
    'LAKE_ACCOUNT is malformed: it must be the 12 digits of an AWS account',
  ]);
});

test('tables that cannot be are refused', () => {
  const columns = [{ name: 'time', type: 'bigint' }];
  expect(() => readTables([{ name: 'base-event', class_uid: 0, columns }])).toThrow('name');
  expect(() => readTables([{ name: 'base_event', class_uid: 0, columns: [] }])).toThrow('columns');
  expect(() => readTables([{ name: 'a', class_uid: 0, columns: [{ name: 'x', type: 'date' }] }])).toThrow();
});
