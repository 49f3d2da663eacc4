import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { describeS3Error, systemErrorCode } from 'duo-core';
import { AwsError, awsOptions, regionOf } from '../stage/aws';
import { locationOf } from './open-store';

/** One object of a store: its key, its size in bytes, and when it was put, in ms. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly putAt: number;
}

/** The objects of a store, to list and to read. */
export interface Objects {
  /** Where this is, for messages. */
  readonly url: string;
  /** Those whose keys begin so, in the order of their keys; those after `startAfter` if it is given. */
  list(prefix: string, startAfter?: string): AsyncIterable<ListedObject>;
  /** The bytes of an object, whatever they are. */
  read(key: string): Promise<Uint8Array>;
}

/** Opens the store at a URL, by the same rules as the functions' `STORE_URL`. Errors name the permission. */
export function openObjects(url: string, env: NodeJS.ProcessEnv): Objects {
  const location = locationOf(url);
  if (location.kind === 'directory') return directoryObjects(url, location.path);
  return bucketObjects(url, location, env);
}

function bucketObjects(
  url: string,
  { bucket: Bucket, prefix: folder }: { bucket: string; prefix: string },
  env: NodeJS.ProcessEnv,
): Objects {
  const client = new S3Client({ ...awsOptions(env), followRegionRedirects: true });
  const root = folder === '' ? '' : `${folder}/`;
  const explain = (error: unknown, permission: string) => {
    const asked = { bucket: Bucket, region: regionOf(env), permission };
    return new AwsError(`${url} cannot be read: ${describeS3Error(error, asked)}.`, error);
  };
  return {
    url,
    async *list(prefix, startAfter) {
      const pages = paginateListObjectsV2(
        { client },
        { Bucket, Prefix: root + prefix, ...(startAfter !== undefined && { StartAfter: root + startAfter }) },
      );
      try {
        for await (const { Contents = [] } of pages) {
          for (const { Key = '', Size = 0, LastModified } of Contents) {
            yield { key: Key.slice(root.length), size: Size, putAt: LastModified?.getTime() ?? 0 };
          }
        }
      } catch (error) {
        throw explain(error, 's3:ListBucket on the bucket');
      }
    },
    async read(key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: root + key }));
        return (await Body?.transformToByteArray()) ?? new Uint8Array();
      } catch (error) {
        throw explain(error, `s3:GetObject on ${key}`);
      }
    },
  };
}

function directoryObjects(url: string, path: string): Objects {
  return {
    url,
    async *list(prefix, startAfter = '') {
      const folder = join(path, prefix.slice(0, prefix.lastIndexOf('/') + 1));
      const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
        (error: unknown) => {
          if (systemErrorCode(error) === 'ENOENT') return [];
          // Not the same as an empty one: a repair would store again all that it holds.
          throw new Error(`${folder} cannot be read: ${systemErrorCode(error) ?? error}.`);
        },
      );
      const keys = entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(path, join(entry.parentPath, entry.name)))
        .filter((key) => key.startsWith(prefix) && key > startAfter)
        .sort();
      for (const key of keys) {
        const { size, mtimeMs } = await stat(join(path, key));
        yield { key, size, putAt: mtimeMs };
      }
    },
    async read(key) {
      try {
        return await readFile(join(path, key));
      } catch (error) {
        throw new Error(`${url}/${key} cannot be read: ${systemErrorCode(error) ?? error}.`);
      }
    },
  };
}
