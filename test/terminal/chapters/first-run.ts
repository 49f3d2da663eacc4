import { expect, test } from '@jest/globals';
import { stage } from '../place';
import type { Chapter } from '../scene';

/** A backlog of a day, of which the first run has read a page. */
export const firstRun: Chapter = (scene) => {
  test('status shows how far a run has come in a backlog, in red', async () => {
    const { place, terminal } = scene();
    expect(await place.collect()).toEqual({ outcome: 'more', records: 1000 });
    const { text, tooLong, coloured } = await terminal.run(`npx pnpm duo status --stage ${stage}`);
    expect(text).toContain(`s3://${await place.bucket()} at `);
    expect(text).toMatch(/^LOG TYPE +WATERMARK +BEHIND +RECORDS +OBJECTS +GAPS +LAST RUN$/m);
    const row = /^telephony +\d\d-\d\d \d\d:\d\d +2\d h +(?:1,000|9\d\d) +1 +0 +more$/m.exec(text)?.[0];
    expect(row).toBeDefined();
    expect(coloured).toContain(row);
    expect(text).toMatch(/^ {4}window .*: \d+ % read, 1 pages?$/m);
    expect(tooLong).toEqual([]);
  });

  test('doctor calls it a backlog', async () => {
    const { text, tooLong } = await scene().terminal.run(`npx pnpm duo doctor --stage ${stage}`, 1);
    expect(text).toMatch(/^✗ last run$/m);
    expect(text).toMatch(/A backlog shrinks/);
    expect(tooLong).toEqual([]);
  });
};
