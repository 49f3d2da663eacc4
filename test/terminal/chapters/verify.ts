import { expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { stage } from '../place';
import type { Chapter, Scene } from '../scene';

const nothing = /^missing {2}0\ndoubled {2}0\nforeign {2}0\nchanged {2}0$/m;

/** What Duo shows and what is stored, before and after an object was deleted. */
export const verify: Chapter = (scene) => {
  test('verify finds nothing missing, doubled or foreign', async () => {
    const { text } = await scene().terminal.run(command(scene()));
    expect(text).toMatch(nothing);
    expect(text).not.toMatch(/[█░]/);
  });

  test('verify names what is missing after an object was deleted', async () => {
    const { place, terminal } = scene();
    const bucket = await place.bucket();
    // A page of the backfill.
    const keys = await place.aws.keys(bucket, 'logs/telephony/');
    const key = keys.find((name) => /-000003-[^/]+$/.test(name)) ?? '';
    const id = idOf((await place.aws.records(bucket, key))[0]);
    await place.buckets.remove(bucket, key);
    const { text } = await terminal.run(`${command(scene())} --examples 2`, 1);
    expect(text).toMatch(new RegExp(`^missing {2}1,000\n {2}\\S+ {2}${id}\n {2}\\S+ {2}\\S+\n {2}…$`, 'm'));
    expect(text).toContain('--repair');
  });

  test('verify --repair stores what is missing and says where; then nothing is found any more', async () => {
    const { place, terminal } = scene();
    const { text } = await terminal.run(`${command(scene())} --examples 0 --repair`);
    const [, named = ''] = text.split('What was missing is stored now:\n');
    const bucket = await place.bucket();
    const stored = named.split('\n').map((key) => place.aws.records(bucket, key.trim()));
    expect((await Promise.all(stored)).flat()).toHaveLength(1000);
    const again = await terminal.run(command(scene()));
    expect(again.text).toMatch(nothing);
  });
};

/** Of what was skipped, and all that came after it. */
function command({ noted }: Scene): string {
  const [from = ''] = /--from \S+/.exec(noted.backfill) ?? [];
  return `npx pnpm duo verify telephony --stage ${stage} ${from}`;
}

const record = z.object({ telephony_id: z.string() });

function idOf(text = ''): string {
  return record.parse(JSON.parse(text)).telephony_id;
}
