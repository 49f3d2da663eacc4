import { S3Client } from '@aws-sdk/client-s3';
import { createDirectoryStore, createS3Store, type Store, storeUrl } from 'duo-core';
import { awsOptions } from './aws';
import { inOptions } from './in-options';
import { noBucket } from './no-bucket';
import { UsageError } from './usage-error';

/** The store at a URL, by the same rules as the functions' `STORE_URL`. */
export function openStore(url: string, env: NodeJS.ProcessEnv): Store {
  const location = storeUrl.safeParse(url);
  if (!location.success) {
    throw new UsageError('--store must be s3://bucket, s3://bucket/prefix or file:///absolute/directory.');
  }
  const { data } = location;
  const store = data.kind === 'directory' ? createDirectoryStore(data.path) : bucketStore(data, env);
  const explain = (error: unknown): never => {
    throw error instanceof Error && data.kind === 's3' && error.message.includes('NoSuchBucket')
      ? noBucket(data.bucket, env)
      : inOptions(error, '--store');
  };
  return {
    url: store.url,
    get: (key) => store.get(key).catch(explain),
    put: (key, body, condition) => store.put(key, body, condition).catch(explain),
  };
}

function bucketStore(location: { bucket: string; prefix: string }, env: NodeJS.ProcessEnv): Store {
  const client = new S3Client({ ...awsOptions(env), followRegionRedirects: true });
  return createS3Store(client, location, new AbortController().signal);
}
