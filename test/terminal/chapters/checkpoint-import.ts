import { expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import type { Place } from '../place';
import type { Chapter } from '../scene';
import { keys } from '../terminal';

/** A bucket that the Python function of Google's guide has written to, half an hour ago for the last time. */
export const checkpointImport: Chapter = (scene) => {
  test('checkpoint import asks whether the function is off, and goes on after its last record', async () => {
    const { place, terminal } = scene();
    const collected = await leaveBucket(place);
    const command =
      'npx pnpm duo checkpoint import telephony --store file://$PWD/upgraded --from s3://of-google/duo-telephony/state.json';

    await terminal.start(command);
    await terminal.see(/Is it switched off/);
    terminal.press(keys.enter);
    const refused = await terminal.finish(1);
    expect(refused.text).toContain('Nothing was written');

    await terminal.start(command);
    expect(await terminal.see(/Is it switched off/)).toContain('Switch the function off first');
    terminal.press('y');
    const { said } = await terminal.finish();
    expect(said).toMatch(/The function stopped at \S+; file:\S+ goes on from there\./);
    expect(said).toMatch(/are known by its last object, /);

    const later = (await place.published()).length - collected;
    const run = await terminal.run('npx pnpm duo collect telephony --to upgraded');
    const found = Number(/^(\d+) new records/m.exec(run.text)?.[1]);
    expect(found).toBeGreaterThanOrEqual(later);
    expect(found).toBeLessThan(later + 20); // what Duo has published meanwhile

    const again = await terminal.run(`${command} --yes`, 1);
    expect(again.said).toContain('exists already');
    expect(again.tooLong).toEqual([]);
  });
};

/**
 * What the function leaves: its last records, which Python prints as the simulator does, and how far it came. Resolves to
 * how many records it has collected.
 */
async function leaveBucket({ buckets, published }: Place): Promise<number> {
  const until = Date.now() - 30 * 60_000;
  const collected = (await published()).filter((text) => timeOf(text) < until);
  const name = new Date(until + 180_000).toISOString().slice(0, 19).replace('T', '_').replaceAll(/[-:]/g, '');
  const state = { last_offset: null, last_timestamp_ms: timeOf(collected.at(-1) ?? '') + 1 };
  await buckets.create('of-google');
  await buckets.put(
    'of-google',
    `duo-telephony/duo_telephony_${name}.json`,
    collected.slice(-500).join('\n'),
  );
  await buckets.put('of-google', 'duo-telephony/state.json', JSON.stringify(state));
  return collected.length;
}

const record = z.object({ ts: z.string() });

function timeOf(text: string): number {
  return Date.parse(record.parse(JSON.parse(text)).ts);
}
