import { mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { simulatorCredentials } from 'duo-simulator';
import { createCollected } from '../support/collected';
import { said, widest } from '../support/said';

let collected: Awaited<ReturnType<typeof createCollected>>;
beforeEach(async () => {
  collected = await createCollected();
  await collected.collect('telephony');
});
afterEach(() => collected.close());

describe('duo doctor, of the days of a log', () => {
  test('names days that were not compared with Duo in time, and the command that does it', async () => {
    collected.publish('activity', 100, 24 * 6);
    await collected.collect('activity', { LOOKBACK_HOURS: '150' });
    const { out } = await collected.command('doctor activity');
    expect(said(out, '✗', 'days due')).toBe(
      `4: 2026-02-24 to 2026-02-27 are waiting to be compared with Duo. Do it: npx pnpm duo backfill activity --store ${collected.store} --local --from 2026-02-24 --to 2026-02-27`,
    );
    expect(said(out, '✓', 'days compared')).toBe('none yet');
    await collected.command('backfill activity --local --from 2026-02-24 --to 2026-02-27');
    const after = await collected.command('doctor activity');
    expect(said(after.out, '✓', 'days due')).toBe('none');
    expect(said(after.out, '✓', 'days compared')).toBe(
      '2026-02-24 to 2026-02-27: nothing doubled, astray or deleted. The newest receipt, written 0 s ago: Duo shows 15, 15 are stored.',
    );
  });

  test('names what the last receipts have found', async () => {
    for (const [day, found] of [
      ['26', { deleted: 2 }],
      ['27', { doubled: 1, astray: 1 }],
    ] as const) {
      const folder = `${collected.root}/receipts/telephony/2026/02/${day}`;
      mkdirSync(folder, { recursive: true });
      const counts = { shown: 9, stored: 9, repaired: 0, changed: 0, doubled: 0, astray: 0, deleted: 0 };
      const of = { version: 1, logType: 'telephony', source: simulatorCredentials.apiHost };
      const receipt = { ...of, day: `2026-02-${day}`, at: 5, ...counts, ...found };
      writeFileSync(`${folder}/5.json`, JSON.stringify(receipt));
    }
    const { out } = await collected.command('doctor');
    const again = `npx pnpm duo backfill telephony --store ${collected.store} --local --again`;
    expect(said(out, '✗', 'days compared')).toBe(
      `2 records of 2026-02-26 deleted. To store them again: ${again} --from 2026-02-26 --to 2026-02-26 1 record of 2026-02-27 astray. To store them again: ${again} --from 2026-02-27 --to 2026-02-27 1 record of 2026-02-27 doubled. Whoever reads the records must drop the repeats.`,
    );
    expect(widest(out.replaceAll(/npx .*/g, ''))).toBeLessThanOrEqual(80);
  });
});
