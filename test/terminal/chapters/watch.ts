import { expect, test } from '@jest/globals';
import { stage } from '../place';
import type { Chapter } from '../scene';
import { interrupted, keys } from '../terminal';

/** `status --watch`. */
export const watch: Chapter = (scene) => {
  test('status --watch shows what a run has brought, in place of what it showed, until Ctrl-C', async () => {
    const { place, terminal } = scene();
    await terminal.start(`npx pnpm duo status --stage ${stage} --watch`);
    await terminal.see(/telephony .* 1 +0 +more\n.*1 pages?/);
    await place.collect();
    const shown = await terminal.see(/telephony .* 2 +0 +more\n.*2 pages/);
    expect(shown.match(/LOG TYPE/g)).toHaveLength(1);
    expect(shown).not.toContain('npx pnpm duo status'); // the screen was cleared
    terminal.press(keys.ctrlC);
    const { text, tooLong } = await terminal.finish(interrupted);
    expect(text).toContain('telephony'); // what was shown last stays
    expect(tooLong).toEqual([]);
    expect((await terminal.run('stty -a')).text).toMatch(/(?<!-)icanon\b.*(?<!-)\becho\b/s);
  });
};
