import { expect, test } from '@jest/globals';
import { stage } from '../place';
import type { Chapter } from '../scene';
import { keys } from '../terminal';

/** Skips a backlog. */
export const checkpoint: Chapter = (scene) => {
  const anHourAgo = `${new Date(Date.now() - 3_600_000).toISOString().slice(0, 16)}:00Z`;
  const set = `npx pnpm duo checkpoint set telephony --stage ${stage} --watermark ${anHourAgo}`;

  test('checkpoint show has where the runs go on', async () => {
    const { said, tooLong } = await scene().terminal.run(
      `npx pnpm duo checkpoint show telephony --stage ${stage}`,
    );
    expect(said).toMatch(/^scheduled runs from \S+ up to .* window open, page 2; remembers [\d,]+ records$/);
    expect(tooLong).toEqual([]);
  });

  test('checkpoint set says what it will do, asks, and does nothing unless told to', async () => {
    const { terminal } = scene();
    await terminal.start(set);
    const asked = await terminal.see(/Save it\?/);
    expect(asked).toMatch(/skip telephony of [^,]*, which becomes a gap/);
    terminal.press(keys.enter);
    const { text } = await terminal.finish(1);
    expect(text).toContain('Nothing was changed');
    const { text: shown } = await terminal.run(`npx pnpm duo checkpoint show telephony --stage ${stage}`);
    expect(shown).not.toContain(anHourAgo);
  });

  test('checkpoint set keeps the old one, and what is skipped becomes a gap', async () => {
    const { place, terminal } = scene();
    await terminal.start(set);
    await terminal.see(/Save it\?/);
    terminal.press('y');
    const { said } = await terminal.finish();
    expect(said).toContain(`the next run goes on at ${anHourAgo}`);
    const backup = /kept as s3:\/\/[^/]+\/(state\/telephony\/checkpoint-\d+\.json)/.exec(said)?.[1];
    expect(await place.aws.keys(await place.bucket(), 'state/')).toContain(backup);
    const show = await terminal.run(`npx pnpm duo checkpoint show telephony --stage ${stage}`);
    expect(show.text).toContain(`up to ${anHourAgo}`);
    expect(show.text).toMatch(/^Gaps not yet compared with Duo:$/m);
    expect(show.tooLong).toEqual([]);
  });
};
