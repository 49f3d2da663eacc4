import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { packageService } from 'duo-contract/package-service';
import { parseTemplate, type Template } from 'duo-contract/templates';
import { createWorld } from 'duo-contract/world';
import { findLog } from 'duo-simulator';
import { become, bucket, get, inlinePolicies, list, put, remove, useEnforcingS3 } from './enforcing-s3';

// What the roles of a stage with many accounts may do in S3: see role.test.ts.

const root = join(__dirname, '..', '..');
const packaged = (service: string): Template => {
  const stage = { stage: 'accounts', settings: join(root, 'test', 'settings') };
  return parseTemplate(packageService(join(root, 'services', service), stage).template);
};
const child = {
  name: 'acme-north',
  apiHost: 'api-acme-north.duosecurity.com',
  accountId: 'DAACMENORTH000000000',
};
const ofAnother = ['logs/another/acme/x', 'receipts/another/acme/x', 'state/another/accounts/acme.json'];
useEnforcingS3([...ofAnother, 'state/another.json']);

describe('the role that collects', () => {
  let template: Template;
  beforeAll(() => {
    template = packaged('telephony');
  });
  beforeEach(async () => {
    await become('CollectRole', inlinePolicies(template, 'CollectRole'));
  });

  test('is enough for the runs of an account', async () => {
    const { logType, samples } = await findLog('telephony');
    const { simulator, clock, coldStart, close } = await createWorld([{ logType }], `s3://${bucket}`, [
      child,
    ]);
    try {
      simulator.log('telephony', child.name).addAll(samples);
      const collect = coldStart(logType, { LOOKBACK_HOURS: '4296' });
      expect(await collect({ account: child.name })).toMatchObject({ records: samples.length });
      clock.advance(600_000);
      expect(await collect({ account: child.name })).toMatchObject({ outcome: 'caught-up', records: 0 });
      expect(await list(`logs/telephony/${child.name}/`)).toBe('allowed');
    } finally {
      await close();
    }
  });

  test('touches nothing of an account in another log', async () => {
    for (const key of ofAnother) {
      expect([key, await get(key)]).toEqual([key, 'AccessDenied']);
      expect([key, await put(key)]).toEqual([key, 'AccessDenied']);
      expect([key, await remove(key)]).toEqual([key, 'AccessDenied']);
    }
  });
});

test('the starter reads the checkpoints of accounts in every log, and nothing else', async () => {
  await become('StartRole', inlinePolicies(packaged('accounts'), 'StartRole'));
  const checkpoint = 'state/another/accounts/acme.json';
  expect(await get(checkpoint)).toBe('allowed');
  expect(await list('state/')).toBe('allowed');
  for (const key of ['logs/another/acme/x', 'receipts/another/acme/x', 'state/another.json'])
    expect([key, await get(key)]).toEqual([key, 'AccessDenied']);
  for (const key of [checkpoint, ...ofAnother]) {
    expect([key, await put(key)]).toEqual([key, 'AccessDenied']);
    expect([key, await remove(key)]).toEqual([key, 'AccessDenied']);
  }
});
