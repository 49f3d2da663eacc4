import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { StoreError } from '../src/errors';
import { mostRead } from '../src/limits';
import { noAwsCredentials } from '../src/store/aws-error';
import { createS3Store } from '../src/store/s3-store';

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
const failure = (status: number, code: string, message = 'No.', more = '') => ({
  status,
  headers: { 'Content-Type': 'application/xml' },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`,
});
const noBucket =
  '404 NoSuchBucket No.: there is no bucket bucket, asked for in eu-west-1: compare its name, the region and the account';

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
    [403, 'InvalidAccessKeyId', 'writing s3://bucket/a: 403 InvalidAccessKeyId No.'],
    [404, 'NoSuchBucket', `writing s3://bucket/a: ${noBucket}`],
    [503, 'SlowDown', 'writing s3://bucket/a: 503 SlowDown No.'],
  ])('answered by %d %s fails and says what to do', async (status, code, message) => {
    answer = failure(status, code);
    const failed = store().put('a', bytes, 'absent');
    await expect(failed).rejects.toThrow(new StoreError(message));
    await expect(failed).rejects.toMatchObject({ reason: code });
  });

  test('names the key where there is one, so that a bucket that demands it takes the object', async () => {
    answer = { status: 200, headers: { ETag: '"1"' } };
    const location = { bucket: 'bucket', prefix: '', kmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/k' };
    await createS3Store(client, location, new AbortController().signal).put('a', bytes, 'absent');
    expect(asked.headers).toMatchObject({
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': location.kmsKeyArn,
    });
    await store().put('a', bytes, 'absent');
    expect(Object.keys(asked.headers).filter((name) => name.includes('encryption'))).toEqual([]);
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

  test('of more than anybody stores is refused before it is read, and named', async () => {
    answer = {
      status: 200,
      headers: { ETag: '"1"', 'Content-Length': String(mostRead + 1) },
      body: '{',
    };
    await expect(store('p').get('state/a.json')).rejects.toThrow(
      new StoreError(
        'reading s3://bucket/p/state/a.json: it has 268435457 bytes, and no collector stores more than 268435456: put its earlier version back, or find out what writes there',
      ),
    );
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
    [404, 'NoSuchBucket', `reading s3://bucket/a: ${noBucket}`],
    [500, 'InternalError', 'reading s3://bucket/a: 500 InternalError No.'],
  ])('answered by %d %s fails; it never passes for a first run', async (status, code, message) => {
    answer = failure(status, code);
    await expect(store().get('a')).rejects.toThrow(new StoreError(message));
  });

  test('from a server whose certificate nobody here trusts says how to trust it', async () => {
    // Of the test's own realm: an error of Node's, which the SDK would only wrap here, is what it gets elsewhere.
    const refused = Object.assign(new Error('self-signed certificate'), {
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    client.config.requestHandler.handle = () => Promise.reject(refused);
    await expect(store().get('a')).rejects.toThrow(
      /^reading s3:\/\/bucket\/a: Error self-signed certificate: this machine does not trust .* set NODE_EXTRA_CA_CERTS to .* \(docs\/networks\.md\)$/,
    );
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
    await expect(failed).rejects.toThrow('no AWS credentials. Log in (aws sso login)');
    await expect(failed).rejects.toMatchObject({ reason: noAwsCredentials });
  });
});

describe('what helps is said of what S3 has answered:', () => {
  const user = 'User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform:';
  const object = 'on resource: "arn:aws:s3:::bucket/a"';
  const key = 'on resource: arn:aws:kms:eu-west-1:123456789012:key/k';
  const grant = 'grant s3:PutObject on it';
  const grantKey =
    'grant kms:GenerateDataKey and kms:Decrypt on that key (for a function, the setting kmsKeyArn does)';
  const change = (policy: string) => `change the ${policy}, because no grant overrides an explicit deny`;

  test.each([
    ['Access Denied', grant],
    [
      `${user} s3:PutObject ${object} because no identity-based policy allows it`,
      `${grant}, in the identity-based policy`,
    ],
    [
      `${user} s3:PutObject ${object} because no permissions boundary allows it`,
      `${grant}, in the permissions boundary`,
    ],
    [
      `${user} s3:PutObject ${object} because no VPC endpoint policy allows it`,
      `${grant}, in the VPC endpoint policy`,
    ],
    [
      `${user} s3:PutObject ${object} because no resource-based policy allows it`,
      `${grant}, in the bucket's policy`,
    ],
    [
      `${user} s3:PutObject ${object} with an explicit deny in a service control policy`,
      change('service control policy'),
    ],
    [
      `${user} s3:PutObject ${object} with an explicit deny in an identity-based policy: arn:p`,
      change('identity-based policy'),
    ],
    [
      `${user} s3:PutObject ${object} with an explicit deny in a permissions boundary`,
      change('permissions boundary'),
    ],
    [`${user} s3:PutObject ${object} with an explicit deny`, change('policy that denies it')],
    [
      `${user} s3:PutObject ${object} with an explicit deny in a resource-based policy`,
      `${change("bucket's policy")}; where it demands encryption with a key, the setting kmsKeyArn has to name that key`,
    ],
    [
      `${user} kms:GenerateDataKey ${key} because no identity-based policy allows it`,
      `${grantKey}, in the identity-based policy`,
    ],
    [
      `${user} kms:GenerateDataKey ${key} because no resource-based policy allows it`,
      `${grantKey}, in the key's policy`,
    ],
    [
      `${user} kms:GenerateDataKey ${key} with an explicit deny in a resource-based policy`,
      change("key's policy"),
    ],
    ['The ciphertext refers to a customer master key that does not exist.', grantKey],
  ])('403 AccessDenied %s', async (message, todo) => {
    answer = failure(403, 'AccessDenied', message);
    await expect(store().put('a', bytes, 'absent')).rejects.toThrow(
      new StoreError(`writing s3://bucket/a: 403 AccessDenied ${message}: ${todo}`),
    );
  });

  test.each([
    [403, 'RequestTimeTooSkewed', 'No.', "this machine's clock differs from AWS's: set it (by NTP)"],
    [
      403,
      'SignatureDoesNotMatch',
      'Signature expired: 1 is now earlier than 2',
      "this machine's clock differs from AWS's: set it (by NTP)",
    ],
    [
      400,
      'KMS.DisabledException',
      'The key is disabled.',
      'the key that encrypts the bucket, or that the setting kmsKeyArn names, must exist and be enabled',
    ],
  ])('%d %s %s', async (status, code, message, todo) => {
    answer = failure(status, code, message);
    await expect(store().get('a')).rejects.toThrow(
      new StoreError(`reading s3://bucket/a: ${status} ${code} ${message}: ${todo}`),
    );
  });

  test.each([
    [301, 'PermanentRedirect', 'No.', { 'x-amz-bucket-region': 'us-west-2' }, '', 'us-west-2'],
    [301, 'PermanentRedirect', 'No.', {}, '', 'another region'],
    [
      400,
      'AuthorizationHeaderMalformed',
      "the region 'eu-west-1' is wrong; expecting 'us-west-2'",
      {},
      '',
      'us-west-2',
    ],
    [400, 'AuthorizationHeaderMalformed', 'No.', {}, '<Region>us-west-2</Region>', 'us-west-2'],
    [
      400,
      'IllegalLocationConstraintException',
      'The me-south-1 location constraint is incompatible.',
      {},
      '',
      'me-south-1',
    ],
    [
      400,
      'IllegalLocationConstraintException',
      'The unspecified location constraint is incompatible.',
      {},
      '',
      'another region',
    ],
  ])('%d %s %s', async (status, code, message, headers, more, region) => {
    const failed = failure(status, code, message, more);
    answer = { ...failed, headers: { ...failed.headers, ...headers } };
    await expect(store().get('a')).rejects.toThrow(
      new StoreError(
        `reading s3://bucket/a: ${status} ${code} ${message}: the bucket is in ${region}, not in eu-west-1: set AWS_REGION to the bucket's region, or use a bucket in eu-west-1`,
      ),
    );
  });
});
