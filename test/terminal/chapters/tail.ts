import { expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { type Place, stage } from '../place';
import type { Chapter } from '../scene';
import { interrupted, keys } from '../terminal';

/** `tail`. */
export const tail: Chapter = (scene) => {
  test('tail shows records as they land, with phone numbers masked, until Ctrl-C', async () => {
    const { place, terminal } = scene();
    const before = await newest(place);
    await terminal.start(`npx pnpm duo tail telephony --stage ${stage} --lines 2`);
    const shown = await terminal.see(new RegExp(before));
    expect(shown.match(/"telephony_id"/g)).toHaveLength(2);
    expect(shown).toMatch(/"phone": "\+\*+\d\d"/);
    await place.collect();
    const landed = await newest(place);
    expect(landed).not.toBe(before);
    await terminal.see(new RegExp(landed));
    terminal.press(keys.ctrlC);
    await terminal.finish(interrupted);
  });
};

/** `tail` after records of the past were stored. */
export const tailAgain: Chapter = (scene) => {
  test('tail begins with the newest records, not with those that were stored last', async () => {
    const { place, terminal } = scene();
    await terminal.start(`npx pnpm duo tail telephony --stage ${stage} --lines 1`);
    const shown = await terminal.see(/"telephony_id"/);
    expect(shown).toContain(await newest(place));
    terminal.press(keys.ctrlC);
    await terminal.finish(interrupted);
  });
};

const record = z.object({ telephony_id: z.string(), ts: z.string() });

/** The id of the newest record that is stored. */
async function newest(place: Place): Promise<string> {
  const texts = await place.aws.records(await place.bucket(), 'logs/telephony/');
  const records = texts.map((text) => record.parse(JSON.parse(text)));
  return records.sort((one, other) => (one.ts < other.ts ? -1 : 1)).at(-1)?.telephony_id ?? '';
}
