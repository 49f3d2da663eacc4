import { expect, test } from '@jest/globals';
import type { Chapter } from '../scene';

const commands = 'status doctor credentials checkpoint backfill verify receipts tail collect feed udm'.split(
  ' ',
);

/** What the help says. */
export const help: Chapter = (scene) => {
  test('--help names every command and fits the terminal', async () => {
    const { text, tooLong } = await scene().terminal.run('npx pnpm duo --help');
    for (const command of commands) expect(text).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    expect(tooLong).toEqual([]);
  });

  test('a command without its help is one key away from it', async () => {
    const { text } = await scene().terminal.run('npx pnpm duo backfill', 2);
    expect(text).toContain('--help');
    expect((await scene().terminal.run('npx pnpm duo verify --help')).text).toMatch(
      /MISSING {3}Duo shows it, and it is not stored/,
    );
  });
};
