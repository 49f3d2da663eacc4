import { expect, test } from '@jest/globals';
import { stage } from '../place';
import type { Chapter } from '../scene';

/** Colours where they help, and only there. */
export const colours: Chapter = (scene) => {
  for (const command of [`status --stage ${stage}`, `doctor --no-write --stage ${stage}`]) {
    test(`${command} has colours in a terminal, none with NO_COLOR and none in a pipe`, async () => {
      const { terminal } = scene();
      expect((await terminal.run(`npx pnpm duo ${command}`)).coloured).not.toEqual([]);
      expect((await terminal.run(`NO_COLOR=1 npx pnpm duo ${command}`)).coloured).toEqual([]);
      expect((await terminal.run(`npx pnpm duo ${command} | cat`)).coloured).toEqual([]);
    });
  }
};
