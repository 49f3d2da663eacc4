import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { StoreError } from '../src/errors';
import { createS3Store } from '../src/s3-store';

/** What the other side answers next, and what it was asked last: the SDK is the real one. */
let answer: { status: number; headers?: Record<string, string>; body?: string };
let asked: {
  method?: string | undefined;
  url?: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
};
let server: Server;
let client: S3Client;

beforeEach(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    asked = { method: request.method, url: request.url, headers: request.headers, body };
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  client = new S3Client({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    credentials: { accessKeyId: 'made-up', secretAccessKey: 'made-up' },
    maxAttempts: 1,
  });
});
afterEach(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

const store = (prefix = '', signal = new AbortController().signal) =>
  createS3Store(client, { bucket: 'bucket', prefix }, signal);
const bytes = Buffer.from('{}');
const failure = (status: number, code: string) => ({
  status,
  headers: { 'Content-Type': 'application/xml' },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message></Error>`,
});

describe('a put', () => {
  test('creates an object only where there is none', async () => {
    answer = { status: 200, headers: { ETag: '"1"' } };
    expect(await store().put('logs/a.ndjson.gz', bytes, 'absent')).toEqual({ kind: 'stored', etag: '"1"' });
    expect(asked).toMatchObject({
      method: 'PUT',
      url: expect.stringMatching(/^\/bucket\/logs\/a\.ndjson\.gz(\?|$)/),
      body: '{}',
    });
    expect(asked.headers).toMatchObject({ 'if-none-match': '*', 'content-type': 'application/x-ndjson' });
    expect(asked.headers).not.toHaveProperty('content-encoding');
  });

  test('replaces only the version that is named, below the prefix', async () => {
    answer = { status: 200, headers: { ETag: '"2"' } };
    await store('duo/prod').put('state/a.json', bytes, { etag: '"1"' });
    expect(asked.url).toMatch(/^\/bucket\/duo\/prod\/state\/a\.json/);
    expect(asked.headers).toMatchObject({ 'if-match': '"1"', 'content-type': 'application/json' });
    expect(asked.headers).not.toHaveProperty('if-none-match');
  });

  test.each([
    [412, 'PreconditionFailed', 'changed'],
    [409, 'ConditionalRequestConflict', 'conflict'],
    [404, 'NoSuchKey', 'missing'],
  ])('answered by %d %s is no failure but "%s"', async (status, code, kind) => {
    answer = failure(status, code);
    expect(await store().put('a', bytes, { etag: '"1"' })).toEqual({ kind });
  });

  test.each([
    [403, 'AccessDenied', 'writing s3://bucket/a: 403 AccessDenied No.: grant s3:PutObject on it'],
    [404, 'NoSuchBucket', 'writing s3://bucket/a: 404 NoSuchBucket No.: check STORE_URL and the region'],
    [503, 'SlowDown', 'writing s3://bucket/a: 503 SlowDown No.'],
  ])('answered by %d %s fails and says what to do', async (status, code, message) => {
    answer = failure(status, code);
    await expect(store().put('a', bytes, 'absent')).rejects.toThrow(new StoreError(message));
  });

  test('that has no answer when the run ends says so', async () => {
    const ending = new AbortController();
    server.removeAllListeners('request').on('request', () => ending.abort());
    await expect(store('', ending.signal).put('a', bytes, 'absent')).rejects.toThrow(
      'writing s3://bucket/a: no answer before the end of the run',
    );
  });
});

describe('a get', () => {
  test('gives the object and its version', async () => {
    answer = { status: 200, headers: { ETag: '"1"' }, body: '{}' };
    const got = await store('p').get('state/a.json');
    expect({ etag: got?.etag, text: Buffer.from(got?.body ?? '').toString() }).toEqual({
      etag: '"1"',
      text: '{}',
    });
    expect(asked.url).toMatch(/^\/bucket\/p\/state\/a\.json/);
  });

  test('of a key that does not exist gives nothing', async () => {
    answer = failure(404, 'NoSuchKey');
    expect(await store().get('state/a.json')).toBeUndefined();
  });

  test.each([
    [
      403,
      'AccessDenied',
      'reading s3://bucket/a: 403 AccessDenied No.: grant s3:GetObject on it and s3:ListBucket on arn:aws:s3:::bucket (without the latter a missing object looks the same)',
    ],
    [404, 'NoSuchBucket', 'reading s3://bucket/a: 404 NoSuchBucket No.: check STORE_URL and the region'],
    [500, 'InternalError', 'reading s3://bucket/a: 500 InternalError No.'],
  ])('answered by %d %s fails; it never passes for a first run', async (status, code, message) => {
    answer = failure(status, code);
    await expect(store().get('a')).rejects.toThrow(new StoreError(message));
  });

  test('without AWS credentials says which variables to export', async () => {
    const without = new S3Client({
      region: 'eu-west-1',
      credentials: async () => {
        throw new Error("Cannot find package '@aws-sdk/credential-provider-ini'");
      },
    });
    const failed = createS3Store(without, { bucket: 'bucket', prefix: '' }, new AbortController().signal).get(
      'a',
    );
    await expect(failed).rejects.toThrow('no AWS credentials; outside Lambda, log in (aws sso login)');
  });
});
