import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchBucket,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { StoreError } from '../errors';
import { awsErrorName } from './aws-error';
import { describeS3Error } from './s3-error';
import { contentType, type PutCondition, type PutOutcome, type Store, sizeProblem } from './store';

/** Where objects are put, and with what key: without one, S3 encrypts as the bucket says. */
export interface S3Location {
  readonly bucket: string;
  readonly prefix: string;
  readonly kmsKeyArn?: string | undefined;
}

/** A bucket, or what lies below a prefix in it. `signal` ends every call that is still under way when it aborts. */
export function createS3Store(client: S3Client, location: S3Location, signal: AbortSignal): Store {
  const { bucket, prefix, kmsKeyArn } = location;
  const fullKey = (key: string) => (prefix === '' ? key : `${prefix}/${key}`);
  const describe = (key: string) => `s3://${bucket}/${fullKey(key)}`;
  return {
    url: prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`,

    async get(key) {
      try {
        const object = await client.send(new GetObjectCommand({ Bucket: bucket, Key: fullKey(key) }), {
          abortSignal: signal,
        });
        if (object.Body === undefined || object.ETag === undefined) {
          throw new StoreError(`reading ${describe(key)}: the answer has no body or no ETag`);
        }
        const problem = sizeProblem(object.ContentLength ?? 0);
        if (problem !== undefined) {
          await object.Body.transformToWebStream().cancel();
          throw new StoreError(`reading ${describe(key)}: ${problem}`);
        }
        const putAt = object.LastModified?.getTime() ?? 0;
        return { body: await object.Body.transformToByteArray(), etag: object.ETag, putAt };
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw await explain(error, `reading ${describe(key)}`, readPermission(bucket));
      }
    },

    async put(key, body, condition) {
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: fullKey(key),
        Body: body,
        ContentType: contentType(key),
        ...ifHeader(condition),
        ...(kmsKeyArn !== undefined && { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyArn }),
      });
      try {
        const { ETag } = await client.send(command, { abortSignal: signal });
        if (ETag === undefined) throw new StoreError(`writing ${describe(key)}: the answer has no ETag`);
        return { kind: 'stored', etag: ETag };
      } catch (error) {
        const known = outcome(error);
        if (known !== undefined) return known;
        throw await explain(error, `writing ${describe(key)}`, 's3:PutObject on it');
      }
    },

    async *list(prefix, startAfter) {
      const root = fullKey('');
      let more: string | undefined;
      do {
        const page = await listPage(prefix, startAfter, more);
        for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
          yield { key: Key.slice(root.length), size: Size, putAt: LastModified?.getTime() ?? 0 };
        }
        more = page.NextContinuationToken;
      } while (more !== undefined);
    },
  };

  async function listPage(prefix: string, startAfter: string | undefined, more: string | undefined) {
    const command = new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: fullKey(prefix),
      ...(startAfter !== undefined && { StartAfter: fullKey(startAfter) }),
      ...(more !== undefined && { ContinuationToken: more }),
    });
    try {
      return await client.send(command, { abortSignal: signal });
    } catch (error) {
      throw await explain(error, `listing ${describe(prefix)}`, `s3:ListBucket on arn:aws:s3:::${bucket}`);
    }
  }

  async function explain(error: unknown, doing: string, permission: string): Promise<StoreError> {
    if (error instanceof StoreError) return error;
    if (signal.aborted) return new StoreError(`${doing}: no answer before the end of the run`);
    const region = await client.config.region();
    const said = describeS3Error(error, { bucket, region, permission });
    return new StoreError(`${doing}: ${said}`, awsErrorName(error));
  }
}

function ifHeader(condition: PutCondition) {
  return condition === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: condition.etag };
}

/** The answers to a conditional put that are no failures; a missing bucket is a 404 as well, but not one of them. */
function outcome(error: unknown): PutOutcome | undefined {
  if (!(error instanceof S3ServiceException)) return undefined;
  const status = error.$metadata.httpStatusCode;
  if (status === 412) return { kind: 'changed' };
  if (status === 409) return { kind: 'conflict' };
  if (status === 404 && !(error instanceof NoSuchBucket)) return { kind: 'missing' };
  return undefined;
}

/** Without s3:ListBucket, S3 answers 403 for a key that does not exist, which must never pass for a first run. */
function readPermission(bucket: string): string {
  return `s3:GetObject on it and s3:ListBucket on arn:aws:s3:::${bucket} (without the latter a missing object looks the same)`;
}
