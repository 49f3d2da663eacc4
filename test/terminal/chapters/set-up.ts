import { expect, test } from '@jest/globals';
import { stage } from '../place';
import type { Chapter } from '../scene';

/** From nothing to what is deployed and has not run yet. */
export const setUp: Chapter = (scene) => {
  test('doctor finds no stage, and says what to deploy', async () => {
    const { text } = await scene().terminal.run(`npx pnpm duo doctor --stage ${stage}`, 1);
    expect(text).toContain(`npx pnpm sls storage:deploy --stage ${stage}`);
  });

  test('doctor finds the storage and no log type, and says what to deploy', async () => {
    const { place, terminal } = scene();
    await place.deploy('storage');
    const { text, tooLong } = await terminal.run(`npx pnpm duo doctor --stage ${stage}`, 1);
    expect(text).toMatch(/^✓ Duo reachable/m);
    expect(text).toMatch(/^✓ signature/m);
    expect(text).toMatch(/^✓ store readable/m);
    expect(text).toMatch(/^✗ deployed$/m);
    expect(text).toContain(`npx pnpm sls deploy --stage ${stage}`);
    expect(tooLong).toEqual([]);
  });

  test('status says that nothing is deployed', async () => {
    const { text } = await scene().terminal.run(`npx pnpm duo status --stage ${stage}`, 1);
    expect(text).toContain(`npx pnpm sls deploy --stage ${stage}`);
  });

  test('doctor finds that no run has saved anything yet, and where its log is', async () => {
    const { place, terminal } = scene();
    await place.deploy('telephony');
    const { text, said, tooLong, coloured } = await terminal.run(`npx pnpm duo doctor --stage ${stage}`, 1);
    expect(text).toMatch(/^✓ schedule +rate\(8 hours\)$/m);
    expect(text).toMatch(/^✗ last run$/m);
    expect(said).toContain('wait for the first one, in at most 8 h');
    expect(text).toContain(`npx pnpm duo logs telephony --stage ${stage} --errors`);
    expect(text).toMatch(/\b1 of \d+ checks failed/);
    expect(tooLong).toEqual([]);
    expect(coloured.length).toBeGreaterThan(5);
  });

  test('status shows the log without a run', async () => {
    const { text, tooLong } = await scene().terminal.run(`npx pnpm duo status --stage ${stage}`);
    expect(text).toMatch(/^telephony +- +- +0 +- +- +- +none yet$/m);
    expect(tooLong).toEqual([]);
  });
};
