import { S3Client } from '@aws-sdk/client-s3';
import { createDirectoryStore } from '../store/directory-store';
import { createS3Store } from '../store/s3-store';
import type { Store } from '../store/store';
import type { Config } from './config';

/** What every client of the SDK in a function is made with, in ms; by default the SDK waits for ever. */
export const awsTimeouts = { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true };

/** Opens the store that the environment names; each run has a signal of its own, which ends every call still under way. */
export function openStore({
  store,
  kmsKeyArn,
}: Pick<Config, 'store' | 'kmsKeyArn'>): (signal: AbortSignal) => Store {
  if (store.kind === 'directory') return () => createDirectoryStore(store.path);
  const client = new S3Client({ maxAttempts: 4, requestHandler: awsTimeouts });
  return (signal) => createS3Store(client, { ...store, kmsKeyArn }, signal);
}
