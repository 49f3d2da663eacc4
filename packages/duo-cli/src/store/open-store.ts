import { setMaxListeners } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { S3Client } from '@aws-sdk/client-s3';
import { createDirectoryStore, createS3Store, kmsKey, type S3Location, type Store, storeUrl } from 'duo-core';
import { UsageError } from '../operator/usage-error';
import { awsOptions } from '../stage/aws';

/** Where a store is, and the KMS key that its objects are put with; without one, the bucket says how they are encrypted. */
export interface StoreAddress {
  readonly url: string;
  readonly kmsKeyArn: string | undefined;
}

/** The store that `--store` names by its URL or a directory's path, with the key of the same variable that a function has. */
export function namedStore(url: string, { STORE_KMS_KEY_ARN }: NodeJS.ProcessEnv): StoreAddress {
  const key = kmsKey.safeParse(STORE_KMS_KEY_ARN || undefined);
  if (!key.success) throw new UsageError('STORE_KMS_KEY_ARN must be unset, or the ARN of a KMS key.');
  return { url: urlOf(url), kmsKeyArn: key.data };
}

/** Opens a store by the same rules as the functions' `STORE_URL` and `STORE_KMS_KEY_ARN`. */
export function openStore({ url, kmsKeyArn }: StoreAddress, env: NodeJS.ProcessEnv): Store {
  const location = locationOf(url);
  if (location.kind === 'directory' && kmsKeyArn !== undefined)
    throw new UsageError('STORE_KMS_KEY_ARN must be unset: no key encrypts a directory.');
  const store =
    location.kind === 'directory'
      ? createDirectoryStore(location.path)
      : bucketStore({ ...location, kmsKeyArn }, env);
  const explain = (error: unknown): never => {
    throw inOptions(error, '--store');
  };
  return {
    url: store.url,
    get: (key) => store.get(key).catch(explain),
    put: (key, body, condition) => store.put(key, body, condition).catch(explain),
    async *list(prefix, startAfter) {
      try {
        yield* store.list(prefix, startAfter);
      } catch (error) {
        explain(error);
      }
    },
  };
}

/** The URL of a store that may be a directory's path, as `collect --to` takes one. */
function urlOf(store: string): string {
  return /^[./]/.test(store) ? pathToFileURL(resolve(store)).href : store;
}

/** Where a URL is, a bucket or a directory. Throws a `UsageError` for what can be no store. */
export function locationOf(url: string) {
  const location = storeUrl.safeParse(url);
  if (location.success) return location.data;
  throw new UsageError('--store must be s3://bucket, s3://bucket/prefix, or a directory: ./logs, /srv/logs.');
}

function bucketStore(location: S3Location, env: NodeJS.ProcessEnv): Store {
  const client = new S3Client({ ...awsOptions(env), followRegionRedirects: true });
  const { signal } = new AbortController();
  // Several logs are read at once, and several objects of each; Node.js warns of more than ten that listen to one signal.
  setMaxListeners(0, signal);
  return createS3Store(client, location, signal);
}

/**
 * The same error in the words of a command: the collector's own are about its variable `STORE_URL`, where the operator has
 * given `option`.
 */
export function inOptions(error: unknown, option: string): unknown {
  if (!(error instanceof Error)) return error;
  error.message = error.message.replaceAll('STORE_URL', option);
  if (error.stack !== undefined) error.stack = error.stack.replaceAll('STORE_URL', option);
  return error;
}
