import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createCollected } from './support/collected';
import { duo } from './support/operator';
import { said } from './support/said';

/*
 * A checkpoint that is gone though records are stored, and one that a command has saved last: neither is taken for a log that is in
 * order.
 */

let collected: Awaited<ReturnType<typeof createCollected>>;
beforeEach(async () => {
  collected = await createCollected();
  collected.publish('telephony', 240, 10);
  await collected.collect('telephony');
  await collected.collect('activity');
});
afterEach(() => collected.close());

const flat = (text: string) => text.replace(/\s+/g, ' ');

describe('where the checkpoint of a log is gone', () => {
  beforeEach(() => rmSync(collected.file('telephony')));
  const gone = () =>
    `${collected.store}/state/telephony.json is gone, though records of telephony are stored.`;

  test('doctor names it, and does not leave the log out', async () => {
    const { exitCode, out } = await collected.command('doctor');
    expect(exitCode).toBe(1);
    expect(said(out, '✗', 'checkpoint')).toContain(gone());
    expect(said(out, '?', 'today')).toBe('no checkpoint says how many records were stored');
  });

  test.each([
    ['status', 1],
    ['checkpoint show telephony', 1],
    ['verify telephony', 1],
    ['report --json', 1],
  ])('%s says so', async (command, expected) => {
    const { exitCode, out, err } = await collected.command(command);
    expect(exitCode).toBe(expected);
    expect(flat(out + err)).toMatch(/state\/telephony\.json(?: is gone|: it is gone), though records/);
  });

  test('and the next run makes a new one, as that says', async () => {
    await collected.collect('telephony');
    expect((await collected.command('doctor telephony')).exitCode).toBe(0);
  });
});

describe('after checkpoint reset', () => {
  beforeEach(async () => {
    expect((await collected.command('checkpoint reset telephony --yes')).exitCode).toBe(0);
  });

  test('neither doctor nor status takes that for a run', async () => {
    const { out } = await collected.command('doctor telephony');
    expect(said(out, '?', 'last run')).toBe('none since a command has saved the checkpoint, 0 s ago');
    expect((await collected.command('status telephony')).out).toMatch(/^telephony .* none yet$/m);
    collected.clock.advance(10 * 60_000);
    await collected.collect('telephony');
    expect(said((await collected.command('doctor telephony')).out, '✓', 'last run')).toBe('saved 0 s ago');
  });

  test('doctor does not say that nothing of today is stored, nor that all of it is', async () => {
    expect(said((await collected.command('doctor telephony')).out, '?', 'today')).toMatch(
      /^\d+ records stored, and the checkpoint has counted 0: it was replaced today/,
    );
  });
});

test('a directory can be named as the demo and README print it', async () => {
  const { exitCode, err } = await duo('status --store .local/nowhere-of-this-test', {
    clock: collected.clock,
  });
  expect([exitCode, err]).toEqual([
    1,
    expect.stringMatching(/^Nothing was collected into file:\S+nowhere-of-this-test yet/),
  ]);
});
