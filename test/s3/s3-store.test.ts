import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createWorld, runUntilCaughtUp } from 'duo-contract/world';
import { recordsIn } from 'duo-core';
import { findLog, noon, reconcile } from 'duo-simulator';
import { createS3Store } from '../../packages/duo-core/src/store/s3-store';
import { type Moto, startMoto } from '../../tools/moto';
import { type Fate, startFaultProxy } from './fault-proxy';

const root = join(__dirname, '..', '..');
const settings = { AWS_ACCESS_KEY_ID: 'made-up', AWS_SECRET_ACCESS_KEY: 'made-up', AWS_REGION: 'us-east-1' };
Object.assign(process.env, settings);

const key = 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555';

let moto: Moto;
let proxy: Awaited<ReturnType<typeof startFaultProxy>>;
let client: S3Client;
let bucket: string;
let buckets = 0;

beforeAll(async () => {
  mkdirSync(join(root, '.local'), { recursive: true });
  moto = await startMoto(join(root, '.local'));
  proxy = await startFaultProxy(moto.url);
  // The SDK as the collector uses it, with its own retries.
  client = new S3Client({ endpoint: proxy.url, maxAttempts: 4 });
});
afterAll(() => {
  client.destroy();
  proxy.close();
  moto.stop();
});
beforeEach(async () => {
  buckets += 1;
  bucket = `bucket-${buckets}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
});
afterEach(() => {
  proxy.fate = () => 'pass';
});

const store = (name = bucket) =>
  createS3Store(client, { bucket: name, prefix: 'duo' }, new AbortController().signal);
const bytes = (text: string) => Buffer.from(text);

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** Lets the n-th put that matches (from 0) meet a fate, and all others pass. */
function meet(fate: Fate, n: number, times = 1): { readonly met: () => boolean } {
  let puts = 0;
  let met = false;
  proxy.fate = (method) => {
    if (method !== 'PUT') return 'pass';
    const mine = puts >= n && puts < n + times;
    puts += 1;
    met ||= mine;
    return mine ? fate : 'pass';
  };
  return { met: () => met };
}

describe('a real S3 server', () => {
  test('creates an object once, replaces only the version that is named, and tells what is missing', async () => {
    const s3 = store();
    expect(await s3.get('state/a.json')).toBeUndefined();
    expect(await s3.put('state/a.json', bytes('1'), { etag: '"0"' })).toEqual({ kind: 'missing' });
    const one = await s3.put('state/a.json', bytes('1'), 'absent');
    expect(one).toMatchObject({ kind: 'stored' });
    expect(await s3.put('state/a.json', bytes('2'), 'absent')).toEqual({ kind: 'changed' });
    const got = await s3.get('state/a.json');
    expect(Buffer.from(got?.body ?? '').toString()).toBe('1');
    expect({ kind: 'stored', etag: got?.etag }).toEqual(one);
    expect(await s3.put('state/a.json', bytes('2'), { etag: got?.etag ?? '' })).toMatchObject({
      kind: 'stored',
    });
    expect(await s3.put('state/a.json', bytes('3'), { etag: got?.etag ?? '' })).toEqual({ kind: 'changed' });
  });

  test('lists more than a thousand objects, those that begin so, in their order, and those after one', async () => {
    const keys = Array.from({ length: 1_030 }, (_, n) => `logs/a/${String(n).padStart(4, '0')}`);
    const others = ['logs/a', 'logs/b/0', 'receipts/a/0'];
    const waiting = [...keys, ...others].values();
    const writer = async () => {
      const s3 = store();
      for (const key of waiting) await s3.put(key, bytes(key), 'absent');
    };
    await Promise.all(Array.from({ length: 8 }, writer));
    const s3 = store();
    const listed = await all(s3.list('logs/a/'));
    expect(listed.map((object) => object.key)).toEqual(keys);
    expect(listed[0]).toEqual({ key: keys[0], size: 11, putAt: expect.any(Number) });
    const keysAfter = async (key: string) => (await all(s3.list('logs/a/', key))).map((object) => object.key);
    expect(await keysAfter('logs/a/0007')).toEqual(keys.slice(8));
    expect(await keysAfter('logs/a/0007x')).toEqual(keys.slice(8));
    expect(await keysAfter('logs/a/1029')).toEqual([]);
    expect(await all(s3.list('logs/c/'))).toEqual([]);
  }, 60_000);

  test('that has no such bucket says so', async () => {
    await expect(store('nowhere').get('a')).rejects.toThrow('404 NoSuchBucket');
    await expect(all(store('nowhere').list('a'))).rejects.toThrow('404 NoSuchBucket');
    await expect(store('nowhere').put('a', bytes('1'), 'absent')).rejects.toThrow('404 NoSuchBucket');
  });

  test('whose answer to a put was lost says that the object has changed, for the SDK has put it again', async () => {
    meet('lost', 0);
    expect(await store().put('a', bytes('1'), 'absent')).toEqual({ kind: 'changed' });
    expect(Buffer.from((await store().get('a'))?.body ?? '').toString()).toBe('1');
  });

  test('that is in conflict says so, without the SDK trying again', async () => {
    meet('conflict', 0);
    expect(await store().put('a', bytes('1'), 'absent')).toEqual({ kind: 'conflict' });
    expect(await store().get('a')).toBeUndefined();
  });

  test.each(['slow-down', 'reset', 'late'] as const)(
    'that has a moment of weakness (%s) is asked again',
    async (fate) => {
      meet(fate, 0);
      expect(await store().put('a', bytes('1'), 'absent')).toMatchObject({ kind: 'stored' });
    },
  );
});

test('a missing checkpoint that may not be listed is an error, never a first run, and nothing is written', async () => {
  // What S3 answers for a key that does not exist to someone without s3:ListBucket; moto answers 404 to all.
  proxy.fate = (method) => (method === 'GET' ? 'forbidden' : 'pass');
  const { run, published } = await collection(bucket);
  await expect(run()).rejects.toThrow(
    /403 AccessDenied .*grant s3:GetObject on it and s3:ListBucket on arn:aws:s3:::bucket-/,
  );
  proxy.fate = () => 'pass';
  expect(await delivered(bucket)).toEqual([]);
  expect((await client.send(new ListObjectsV2Command({ Bucket: bucket }))).KeyCount).toBe(0);
  expect(published).toHaveLength(250);
});

test('a bucket that demands a key is written to with it, every object, and with nothing else', async () => {
  // As its policy would: moto looks at no conditions.
  proxy.fate = (method, _path, headers) =>
    method !== 'PUT' || headers['x-amz-server-side-encryption-aws-kms-key-id'] === key ? 'pass' : 'forbidden';
  const without = await collection(bucket);
  await expect(without.run()).rejects.toThrow('403 AccessDenied');
  const { run, published } = await collection(bucket, { STORE_KMS_KEY_ARN: key });
  expect(await run()).toMatchObject({ outcome: 'caught-up' });
  expect(reconcile(published, await delivered(bucket))).toMatchObject({ lost: 0, doubled: 0 });
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
  for (const { Key } of Contents) {
    const { ServerSideEncryption, SSEKMSKeyId } = await client.send(
      new HeadObjectCommand({ Bucket: bucket, Key }),
    );
    expect({ ServerSideEncryption, SSEKMSKeyId }).toEqual({
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: key,
    });
  }
});

describe.each([
  ['in one run, which stores its pages together,', {}, 3],
  ['in a run for each page', { MAX_PAGES: '1' }, 6],
])('a collection %s whose every write in turn', (_how, settings, writes) => {
  test.each(['lost', 'conflict', 'slow-down', 'reset', 'late'] as const)(
    'meets the fate "%s" loses and doubles nothing',
    async (fate) => {
      for (let n = 0; ; n++) {
        const name = `${fate}-${writes}-${n}`;
        await client.send(new CreateBucketCommand({ Bucket: name }));
        const { run, published } = await collection(name, settings);
        const { met } = meet(fate, n);
        const { outcome } = await run();
        proxy.fate = () => 'pass';
        const reconciled = reconcile(published, await delivered(name));
        expect({ n, outcome, ...reconciled }).toMatchObject({
          n,
          outcome: 'caught-up',
          published: 250,
          lost: 0,
          doubled: 0,
        });
        if (!met()) {
          expect(n).toBeGreaterThanOrEqual(writes);
          break;
        }
      }
    },
  );
});

/** Runs of a log type into a bucket until it has caught up, and what they should store there. */
async function collection(name: string, settings: NodeJS.ProcessEnv = {}) {
  const { logType: whole, samples } = await findLog('telephony');
  const logType = { ...whole, paging: { ...whole.paging, limit: 100 } };
  const world = await createWorld([{ logType }], `s3://${name}/duo`);
  world.publish({ logType, samples }, { count: 250, from: noon - 7_200_000, to: noon - 600_000 });
  process.env.AWS_ENDPOINT_URL_S3 = proxy.url;
  const run = world.coldStart(logType, settings);
  return {
    published: world.simulator.log(logType.name).published(),
    run: () => runUntilCaughtUp(world, run).finally(world.close),
  };
}

async function delivered(name: string): Promise<string[]> {
  const { Contents = [] } = await client.send(
    new ListObjectsV2Command({ Bucket: name, Prefix: 'duo/logs/' }),
  );
  const lines: string[] = [];
  for (const { Key } of Contents) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: name, Key }));
    lines.push(...recordsIn((await Body?.transformToByteArray()) ?? bytes('')));
  }
  return lines;
}
