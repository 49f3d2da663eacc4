import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createHandler } from 'duo-core';
import { createSimulator, findLogs, generate, reconcile, simulatorCredentials } from 'duo-simulator';
import { createS3Store } from '../../packages/duo-core/src/s3-store';
import { type Moto, startMoto } from '../../scripts/moto';
import { type Fate, startFaultProxy } from './fault-proxy';

const root = join(__dirname, '..', '..');
const settings = { AWS_ACCESS_KEY_ID: 'made-up', AWS_SECRET_ACCESS_KEY: 'made-up', AWS_REGION: 'us-east-1' };
Object.assign(process.env, settings, { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' });

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

  test('that has no such bucket says so', async () => {
    await expect(store('nowhere').get('a')).rejects.toThrow('404 NoSuchBucket');
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

describe('a collection whose every write in turn', () => {
  test.each(['lost', 'conflict', 'slow-down', 'reset', 'late'] as const)(
    'meets the fate "%s" loses and doubles nothing',
    async (fate) => {
      for (let n = 0; ; n++) {
        const log = (await findLogs(join(root, 'services')))[0];
        if (log === undefined) throw new Error('there is no log type');
        const { logType, samples } = {
          ...log,
          logType: { ...log.logType, paging: { ...log.logType.paging, limit: 100 } },
        };
        const name = `${fate}-${n}`;
        await client.send(new CreateBucketCommand({ Bucket: name }));
        const now = Date.now();
        const simulator = createSimulator({ logs: [{ logType }] });
        simulator
          .log(logType.name)
          .addAll(
            generate({ logType, samples, count: 250, from: now - 7_200_000, to: now - 600_000, seed: n }),
          );
        const handler = createHandler(logType, {
          env: {
            STORE_URL: `s3://${name}/duo`,
            DUO_CREDENTIALS: 'env',
            DUO_API_URL: await simulator.listen(),
            DUO_IKEY: simulatorCredentials.ikey,
            DUO_SKEY: simulatorCredentials.skey,
            DUO_API_HOST: simulatorCredentials.apiHost,
          },
        });
        process.env.AWS_ENDPOINT_URL_S3 = proxy.url;
        const { met } = meet(fate, n);
        const result = await handler({}, { getRemainingTimeInMillis: () => 280_000 });
        proxy.fate = () => 'pass';
        const published = simulator.log(logType.name).published();
        await simulator.close();
        expect({ n, outcome: result.outcome }).toEqual({ n, outcome: 'caught-up' });
        expect({ n, ...reconcile(published, await delivered(name)) }).toMatchObject({
          n,
          published: 250,
          lost: 0,
          doubled: 0,
        });
        if (!met()) {
          expect(n).toBeGreaterThanOrEqual(6);
          break;
        }
      }
    },
  );

  async function delivered(name: string): Promise<string[]> {
    const { Contents = [] } = await client.send(
      new ListObjectsV2Command({ Bucket: name, Prefix: 'duo/logs/' }),
    );
    const lines: string[] = [];
    for (const { Key } of Contents) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: name, Key }));
      lines.push(
        ...gunzipSync((await Body?.transformToByteArray()) ?? bytes(''))
          .toString()
          .split('\n')
          .slice(0, -1),
      );
    }
    return lines;
  }
});
