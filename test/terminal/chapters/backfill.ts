import { expect, test } from '@jest/globals';
import { stage } from '../place';
import type { Chapter } from '../scene';
import { interrupted, keys } from '../terminal';

const bar = /^█+░+ +[1-9]\d* % .* records$/m;

/** What the checkpoint was moved past, read by the deployed function. */
export const backfill: Chapter = (scene) => {
  test('backfill shows a bar, and at Ctrl-C how to go on', async () => {
    const { noted, terminal } = scene();
    await terminal.start(noted.backfill);
    const screen = await terminal.see(bar);
    expect(bar.exec(screen)?.[0].length).toBeLessThan(80);
    terminal.press(keys.ctrlC);
    const { text, said } = await terminal.finish(interrupted);
    expect(text).toMatch(/^Reads telephony of .*, in 2 parts\.$/m);
    expect(said).toContain('Interrupted.');
    expect(said).toContain('the same command goes on');
  });

  test('backfill goes on where it was interrupted, and takes its bar away', async () => {
    const { noted, terminal } = scene();
    await terminal.start(noted.backfill);
    await terminal.see(bar);
    const { text } = await terminal.finish();
    expect(text).toMatch(/^Done: [\d,]+ new records below s3:\/\/.*\/logs\/telephony\/\.$/m);
    expect(text).not.toMatch(/[█░]/);
  });

  test('backfill says that nothing is left to do', async () => {
    const { noted, terminal } = scene();
    const { text } = await terminal.run(noted.backfill);
    expect(text).toContain('Nothing is left to do.');
  });

  test('checkpoint show has the backfill as done, and the gap is none any more', async () => {
    const { terminal } = scene();
    const { text, tooLong } = await terminal.run(`npx pnpm duo checkpoint show telephony --stage ${stage}`);
    expect(text).toMatch(/^backfill of .*: done$/m);
    expect(text).not.toContain('Gaps');
    expect(tooLong).toEqual([]);
    const status = await terminal.run(`npx pnpm duo status --stage ${stage}`);
    expect(status.text).toMatch(/^telephony .* 0 +caught up$/m);
    expect(status.text).not.toMatch(/^ {4}gap /m);
  });
};
