import { S3Client } from '@aws-sdk/client-s3';
import { createDirectoryStore, createS3Store, type Store, storeUrl } from 'duo-core';
import { awsOptions } from './aws';
import { noBucket } from './no-bucket';
import { UsageError } from './usage-error';

/** The store at a URL, by the same rules as the functions' `STORE_URL`. */
export function openStore(url: string, env: NodeJS.ProcessEnv): Store {
  const location = storeUrl.safeParse(url);
  if (!location.success) {
    throw new UsageError('--store must be s3://bucket, s3://bucket/prefix or file:///absolute/directory.');
  }
  if (location.data.kind === 'directory') return createDirectoryStore(location.data.path);
  const { data } = location;
  const client = new S3Client({ ...awsOptions(env), followRegionRedirects: true });
  const store = createS3Store(client, data, new AbortController().signal);
  // The collector's own words are about its settings.
  const explain = (error: unknown): never => {
    throw error instanceof Error && error.message.includes('NoSuchBucket')
      ? noBucket(data.bucket, env)
      : error;
  };
  return {
    url: store.url,
    get: (key) => store.get(key).catch(explain),
    put: (key, body, condition) => store.put(key, body, condition).catch(explain),
  };
}
