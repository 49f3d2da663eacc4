import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { packageService } from 'duo-contract/package-service';
import { parseTemplate, type Template } from 'duo-contract/templates';
import { createWorld } from 'duo-contract/world';
import { dayLength, midnightOf, utcDay } from 'duo-core';
import { findLog, generate } from 'duo-simulator';
import { logTypes } from '../support/log-types';
import {
  asAdministrator,
  become,
  bucket,
  get,
  inlinePolicies,
  list,
  put,
  readPolicy,
  remove,
  useEnforcingS3,
} from './enforcing-s3';

// What the roles of the packaged templates allow, against an S3 that enforces it: enough to collect and to reconcile, and no more. moto
// looks at actions and resources, not at conditions, and not at SSM.

const root = join(__dirname, '..', '..');
const services = join(root, 'services');

const others = ['logs/another/x', 'receipts/another/x', 'state/another.json', 'state/another/x', 'x'];
useEnforcingS3(others);

describe.each(logTypes)('of %s', (name) => {
  let template: Template;
  beforeAll(() => {
    template = parseTemplate(packageService(join(services, name)).template);
  });

  describe('the role that collects', () => {
    beforeEach(async () => {
      await become('CollectRole', inlinePolicies(template, 'CollectRole'));
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
    await become('CollectRole', inlinePolicies(template, 'CollectRole'));
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
      await become('ReconcileRole', inlinePolicies(template, 'ReconcileRole'));
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
      await become('ReconcileRole', inlinePolicies(template, 'ReconcileRole'));
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
  expect(await readPolicy()).toBe('AccessDenied');
}

test("the SIEM's reader lists and reads logs, and neither reads nor changes anything else", async () => {
  const { template } = packageService(join(services, 'storage'), {
    stage: 'everything',
    settings: join(root, 'test', 'settings'),
  });
  await become('Reader', [parseTemplate(template).Resources.ReaderPolicy?.Properties.PolicyDocument]);
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
