import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { arnText, type Template } from 'duo-contract/templates';
import * as z from 'zod/mini';
import { type Moto, startMoto } from '../../tools/moto';

/*
 * An S3 that asks who is asking: moto, which looks at actions and resources, not at conditions.
 */

const folder = join(__dirname, '..', '..', '.local');
const administrator = { AWS_ACCESS_KEY_ID: 'made-up', AWS_SECRET_ACCESS_KEY: 'made-up' };

/** The bucket of every test. */
export const bucket = 'example-logs';

let moto: Moto;
/** The client that a test acts with. */
let client: S3Client;

/** Starts it before the tests of a file; before each, the bucket has these objects and nothing else. */
export function useEnforcingS3(objects: readonly string[]): void {
  beforeAll(async () => {
    process.env.AWS_REGION = 'us-east-1';
    mkdirSync(folder, { recursive: true });
    moto = await startMoto(folder);
    process.env.AWS_ENDPOINT_URL_S3 = moto.url;
  });
  afterAll(() => {
    moto.stop();
    delete process.env.AWS_ENDPOINT_URL_S3;
  });
  beforeEach(async () => {
    await reset();
    Object.assign(process.env, administrator);
    delete process.env.AWS_SESSION_TOKEN;
    const all = new S3Client({});
    await all.send(new CreateBucketCommand({ Bucket: bucket }));
    for (const Key of objects) await all.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));
    all.destroy();
  });
}

/** What becomes of getting an object: `allowed`, or the error's name. */
export const get = (Key: string) => attempt(client.send(new GetObjectCommand({ Bucket: bucket, Key })));

/** The same of putting one. */
export const put = (Key: string, Body = 'x') =>
  attempt(client.send(new PutObjectCommand({ Bucket: bucket, Key, Body })));

/** The same of deleting one. */
export const remove = (Key: string) => attempt(client.send(new DeleteObjectCommand({ Bucket: bucket, Key })));

/** The same of listing what begins so. */
export const list = (Prefix: string) =>
  attempt(client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix })));

/** The same of reading the bucket's policy. */
export const readPolicy = () => attempt(client.send(new GetBucketPolicyCommand({ Bucket: bucket })));

function attempt(action: Promise<unknown>): Promise<string> {
  return action.then(
    () => 'allowed',
    (error: Error) => error.name,
  );
}

/** The policies of a role in the template, as they will be in the account. */
export function inlinePolicies({ Resources }: Template, role: string): unknown[] {
  const policies = z
    .array(z.object({ PolicyDocument: z.unknown() }))
    .parse(Resources[role]?.Properties.Policies);
  return policies.map(({ PolicyDocument }) => PolicyDocument);
}

/** Does something of the test's own, for which nobody is asked. */
export async function asAdministrator(action: () => Promise<unknown>): Promise<void> {
  await enforce('Infinity');
  await action();
  await enforce('0');
}

/** Lets moto enforce from now on, and everything be done with these policies. */
export async function become(role: string, documents: unknown[]): Promise<void> {
  await enforce('Infinity');
  const trust = { Version: '2012-10-17', Statement: [] };
  await query('iam', {
    Action: 'CreateRole',
    RoleName: role,
    AssumeRolePolicyDocument: JSON.stringify(trust),
  });
  for (const [n, document] of documents.entries()) {
    const { Statement } = z
      .object({ Statement: z.array(z.looseObject({ Resource: z.unknown() })) })
      .parse(document);
    const real = Statement.map(({ Condition: _, ...one }) => ({
      ...one,
      Resource: [one.Resource].flat().map(realArn),
    }));
    await query('iam', {
      Action: 'PutRolePolicy',
      RoleName: role,
      PolicyName: `p${n}`,
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: real }),
    });
  }
  const assumed = await query('sts', {
    Action: 'AssumeRole',
    RoleArn: `arn:aws:iam::123456789012:role/${role}`,
    RoleSessionName: 's',
  });
  const of = (tag: string) => new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(assumed)?.[1]?.trim() ?? '';
  process.env.AWS_ACCESS_KEY_ID = of('AccessKeyId');
  process.env.AWS_SECRET_ACCESS_KEY = of('SecretAccessKey');
  process.env.AWS_SESSION_TOKEN = of('SessionToken');
  await enforce('0');
  client = new S3Client({});
}

function realArn(resource: unknown): string {
  return arnText(resource)
    .replace(/\{(import duo-storage-\w+-BucketArn|Bucket\.Arn)\}/, `arn:aws:s3:::${bucket}`)
    .replace(/\{(\w+)\.Arn\}/, 'arn:aws:sqs:us-east-1:123456789012:$1')
    .replaceAll(`\${AWS::Partition}`, 'aws')
    .replaceAll(`\${AWS::Region}`, 'us-east-1')
    .replaceAll(`\${AWS::AccountId}`, '123456789012');
}

/** Begins anew, with nothing in it and nothing enforced. */
async function reset(): Promise<void> {
  await enforce('Infinity');
  await fetch(`${moto.url}/moto-api/reset`, { method: 'POST' });
}

/** From how many requests on moto looks at who is asking. */
async function enforce(after: string): Promise<void> {
  await fetch(`${moto.url}/moto-api/reset-auth`, { method: 'POST', body: after });
}

/** A request to an API of AWS's that needs no client of its own here. */
async function query(service: string, parameters: Record<string, string>): Promise<string> {
  const response = await fetch(moto.url, {
    method: 'POST',
    headers: {
      Authorization: `AWS4-HMAC-SHA256 Credential=made-up/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: new URLSearchParams({ ...parameters, Version: service === 'iam' ? '2010-05-08' : '2011-06-15' }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${parameters.Action}: ${response.status} ${text}`);
  return text;
}
