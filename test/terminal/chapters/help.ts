import { expect, test } from '@jest/globals';
import type { Chapter } from '../scene';

const commands =
  'status doctor credentials checkpoint backfill verify receipts tail collect feed udm ocsf'.split(' ');

/** What the help and the demo say. */
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

  test('the demo moves until its first row is there, and its rows fit', async () => {
    const { terminal } = scene();
    await terminal.start('npx pnpm demo activity telephony');
    await terminal.see(/^░+ +0 % {2}activity and telephony, [1-9]\d* s$/m);
    const { text, tooLong } = await terminal.finish();
    for (const name of ['activity', 'telephony'])
      expect(text).toMatch(new RegExp(`^${name} +5001 +5001 +\\d+ +\\d+ +\\d+ s +0 +0$`, 'm'));
    expect(text).toMatch(/^lost 0\ndoubled 0$/m);
    expect(text).not.toMatch(/[█░]/);
    expect(tooLong).toEqual([]);
  });

  test('what a log does in detail fits as well', async () => {
    const { text, tooLong } = await scene().terminal.run('npx pnpm demo telephony');
    expect(text).toMatch(/^ {2}\d+-\d+-\d{6}-[\da-f]+\.ndjson\.gz$/m);
    expect(text).toMatch(/^lost 0\ndoubled 0$/m);
    expect(tooLong).toEqual([]);
  });
};
