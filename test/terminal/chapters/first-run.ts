import { expect, test } from '@jest/globals';
import { stage } from '../place';
import type { Chapter } from '../scene';
import { interrupted, keys } from '../terminal';

/** A backlog of a day, of which the first run has read a page. */
export const firstRun: Chapter = (scene) => {
  test('status shows how far a run has come in a backlog, in red', async () => {
    const { place, terminal } = scene();
    expect(await place.collect()).toEqual({ outcome: 'more', records: 1000 });
    const { text, tooLong, coloured } = await terminal.run(`npx pnpm duo status --stage ${stage}`);
    expect(text).toContain(`s3://${await place.bucket()} at `);
    expect(text).toMatch(/^LOG TYPE +WATERMARK +BEHIND +RECORDS +COMPARED +DUE +GAPS +LAST RUN$/m);
    const row = /^telephony +\d\d-\d\d \d\d:\d\d +2\d h +(?:1,000|9\d\d) +none +0 +0 +more$/m.exec(text)?.[0];
    expect(row).toBeDefined();
    expect(coloured).toContain(row);
    expect(text).toMatch(/^ {4}window .*: \d+ % read, 1 pages?$/m);
    // The hours that are not read yet have no bar.
    expect(text).toMatch(/^telephony +[·▁-█ ]*██[·▁-█ ]* {20,}\d+$/m);
    expect(tooLong).toEqual([]);
  });

  test('doctor calls it a backlog', async () => {
    const { text, tooLong } = await scene().terminal.run(`npx pnpm duo doctor --stage ${stage}`, 1);
    expect(text).toMatch(/^✗ last run$/m);
    expect(text).toMatch(/A backlog shrinks/);
    expect(tooLong).toEqual([]);
  });
};

/** `status --watch`. */
export const watch: Chapter = (scene) => {
  test('status --watch shows what a run has brought, in place of what it showed, until Ctrl-C', async () => {
    const { place, terminal } = scene();
    await terminal.start(`npx pnpm duo status --stage ${stage} --watch`);
    await terminal.see(/telephony .* none +0 +0 +more\n.*1 pages?/);
    await place.collect();
    const shown = await terminal.see(/telephony .* none +0 +0 +more\n.*2 pages/);
    expect(shown.match(/LOG TYPE/g)).toHaveLength(1);
    expect(shown).not.toContain('npx pnpm duo status'); // the screen was cleared
    terminal.press(keys.ctrlC);
    const { text, tooLong } = await terminal.finish(interrupted);
    expect(text).toContain('telephony'); // what was shown last stays
    expect(tooLong).toEqual([]);
    expect((await terminal.run('stty -a')).text).toMatch(/(?<!-)icanon\b.*(?<!-)\becho\b/s);
  });
};
