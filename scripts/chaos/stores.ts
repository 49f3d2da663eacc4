import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CreateBucketCommand, GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { startMoto } from '../../tools/moto';
import type { Options } from './options';

/** An object, as it lies in the store. */
export interface StoredObject {
  readonly key: string;
  readonly body: Uint8Array;
}

/** Where the killed runs put their objects. */
export interface ChaosStore {
  /** What makes a run use it. */
  readonly environment: Record<string, string>;
  /** All objects below a folder. */
  read(folder: 'logs/' | 'receipts/' | 'lake/'): Promise<StoredObject[]>;
  close(): void;
}

/** Opens an empty store of either kind; a directory is made below `folder`. */
export async function openStore(kind: Options['store'], folder: string): Promise<ChaosStore> {
  return kind === 'file' ? directory(join(folder, 'store')) : bucket();
}

function directory(folder: string): ChaosStore {
  return {
    environment: { STORE_URL: pathToFileURL(folder).href },
    read: async (prefix) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((key) => key.startsWith(prefix) && /\.\w+$/.test(key))
        .map((key) => ({ key, body: readFileSync(join(folder, key)) })),
    close() {},
  };
}

async function bucket(): Promise<ChaosStore> {
  const local = join(__dirname, '../../.local');
  mkdirSync(local, { recursive: true });
  const moto = await startMoto(local);
  const settings = {
    AWS_ACCESS_KEY_ID: 'made-up',
    AWS_SECRET_ACCESS_KEY: 'made-up',
    AWS_REGION: 'us-east-1',
  };
  const client = new S3Client({
    endpoint: moto.url,
    region: settings.AWS_REGION,
    credentials: { accessKeyId: settings.AWS_ACCESS_KEY_ID, secretAccessKey: settings.AWS_SECRET_ACCESS_KEY },
  });
  const Bucket = 'chaos';
  await client.send(new CreateBucketCommand({ Bucket }));
  return {
    environment: { STORE_URL: `s3://${Bucket}/duo`, AWS_ENDPOINT_URL_S3: moto.url, ...settings },
    async read(prefix) {
      const objects: StoredObject[] = [];
      for await (const { Contents = [] } of paginateListObjectsV2(
        { client },
        { Bucket, Prefix: `duo/${prefix}` },
      )) {
        for (const { Key: key = '' } of Contents) {
          const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: key }));
          objects.push({ key, body: (await Body?.transformToByteArray()) ?? new Uint8Array() });
        }
      }
      return objects;
    },
    close() {
      client.destroy();
      moto.stop();
    },
  };
}
