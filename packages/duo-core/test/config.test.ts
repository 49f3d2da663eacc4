import { describe, expect, test } from '@jest/globals';
import { ConfigError } from '../src/errors';
import { readConfig } from '../src/run/config';
import { readEvent } from '../src/run/event';

const minimal = { STORE_URL: 's3://bucket', DUO_CREDENTIALS: 'ssm:/duo/prod' };

describe('the environment', () => {
  test('has defaults for all but the store and the credentials', () => {
    expect(readConfig(minimal)).toEqual({
      store: { kind: 's3', bucket: 'bucket', prefix: '' },
      kmsKeyArn: undefined,
      credentials: { kind: 'ssm', path: '/duo/prod' },
      apiUrl: undefined,
      lookback: 24 * 3_600_000,
      overlap: 300_000,
      maxPages: 0,
    });
  });

  test('a variable that is set to nothing is not set', () => {
    expect(readConfig({ ...minimal, DUO_API_URL: '', LOOKBACK_HOURS: '', MAX_PAGES: '' })).toEqual(
      readConfig(minimal),
    );
  });

  test.each([
    ['s3://logs', { kind: 's3', bucket: 'logs', prefix: '' }],
    ['s3://logs/', { kind: 's3', bucket: 'logs', prefix: '' }],
    ['s3://logs.example.com/duo/eu=1/', { kind: 's3', bucket: 'logs.example.com', prefix: 'duo/eu=1' }],
    ['file:///var/duo%20logs/', { kind: 'directory', path: '/var/duo logs' }],
  ])('STORE_URL may be %s', (url, store) => {
    expect(readConfig({ ...minimal, STORE_URL: url }).store).toEqual(store);
  });

  test('STORE_KMS_KEY_ARN may be the ARN of a key, in any partition', () => {
    for (const key of [
      'arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555',
      'arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-1234',
    ])
      expect(readConfig({ ...minimal, STORE_KMS_KEY_ARN: key }).kmsKeyArn).toBe(key);
  });

  test('a key is refused for a directory, where nothing would be encrypted with it', () => {
    const env = {
      ...minimal,
      STORE_URL: 'file:///var/duo',
      STORE_KMS_KEY_ARN: 'arn:aws:kms:eu-west-1:123456789012:key/k',
    };
    expect(() => readConfig(env)).toThrow(
      new ConfigError('STORE_KMS_KEY_ARN must be unset: STORE_URL names a directory, which no key encrypts'),
    );
  });

  test.each([
    ['STORE_URL', undefined],
    ['STORE_URL', 'bucket'],
    ['STORE_URL', 's3:/bucket'],
    ['STORE_URL', 's3://Bucket'],
    ['STORE_URL', 's3://b'],
    ['STORE_URL', 's3://bucket//logs'],
    ['STORE_URL', 's3://bucket/../logs'],
    ['STORE_URL', 's3://key:secret@bucket'],
    ['STORE_URL', 'file://relative/directory'],
    ['STORE_URL', 'file:///'],
    ['STORE_URL', 'file:///a?b'],
    ['STORE_URL', 'file:///a%2Fb'],
    ['STORE_URL', 'https://bucket.s3.amazonaws.com'],
    ['STORE_KMS_KEY_ARN', 'alias/duo'],
    ['STORE_KMS_KEY_ARN', 'arn:aws:kms:eu-west-1:123456789012:alias/duo'],
    ['STORE_KMS_KEY_ARN', 'arn:aws:s3:::bucket'],
    ['DUO_CREDENTIALS', undefined],
    ['DUO_CREDENTIALS', 'ssm:'],
    ['DUO_CREDENTIALS', 'ssm:duo'],
    ['DUO_CREDENTIALS', 'ssm:/duo/'],
    ['DUO_CREDENTIALS', 'environment'],
    ['DUO_API_URL', 'http://example.com'],
    ['DUO_API_URL', 'https://127.0.0.1'],
    ['DUO_API_URL', 'http://127.0.0.1.example.com'],
    ['DUO_API_URL', 'http://localhost@example.com'],
    ['DUO_API_URL', 'http://127.0.0.1:8765/path'],
    ['DUO_API_URL', 'http://127.0.0.1:99999'],
    ['LOOKBACK_HOURS', '0'],
    ['LOOKBACK_HOURS', '4297'],
    ['LOOKBACK_HOURS', '1.5'],
    ['OVERLAP_SECONDS', '-1'],
    ['OVERLAP_SECONDS', '59'],
    ['OVERLAP_SECONDS', '86401'],
    ['MAX_PAGES', 'all'],
  ])('%s must not be %s', (name, value) => {
    const read = () => readConfig({ ...minimal, [name]: value });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(
      new RegExp(`^${name} is ${value === undefined ? 'not set' : 'malformed'}: it must be `),
    );
  });

  test('certificates are not left unchecked, and another way is named', () => {
    const read = (NODE_TLS_REJECT_UNAUTHORIZED: string) =>
      readConfig({ ...minimal, NODE_TLS_REJECT_UNAUTHORIZED });
    expect(() => read('0')).toThrow(
      new ConfigError(
        'NODE_TLS_REJECT_UNAUTHORIZED must not be 0: it turns off the checking of certificates. If a proxy has its own certificate, set NODE_EXTRA_CA_CERTS to the file with the certificate of its authority (docs/networks.md)',
      ),
    );
    for (const checked of ['1', '']) expect(read(checked)).toEqual(readConfig(minimal));
  });

  test('every problem is named at once, and no value is repeated', () => {
    const env = {
      STORE_URL: 'secret-1',
      DUO_CREDENTIALS: 'env',
      DUO_SKEY: 'secret-2',
      MAX_PAGES: 'secret-3',
    };
    expect(() => readConfig(env)).toThrow(
      new ConfigError(
        [
          'STORE_URL is malformed: it must be s3://bucket, s3://bucket/prefix or file:///absolute/directory',
          'MAX_PAGES is malformed: it must be a whole number of pages, or 0 for no limit',
          'DUO_IKEY is not set',
          'DUO_API_HOST is not set: it must look like api-xxxxxxxx.duosecurity.com (or duofederal.com), without https:// and without a path',
        ].join('\n'),
      ),
    );
  });

  test.each(['http://127.0.0.1:8765', 'http://localhost:8765/', 'http://[::1]:80', 'http://127.1.2.3'])(
    'DUO_API_URL may be %s',
    (url) => {
      expect(readConfig({ ...minimal, DUO_API_URL: url }).apiUrl).toBe(url.replace(/\/$/, ''));
    },
  );
});

describe('the event', () => {
  test.each([[{}], [''], [null], [undefined]])('%p asks for what is due', (event) => {
    expect(readEvent(event)).toEqual({});
  });

  test('may say which account the run is of', () => {
    expect(readEvent({ account: 'acme-2' })).toEqual({ account: 'acme-2' });
  });

  test.each([
    ['unknown', { backfil: {} }],
    ['a string', 'backfill'],
    ['a list', []],
    ['of an account whose name could leave its folder', { account: '../acme' }],
    ['of an account whose name is too long', { account: 'a'.repeat(41) }],
    ['of an account that is no text', { account: 1 }],
    ['of an account and of something else', { account: 'acme', day: '2026-02-01' }],
    [
      'a backfill, as of earlier collectors',
      { backfill: { from: '2026-02-01T00:00:00Z', to: '2026-02-02T00:00:00Z' } },
    ],
  ])('is refused when it is %s, with the command that has days collected', (_what, event) => {
    expect(() => readEvent(event)).toThrow(ConfigError);
    expect(() => readEvent(event)).toThrow('duo backfill <log-type>');
  });
});
