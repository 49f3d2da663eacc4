import { expect, test } from '@jest/globals';
import type { LogType } from 'duo-core';
import { findLogs, logNamed } from 'duo-simulator';
import { checkRetirement } from '../../src/commands/doctor/log/retirement';

const logOf = async (name: string): Promise<LogType> => logNamed(await findLogs(), name).logType;
const after = Date.parse('2026-11-27');

async function said(name: string, permission: 'ok' | 'failed' | 'unknown', now: number) {
  const [found] = await checkRetirement(await logOf(name), 'prod', permission, now);
  return found && [found.state, found.says];
}

test('before its day, a log is in order, and the day and who says so are told', async () => {
  expect(await said('trust-monitor', 'ok', after)).toEqual([
    'ok',
    "on 2027-01-31, in 65 days (according to a secondary source, not to Duo's own pages). It is said to be closed to customers created after 2025-09-29.",
  ]);
});

test('after it, a log that still answers may stop any day', async () => {
  expect(await said('administrator', 'ok', after)).toEqual([
    'unknown',
    "It was due on 2026-09-30 (according to secondary sources, not to Duo's own pages). Duo still shows this log, and may stop any day. The activity log has its events. When it no longer answers, remove it: npx pnpm sls remove --stage prod, in services/administrator",
  ]);
});

test('after it, a log that does not answer may have been retired: what to do, and nothing more is claimed', async () => {
  const [state, says] = (await said('offline-enrollment', 'failed', after)) ?? [];
  expect(state).toBe('failed');
  expect(says).toContain(
    'Duo does not show this log: see permission, above. If it was retired, remove it: npx',
  );
  expect(says).toContain('those whose action begins with o2fa_');
  const [unseen, text] = (await said('offline-enrollment', 'unknown', after)) ?? [];
  expect([unseen, text]).toEqual(['unknown', expect.stringContaining('could not see whether')]);
});

test('of a log of which nothing is said, nothing is said', async () => {
  expect(await said('telephony', 'ok', after)).toBeUndefined();
});
