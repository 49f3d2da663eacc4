import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { recordsIn } from 'duo-core';
import { createCollected } from './support/collected';

const minute = 60_000;
let collected: Awaited<ReturnType<typeof createCollected>>;
/** The only object, and the path of it. */
let key: string;
let path: string;
beforeEach(async () => {
  collected = await createCollected();
  collected.publish('telephony', 50, 10);
  await collected.collect('telephony');
  [key = ''] = keys();
  path = join(collected.root, key);
});
afterEach(() => collected.close());

const keys = () =>
  readdirSync(join(collected.root, 'logs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.gz'))
    .map((name) => `logs/${name}`);

const said = async (command: string) => {
  const ctrlC = { ...collected.clock, sleep: () => Promise.reject(new Error('Ctrl-C')) };
  const clock = command.startsWith('tail') ? ctrlC : collected.clock;
  const { exitCode, out, err } = await collected.command(command, { clock });
  return { exitCode, text: (out + err).replace(/\s+/g, ' ') };
};

const damage: [string, (whole: Uint8Array) => Uint8Array, string][] = [
  ['empty', () => new Uint8Array(), 'it is empty'],
  ['cut off', (whole) => whole.subarray(0, whole.length / 2), 'it is cut off: its gzip has no end'],
  ['no gzip', () => Buffer.from('{"ts":"2026-03-01T10:00:00Z"}\n'), 'it is not gzip'],
  [
    'a small gzip of very much',
    () => gzipSync(Buffer.alloc(40_000_000)),
    'no collector wrote this object: its gzip holds',
  ],
];

describe.each(damage)('an object that is %s is named by', (_what, change, problem) => {
  test.each([
    'status',
    'doctor',
    'tail telephony',
    'verify telephony --from 2026-02-28T12:00:00Z',
    'report --check --json',
  ])('%s', async (command) => {
    writeFileSync(path, change(readFileSync(path)));
    const { exitCode, text } = await said(command);
    expect([exitCode, text]).toEqual([1, expect.stringContaining(`${collected.store}/${key}: ${problem}`)]);
    expect(text).not.toMatch(/Z_|unexpected end|incorrect header|waiting for it/);
  });
});

test('what can be said without a damaged object is said', async () => {
  await collected.collect('activity');
  writeFileSync(path, '');
  const { text } = await said('status');
  expect(text).toMatch(/activity 03-01 11:58 .* telephony 03-01 11:58 2 min \? none 0 0 caught up/);
});

test('tail prints the other objects, then and later, says which it could not read, and fails in the end', async () => {
  collected.clock.advance(2 * minute);
  collected.publish('telephony', 5, 0.01);
  await collected.collect('telephony');
  writeFileSync(path, '');
  let stop = () => {};
  const story = [
    async () => {
      collected.publish('telephony', 7, 0.02);
      await collected.collect('telephony');
    },
    async () => stop(),
  ];
  const clock = {
    ...collected.clock,
    sleep: async () => {
      collected.clock.advance(2 * minute);
      await story.shift()?.();
    },
  };
  const { exitCode, out, err } = await collected.command('tail telephony --lines 99 --raw', {
    clock,
    onInterrupt(then) {
      stop = then;
    },
  });
  expect(exitCode).toBe(1);
  const others = keys().filter((other) => other !== key);
  const texts = others.flatMap((other) => recordsIn(readFileSync(join(collected.root, other))));
  expect(others).toHaveLength(2);
  expect(out.split('\n').slice(0, -1).toSorted()).toEqual(texts.toSorted());
  expect(err).toContain(`${collected.store}/${key}: it is empty.`);
  expect(err).toMatch(/The records of 1 object are not among these: see above\.\n$/);
});

describe.each([
  ['empty', () => '', 'the checkpoint is empty'],
  ['cut off', (whole: string) => whole.slice(0, -9), 'the checkpoint is not JSON, or cut off'],
] as const)('a checkpoint that is %s is named by', (_what, change, problem) => {
  test.each([
    'status',
    'doctor',
    'tail telephony',
    'verify telephony --from 2026-02-28T12:00:00Z',
    'checkpoint show telephony',
    'checkpoint set telephony --watermark 2026-03-01T10:00:00Z --yes',
    'receipts telephony',
    'report --json',
    'backfill telephony --local --from 2026-02-20 --to 2026-02-21',
  ])('%s', async (command) => {
    const file = collected.file('telephony');
    writeFileSync(file, change(readFileSync(file, 'utf8')));
    const { exitCode, text } = await said(command);
    expect([exitCode, text]).toEqual([
      1,
      expect.stringContaining(`${collected.store}/state/telephony.json: ${problem}. Nothing was changed.`),
    ]);
  });
});

test('a line that is no JSON is counted, stops what compares it, and nothing of it is printed', async () => {
  writeFileSync(path, gzipSync('+15555550100\n'));
  const { exitCode, text } = await said('status');
  expect([exitCode, text]).toEqual([0, expect.stringMatching(/ 2 min 1 none 0 0 caught up/)]);
  const verified = await said('verify telephony --from 2026-02-28');
  expect([verified.exitCode, verified.text]).toEqual([
    1,
    expect.stringContaining('it is damaged: one of its lines is not JSON'),
  ]);
  expect(text + verified.text).not.toContain('5555');
});
