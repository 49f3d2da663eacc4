import { S3Client } from '@aws-sdk/client-s3';
import { createDirectoryStore, createS3Store, type Store, storeUrl } from 'duo-core';
import { awsOptions } from './aws';
import { UsageError } from './usage-error';

/** The store at a URL, by the same rules as the functions' `STORE_URL`. */
export function openStore(url: string, env: NodeJS.ProcessEnv): Store {
  const location = storeUrl.safeParse(url);
  if (!location.success) {
    throw new UsageError('--store must be s3://bucket, s3://bucket/prefix or file:///absolute/directory.');
  }
  if (location.data.kind === 'directory') return createDirectoryStore(location.data.path);
  return createS3Store(
    new S3Client({ ...awsOptions(env), followRegionRedirects: true }),
    location.data,
    new AbortController().signal,
  );
}
