import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GetObjectCommand, NoSuchKey, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { describeS3Error, sizeProblem, systemErrorCode } from 'duo-core';
import { AwsError, awsOptions, regionOf } from '../stage/aws';

/** A directory, or what lies directly below a prefix of a bucket that someone else writes; only to be read. */
export interface Folder {
  /** Where this is, for messages. */
  readonly url: string;
  names(): Promise<string[]>;
  /** The text of a file, or undefined if there is none. */
  read(name: string): Promise<string | undefined>;
}

/** Opens `s3://bucket/prefix`, `file:///directory` or the path of a directory. */
export function openFolder(where: string, env: NodeJS.ProcessEnv): Folder {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*?)\/*$/.exec(where) ?? [];
  if (bucket !== undefined) return bucketFolder(bucket, prefix === '' ? '' : `${prefix}/`, env);
  return directory(where.startsWith('file://') ? fileURLToPath(where) : resolve(where));
}

function bucketFolder(Bucket: string, Prefix: string, env: NodeJS.ProcessEnv): Folder {
  // It may be in another region than the stage.
  const client = new S3Client({ ...awsOptions(env), followRegionRedirects: true });
  const url = `s3://${Bucket}/${Prefix}`;
  const permission = 's3:GetObject on it and s3:ListBucket on its bucket';
  const explain = (error: unknown) => {
    const asked = { bucket: Bucket, region: regionOf(env), permission };
    return new AwsError(`${url} cannot be read: ${describeS3Error(error, asked)}.`, error);
  };
  return {
    url,
    async names() {
      const names: string[] = [];
      try {
        for await (const page of paginateListObjectsV2({ client }, { Bucket, Prefix, Delimiter: '/' })) {
          names.push(...(page.Contents ?? []).map(({ Key = '' }) => Key.slice(Prefix.length)));
        }
      } catch (error) {
        throw explain(error);
      }
      return names;
    },
    async read(name) {
      try {
        const object = await client.send(new GetObjectCommand({ Bucket, Key: `${Prefix}${name}` }));
        refuseTooLarge(`${url}${name}`, object.ContentLength);
        return await object.Body?.transformToString();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error instanceof TooLarge ? error : explain(error);
      }
    },
  };
}

class TooLarge extends Error {}

function refuseTooLarge(where: string, size = 0): void {
  const problem = sizeProblem(size);
  if (problem !== undefined) throw new TooLarge(`${where}: ${problem}. Nothing was written.`);
}

function directory(path: string): Folder {
  return {
    url: path,
    async names() {
      try {
        return await readdir(path);
      } catch {
        throw new Error(`${path} is not a directory, or cannot be read.`);
      }
    },
    async read(name) {
      try {
        refuseTooLarge(join(path, name), (await stat(join(path, name))).size);
        return await readFile(join(path, name), 'utf8');
      } catch (error) {
        if (error instanceof TooLarge) throw error;
        if (systemErrorCode(error) === 'ENOENT') return undefined;
        throw new Error(
          `${join(path, name)} cannot be read: ${systemErrorCode(error) ?? error}. Nothing was written.`,
        );
      }
    },
  };
}
