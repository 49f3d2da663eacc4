import { expect, test } from '@jest/globals';
import { closedDays, daysAgo } from '../days';
import { stage } from '../place';
import type { Chapter } from '../scene';

const verifyDays = `npx pnpm duo verify ${closedDays}`;

/** What Duo shows and what is stored, before and after an object was deleted. */
export const verify: Chapter = (scene) => {
  test('verify finds nothing missing, changed, doubled, astray or deleted', async () => {
    const { text, tooLong } = await scene().terminal.run(verifyDays);
    for (const day of [daysAgo(2), daysAgo(1)])
      expect(text).toMatch(new RegExp(`^${day} +([\\d,]+) +\\1 +0 +0 +0 +0 +0$`, 'm'));
    expect(text).toMatch(/^Everything that Duo shows of 2 days is stored, each record once\.$/m);
    expect(text).not.toMatch(/[█░]/);
    expect(tooLong).toEqual([]);
  });

  test('verify names what is missing after an object was deleted, and stores nothing of that day', async () => {
    const { place, terminal } = scene();
    const bucket = await place.bucket();
    const folder = `logs/telephony/${daysAgo(1).replaceAll('-', '/')}/`;
    const key = (await place.aws.keys(bucket, folder)).at(-1) ?? '';
    // An object lies in the folder of its first record, and may reach into today.
    const ofDay = (await place.aws.records(bucket, key)).filter((text) => text.includes(`"${daysAgo(1)}T`));
    const count = ofDay.length.toLocaleString('en');
    await place.buckets.remove(bucket, key);
    const { text, said } = await terminal.run(`${verifyDays} --examples 2`, 1);
    expect(text).toMatch(new RegExp(`^${daysAgo(1)} .* ${count} +0 +0 +0 +${count}$`, 'm'));
    expect(text.match(/^ {2}missing {2}\S+Z {2}\S+$/gm)).toHaveLength(2);
    expect(said).toContain(`${count} records deleted: stored once and gone now.`);
    const repaired = await terminal.run(`${verifyDays} --repair --examples 0`, 1);
    expect(repaired.said).toContain('backfill telephony --stage');
    expect(await place.aws.keys(bucket, key)).toEqual([]);
  });

  test('backfill --again brings it back; then nothing is found any more', async () => {
    const { terminal } = scene();
    const again = `npx pnpm duo backfill telephony --stage ${stage} --local --again`;
    await terminal.start(`${again} --from ${daysAgo(1)} --to ${daysAgo(1)}`);
    expect(await terminal.see(/Go on\?/)).toContain('a SIEM that deletes what it reads');
    terminal.press('y');
    await terminal.finish();
    expect((await terminal.run(verifyDays)).text).toContain('is stored, each record once.');
  });
};
