import { expect, test } from '@jest/globals';
import { stage } from '../place';
import type { Chapter } from '../scene';

/** All is as it should be. */
export const inOrder: Chapter = (scene) => {
  test('doctor finds everything in order', async () => {
    const { place, terminal } = scene();
    await place.catchUp();
    const { text, tooLong } = await terminal.run(`npx pnpm duo doctor --stage ${stage}`);
    expect(text).toMatch(/^Everything that was checked is in order\.$/m);
    // Where the stage does not reconcile, that is said.
    expect(text).not.toMatch(/^(✗|\? (?!reconcile))/m);
    expect(tooLong).toEqual([]);
  });

  test('status shows the log as caught up, with the gap that was made', async () => {
    const { text, tooLong } = await scene().terminal.run(`npx pnpm duo status --stage ${stage}`);
    expect(text).toMatch(/^telephony +\d\d-\d\d \d\d:\d\d +\d+ (?:s|min) +[\d,]+ +none +\d +1 +caught up$/m);
    expect(text).toMatch(/^ {4}gap .*: not compared with Duo yet$/m);
    expect(tooLong).toEqual([]);
  });
};
