import { expect, test } from '@jest/globals';
import type { Chapter } from '../scene';

/** A run on the operator's machine. */
export const collect: Chapter = (scene) => {
  test('collect says what it stored, and the next time that there is nothing new', async () => {
    const { terminal } = scene();
    const command = 'LOOKBACK_HOURS=1 npx pnpm duo collect telephony --to collected';
    const { text, said } = await terminal.run(command);
    expect(text).not.toMatch(/[█░{]/);
    expect(said).toMatch(
      /^[34]\d\d new records in 1 objects? below file:\/\/\S+\/collected\/logs\/telephony\/\. /,
    );
    expect(text).toMatch(/^Everything up to \S+ is there; the next run goes on from it\.$/m);
    expect((await terminal.run(command)).text).toMatch(/^0 new records in 0 objects /m);
  });

  test('status shows a directory as well', async () => {
    const { text, tooLong } = await scene().terminal.run('npx pnpm duo status --store file://$PWD/collected');
    expect(text).toMatch(/^telephony .* [34]\d\d +none +0 +0 +caught up$/m);
    expect(tooLong).toEqual([]);
  });
};
