import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { recordsIn } from 'duo-core';
import { createCollected } from '../support/collected';
import { said, widest } from '../support/said';

const hour = 3_600_000;
let collected: Awaited<ReturnType<typeof createCollected>>;
beforeEach(async () => {
  collected = await createCollected();
});
afterEach(() => collected.close());

const keysOf = (log: string) =>
  readdirSync(collected.root, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.startsWith(`logs/${log}/`) && name.endsWith('.gz'),
  );
const textsOf = (key: string) => recordsIn(readFileSync(join(collected.root, key)));

/** What somebody else puts beside the collector's objects, under a name as of theirs, of a window before now (ms). */
function put(log: string, ago: number, body: string): string {
  const to = collected.clock.now() - ago;
  const folder = new Date(to).toISOString().slice(0, 10).replaceAll('-', '/');
  const key = `logs/${log}/${folder}/${to - hour}-${to}-000009-${'0'.repeat(32)}.ndjson.gz`;
  mkdirSync(dirname(join(collected.root, key)), { recursive: true });
  writeFileSync(join(collected.root, key), gzipSync(body));
  return key;
}

async function doctor(log = 'telephony') {
  const { exitCode, out } = await collected.command(`doctor ${log}`);
  expect(widest(out.replaceAll(/.*(?:\/|file:).*/g, ''))).toBeLessThanOrEqual(80);
  return { exitCode, out };
}

describe('with records of the last hours', () => {
  beforeEach(async () => {
    collected.publish('telephony', 1_200, 10);
    await collected.collect('telephony');
  });

  test('objects and records are counted, and none is doubled', async () => {
    const { exitCode, out } = await doctor();
    expect(exitCode).toBe(0);
    expect(said(out, '✓', 'last day')).toMatch(/^1,\d{3} records in \d objects?$/);
    expect(said(out, '✓', 'newest objects')).toMatch(
      /^\d objects? with 1,\d{3} records, each a JSON object$/,
    );
    expect(said(out, '✓', 'doubled')).toMatch(/^none of 1,\d{3} records of the last day$/);
  });

  test('as many of today are stored as the checkpoint has counted, and where some were deleted, that is said', async () => {
    expect(said((await doctor()).out, '✓', 'today')).toMatch(/^all of 1,\d{3} records counted$/);
    const [key = ''] = keysOf('telephony');
    const gone = textsOf(key).length;
    rmSync(join(collected.root, key));
    const told = said((await doctor()).out, '?', 'today');
    const [, there = '', counted = ''] =
      /^([\d,]+) of the ([\d,]+) records that were stored are there/.exec(told) ?? [];
    const number = (text: string) => Number(text.replaceAll(',', ''));
    expect(number(counted) - number(there)).toBe(gone);
    expect(told).toMatch(/: npx pnpm duo verify telephony --store file:\S+ --from 2d$/);
  });

  test.each([
    ['no JSON', 'garbage\n'],
    ['cut off', '{"ts":"2026-03-01T1\n'],
    ['a list', '[{"ts":"2026-03-01T11:00:00Z"}]\n'],
    ['null', 'null\n'],
  ])('an object with a line that is %s is named, and what to do about it', async (_, line) => {
    const key = put('telephony', 0, `${textsOf(keysOf('telephony')[0] ?? '')[0]}\n${line}`);
    const { exitCode, out } = await doctor();
    expect(exitCode).toBe(1);
    expect(said(out, '✗', 'last day')).toBe(
      `${collected.store}/${key}: not every line is a JSON object, as Duo's records are. Put its earlier version back; or remove it, and store what Duo still has of it, once its days are closed: npx pnpm duo backfill telephony --store ${collected.store} --local --again --from 2026-03-01 --to 2026-03-01`,
    );
    expect(said(out, '?', 'newest objects')).toBe('see above; the others can be read');
  });

  test('a thousand records that are stored again are found, and how to see which days', async () => {
    const texts = keysOf('telephony').flatMap(textsOf).slice(0, 1_000);
    put('telephony', 0, `${texts.join('\n')}\n`);
    const { exitCode, out } = await doctor();
    expect(exitCode).toBe(1);
    expect(said(out, '✗', 'doubled')).toMatch(
      /^1,000 records too many: the same text is stored more than once\. .*: npx pnpm duo verify telephony --store file:\S+ --from 2d$/,
    );
  });

  test('of two records without an id, it is not claimed that one is stored again', async () => {
    put('telephony', 0, '{}\n{}\n');
    expect(said((await doctor()).out, '✓', 'doubled')).toMatch(/^none of /);
  });

  test('of an object that cannot be read, nothing is said of what is doubled', async () => {
    const [key = ''] = keysOf('telephony');
    writeFileSync(join(collected.root, key), 'no gzip');
    const { out } = await doctor();
    expect(said(out, '✗', 'last day')).toContain(`${key}: it is not gzip`);
    expect(said(out, '?', 'doubled')).toBe('see above');
  });
});

test('where all objects are gone, it is said that there were some', async () => {
  collected.publish('telephony', 200, 10);
  await collected.collect('telephony');
  rmSync(join(collected.root, 'logs/telephony'), { recursive: true });
  expect(said((await doctor()).out, '?', 'newest objects')).toMatch(
    /^none within 30 days, though at least \d+ records of these days were stored: they were deleted\. A reader that deletes/,
  );
});

test('the newest objects are looked at where nothing has come for days', async () => {
  await collected.collect('telephony');
  const older = put('telephony', 96 * hour, 'garbage\n');
  const newer = [put('telephony', 70 * hour, '{}\n'), put('telephony', 60 * hour, '{}\n{}\n')];
  const { out } = await doctor();
  expect(said(out, '✓', 'last day')).toBe('0 records in 0 objects');
  expect(said(out, '✗', 'newest objects')).toContain(`${older}: not every line`);
  expect(out).not.toContain(newer[0]);
  put('telephony', 50 * hour, '{}\n');
  expect(said((await doctor()).out, '✓', 'newest objects')).toBe(
    '3 objects with 4 records, each a JSON object',
  );
});

test('of a log whose records have no id, two may be equal: it is not claimed that one is doubled', async () => {
  collected.publish('administrator', 20, 5);
  await collected.collect('administrator');
  const [key = ''] = keysOf('administrator');
  put('administrator', 0, `${textsOf(key).join('\n')}\n`);
  expect(said((await doctor('administrator')).out, '?', 'doubled')).toMatch(
    /^records of this log have no id, and two may be equal\. To compare them with Duo's: npx pnpm duo verify administrator/,
  );
});
