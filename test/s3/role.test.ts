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
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { packageService } from 'duo-contract/package-service';
import { arnText, parseTemplate, type Template } from 'duo-contract/templates';
import { createWorld } from 'duo-contract/world';
import { dayLength, midnightOf, utcDay } from 'duo-core';
import { findLog, generate } from 'duo-simulator';
import * as z from 'zod/mini';
import { type Moto, startMoto } from '../../tools/moto';
import { logTypes } from '../support/log-types';

// What the roles of the packaged templates allow, against an S3 that enforces it: enough to collect and to reconcile, and no more. moto
// looks at actions and resources, not at conditions, and not at SSM.

const root = join(__dirname, '..', '..');
const services = join(root, 'services');
const region = { AWS_REGION: 'us-east-1' };
const administrator = { AWS_ACCESS_KEY_ID: 'made-up', AWS_SECRET_ACCESS_KEY: 'made-up' };
const bucket = 'example-logs';
Object.assign(process.env, region);

let moto: Moto;
beforeAll(async () => {
  mkdirSync(join(root, '.local'), { recursive: true });
  moto = await startMoto(join(root, '.local'));
  process.env.AWS_ENDPOINT_URL_S3 = moto.url;
});
afterAll(() => {
  moto.stop();
  delete process.env.AWS_ENDPOINT_URL_S3;
});

const others = ['logs/another/x', 'receipts/another/x', 'state/another.json', 'state/another/x', 'x'];
/** The client that a test acts with, and what it makes of an attempt. */
let client: S3Client;
const attempt = (action: Promise<unknown>) =>
  action.then(
    () => 'allowed',
    (error: Error) => error.name,
  );
const get = (Key: string) => attempt(client.send(new GetObjectCommand({ Bucket: bucket, Key })));
const put = (Key: string, Body = 'x') =>
  attempt(client.send(new PutObjectCommand({ Bucket: bucket, Key, Body })));
const remove = (Key: string) => attempt(client.send(new DeleteObjectCommand({ Bucket: bucket, Key })));
const list = (Prefix: string) => attempt(client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix })));

beforeEach(async () => {
  await reset();
  Object.assign(process.env, administrator);
  delete process.env.AWS_SESSION_TOKEN;
  const all = new S3Client({});
  await all.send(new CreateBucketCommand({ Bucket: bucket }));
  for (const Key of others) await all.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));
  all.destroy();
});

describe.each(logTypes)('of %s', (name) => {
  let template: Template;
  beforeAll(() => {
    template = parseTemplate(packageService(join(services, name)).template);
  });

  describe('the role that collects', () => {
    beforeEach(async () => {
      client = await become('CollectRole', inlinePolicies(template, 'CollectRole'));
    });

    test('is enough for a run that stores, one that goes on, and one whose checkpoint is gone', async () => {
      const { collect, add, clock, close } = await collection(name);
      try {
        add(30, clock.now() - 2 * hour);
        expect(await collect()).toMatchObject({ outcome: 'caught-up', records: 30 });
        add(5, clock.now() - 5 * minute);
        clock.advance(10 * minute);
        expect(await collect()).toMatchObject({ outcome: 'caught-up', records: 5 });
        await asAdministrator(() => remove(`state/${name}.json`));
        expect(await collect()).toMatchObject({ outcome: 'caught-up', records: 0 });
        expect(await get(`state/${name}.json`)).toBe('allowed');
      } finally {
        await close();
      }
    });

    test('writes its own logs, reads and writes its own state, and lists the bucket', async () => {
      expect(await put(`logs/${name}/x`)).toBe('allowed');
      for (const key of [`state/${name}.json`, `state/${name}/x`]) {
        expect(await put(key)).toBe('allowed');
        expect(await get(key)).toBe('allowed');
      }
      expect(await list('state/')).toBe('allowed');
    });

    test('reads no logs, writes no receipts, touches nothing of another type and deletes nothing', async () => {
      await put(`logs/${name}/x`);
      expect(await get(`logs/${name}/x`)).toBe('AccessDenied');
      expect(await put(`receipts/${name}/x`)).toBe('AccessDenied');
      await expectNoMore(name);
    });
  });

  test('the role that reconciles is enough to bring what came late, to write a receipt, and to take a day out of those that are wanted', async () => {
    client = await become('CollectRole', inlinePolicies(template, 'CollectRole'));
    const { collect, coldReconcile, logType, add, clock, close } = await collection(name);
    try {
      await collect();
      const end = midnightOf(utcDay(clock.now())) + dayLength;
      for (const after of [-hour, hour]) {
        clock.advance(end + 7 * dayLength + after - clock.now());
        // The live log looks back a week at most.
        add(30, end - 3 * hour, end + 7 * dayLength);
        expect(await collect()).toMatchObject({ outcome: 'caught-up', records: 0 });
      }
      client = await become('ReconcileRole', inlinePolicies(template, 'ReconcileRole'));
      const reconcile = coldReconcile(logType);
      expect(await reconcile()).toMatchObject({ outcome: 'caught-up', repaired: 60, unreconciledDays: 0 });
      const wanted = JSON.stringify({ [utcDay(end - 1)]: { at: clock.now(), again: true } });
      expect(await put(`state/${name}/wanted.json`, wanted)).toBe('allowed');
      expect(await reconcile()).toMatchObject({ days: 1, repaired: 0 });
      expect(await reconcile()).toMatchObject({ days: 0 });
    } finally {
      await close();
    }
  });

  describe('the role that reconciles', () => {
    beforeEach(async () => {
      client = await become('ReconcileRole', inlinePolicies(template, 'ReconcileRole'));
    });

    test('reads and writes its own logs, receipts and days, reads its checkpoint, and lists the bucket', async () => {
      for (const folder of ['logs', 'receipts', 'state']) {
        expect(await put(`${folder}/${name}/x`)).toBe('allowed');
        expect(await get(`${folder}/${name}/x`)).toBe('allowed');
      }
      expect(await list(`receipts/${name}/`)).toBe('allowed');
      expect(await put(`state/${name}.json`)).toBe('AccessDenied');
      await asAdministrator(() => put(`state/${name}.json`));
      expect(await get(`state/${name}.json`)).toBe('allowed');
    });

    test('touches nothing of another type and deletes nothing', async () => {
      await expectNoMore(name);
    });
  });
});

/** Neither of a log type's roles may do any of this. */
async function expectNoMore(name: string): Promise<void> {
  for (const key of others) {
    expect([key, await get(key)]).toEqual([key, 'AccessDenied']);
    expect([key, await put(key)]).toEqual([key, 'AccessDenied']);
  }
  for (const key of [...others, `logs/${name}/x`, `receipts/${name}/x`, `state/${name}.json`])
    expect([key, await remove(key)]).toEqual([key, 'AccessDenied']);
  expect(await attempt(client.send(new GetBucketPolicyCommand({ Bucket: bucket })))).toBe('AccessDenied');
}

test("the SIEM's reader lists and reads logs, and neither reads nor changes anything else", async () => {
  const { template } = packageService(join(services, 'storage'), {
    stage: 'everything',
    settings: join(root, 'test', 'settings'),
  });
  client = await become('Reader', [
    parseTemplate(template).Resources.ReaderPolicy?.Properties.PolicyDocument,
  ]);
  expect(await list('logs/')).toBe('allowed');
  expect(await get('logs/another/x')).toBe('allowed');
  for (const key of ['receipts/another/x', 'state/another.json', 'state/another/x', 'x'])
    expect([key, await get(key)]).toEqual([key, 'AccessDenied']);
  for (const key of others) {
    expect([key, await put(key)]).toEqual([key, 'AccessDenied']);
    expect([key, await remove(key)]).toEqual([key, 'AccessDenied']);
  }
});

const minute = 60_000;
const hour = 60 * minute;

/** A log type's world, with the bucket as the store. */
async function collection(name: string) {
  const { logType, samples } = await findLog(name);
  const world = await createWorld([{ logType }], `s3://${bucket}`);
  const log = world.simulator.log(name);
  let startIndex = 0;
  return {
    ...world,
    logType,
    /** Has records of a minute published, when they are due or later (ms). */
    add(count: number, from: number, publishedAt = 0) {
      const texts = generate({ logType, samples, count, from, to: from + minute, seed: 1, startIndex });
      for (const text of texts) log.add(text, { publishedAt });
      startIndex += count;
    },
    collect: world.coldStart(logType),
  };
}

/** The policies of a role in the template, as they will be in the account. */
function inlinePolicies({ Resources }: Template, role: string): unknown[] {
  const policies = z
    .array(z.object({ PolicyDocument: z.unknown() }))
    .parse(Resources[role]?.Properties.Policies);
  return policies.map(({ PolicyDocument }) => PolicyDocument);
}

/** Does something of the test's own, for which nobody is asked. */
async function asAdministrator(action: () => Promise<unknown>): Promise<void> {
  await enforce('Infinity');
  await action();
  await enforce('0');
}

/** Lets moto enforce from now on, and everything be done with these policies. */
async function become(role: string, documents: unknown[]): Promise<S3Client> {
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
  return new S3Client({});
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
