import { expect, test } from '@jest/globals';
import { closedDays, daysAgo } from '../days';
import { stage } from '../place';
import type { Chapter } from '../scene';
import { interrupted, keys } from '../terminal';

const bar = /^█+░+ +[1-9]\d* % .* records.*, \d+ pages?/m;
const backfillHere = `npx pnpm duo backfill ${closedDays} --local`;

/** The days before today, of which the log has skipped some. */
export const backfill: Chapter = (scene) => {
  test('backfill shows a bar, and at Ctrl-C how to go on', async () => {
    const { terminal } = scene();
    await terminal.start(backfillHere);
    const screen = await terminal.see(bar);
    expect(bar.exec(screen)?.[0].length).toBeLessThan(80);
    terminal.press(keys.ctrlC);
    // pnpm is interrupted as well, and may have ended before the command has.
    await terminal.see(/Interrupted\.[\s\S]*the same command again to go/);
    await terminal.finish(interrupted);
  });

  test('backfill goes on where it was interrupted, and takes its bar away', async () => {
    const { text, said } = await scene().terminal.run(backfillHere);
    expect(said).toMatch(/Done: [\d,]+ new records of \d days? below s3:\/\/\S+\/logs\/telephony\/\./);
    expect(text).not.toMatch(/[█░]/);
  });

  test('backfill leaves as they are the days that were just compared', async () => {
    const { said } = await scene().terminal.run(backfillHere);
    expect(said).toContain(
      `compared less than a day ago (verify --repair compares them again, --again also stores what was deleted): ${daysAgo(2)}`,
    );
    expect(said).toContain('Done: 0 new records of 0 days');
  });

  test('receipts has a line for each day, and status the last one', async () => {
    const { terminal } = scene();
    const { text, tooLong } = await terminal.run(`npx pnpm duo receipts ${closedDays}`);
    expect(text).toMatch(/^DAY +WHEN +SHOWN +STORED +REPAIRED +CHANGED +DOUBLED +ASTRAY +DELETED$/m);
    for (const day of [daysAgo(2), daysAgo(1)])
      expect(text).toMatch(new RegExp(`^${day} +\\d\\d-\\d\\d +([\\d,]+) +\\1 +[\\d,]+ +0 +0 +0 +0$`, 'm'));
    expect(tooLong).toEqual([]);
    const status = await terminal.run(`npx pnpm duo status --stage ${stage}`);
    expect(status.text).toMatch(new RegExp(`^telephony .* ${daysAgo(1).slice(5)} +\\d +1 +caught up$`, 'm'));
    expect(status.tooLong).toEqual([]);
  });
};
