import { describe, expect, test } from '@jest/globals';
import { fakeClock } from 'duo-simulator';
import { type Checkpoint, claim, firstCheckpoint, open, type WindowRules } from '../src/delivery/checkpoint';
import { loadCheckpoint, saveCheckpoint } from '../src/delivery/checkpoint-store';
import { CheckpointError, ClockError, StoreError } from '../src/errors';
import type { Store } from '../src/store/store';
import { memoryStore } from './support/memory-store';
import { hour, minute, noon, second } from './support/world';

const day = 24 * hour;
const overlap = 5 * minute;
const rules: WindowRules = { overlap, longest: Number.POSITIVE_INFINITY, grain: 1 };
const first = firstCheckpoint({ logType: 'visits' }, noon - day, noon);
const collectedUpTo = (watermark: number, changes: Partial<Checkpoint> = {}): Checkpoint => ({
  ...first,
  watermark,
  reach: watermark - overlap,
  ...changes,
});

describe('opening a window', () => {
  test('the first reaches from the lookback to two minutes ago', () => {
    expect(open(first, noon, rules)?.window).toEqual({
      from: noon - day,
      to: noon - 2 * minute,
      cursor: null,
      pages: 0,
      read: 0,
    });
  });

  test('the next one reaches back over the overlap', () => {
    expect(open(collectedUpTo(noon - 10 * minute), noon, rules)?.window.from).toBe(noon - 15 * minute);
  });

  test('a raised overlap does not reach back to where nothing was remembered', () => {
    expect(open(collectedUpTo(noon - 10 * minute), noon, { ...rules, overlap: hour })?.window.from).toBe(
      noon - 15 * minute,
    );
  });

  test('a lowered overlap is taken at once', () => {
    expect(open(collectedUpTo(noon - 10 * minute), noon, { ...rules, overlap: second })?.window.from).toBe(
      noon - 10 * minute - second,
    );
  });

  test.each([
    [2 * minute, null],
    [3 * minute - 1, null],
    [3 * minute, noon - 2 * minute],
  ])('there is one when at least a minute is to be read: watermark %d ms ago', (age, to) => {
    expect(open(collectedUpTo(noon - age), noon, rules)?.window.to ?? null).toBe(to);
  });

  test.each([
    [noon - 2 * minute + 30 * second, false],
    [noon - 2 * minute + 30 * second + 1, true],
  ])(
    "a watermark more than 30 s after the window's end means that a clock is wrong (%d)",
    (watermark, wrong) => {
      const opening = () => open(collectedUpTo(watermark), noon, rules);
      if (wrong) expect(opening).toThrow(ClockError);
      else expect(opening()).toBeNull();
    },
  );

  test.each([
    [0, noon - 2 * minute - 1],
    [998, noon - 2 * minute - 1],
    [999, noon - 2 * minute + 999],
    [1000, noon - 2 * minute + 999],
  ])('of a log in seconds it never ends inside of a second (%d ms after noon)', (after, to) => {
    const opened = open(collectedUpTo(noon - 10 * minute), noon + after, { ...rules, grain: second });
    expect(opened?.window.to).toBe(to);
  });

  test('where records may move between pages, it reaches no further than the next one reaches back', () => {
    const behind = collectedUpTo(noon - hour);
    const opened = open(behind, noon, { ...rules, longest: overlap });
    expect(opened?.window).toMatchObject({ from: noon - hour - overlap, to: noon - hour + overlap });
    expect(open(collectedUpTo(noon - 4 * minute), noon, { ...rules, longest: overlap })?.window.to).toBe(
      noon - 2 * minute,
    );
  });

  test('what Duo no longer has becomes a gap, and the watermark moves past it', () => {
    const start = noon - 200 * day;
    const opened = open(collectedUpTo(start), noon, rules);
    const from = noon - 179 * day;
    expect(opened).toMatchObject({ watermark: from, gaps: [[start, from]], window: { from } });
    expect(open({ ...opened, window: null } as Checkpoint, noon, rules)?.gaps).toHaveLength(1);
  });
});

describe('loading', () => {
  const stored = (body: string): Store => ({
    ...memoryStore(),
    get: async () => ({ body: Buffer.from(body, 'latin1'), etag: '"1"', putAt: 7 }),
  });
  const text = JSON.stringify(first);

  test('gives back what was saved', async () => {
    expect(await loadCheckpoint(stored(text), { logType: 'visits' })).toEqual({
      state: first,
      etag: '"1"',
      savedAt: 7,
    });
    expect(await loadCheckpoint(memoryStore(), { logType: 'visits' })).toBeNull();
  });

  test('understands what a collector of the first version has saved, which is of the first account that answers', async () => {
    const { source: _, short: _short, ledger: _ledger, ...rest } = first;
    const before = { ...rest, version: 1, until: null, window: { from: 1, to: 2, cursor: '1,a', pages: 3 } };
    const saved = await loadCheckpoint(stored(JSON.stringify(before)), { logType: 'visits' });
    const window = { from: 1, to: 2, cursor: '1,a', pages: 3, read: 0 };
    expect(saved?.state).toEqual({ ...first, since: Date.parse('2026-02-28'), window });
    expect(claim(first, 'api-a.duosecurity.com', 's3://test').source).toBe('api-a.duosecurity.com');
  });

  test.each([
    ['2026-03-01T12:00:00Z', '2026-03-01'],
    ['2026-03-01T00:00:01Z', '2026-03-01'],
    ['2026-03-01T00:00:00.999Z', '2026-02-28'],
  ])(
    'takes one without a ledger for one that has begun on the day of its reach, for nobody knows what was deleted before: %s',
    async (reach, since) => {
      const { ledger: _, ...rest } = first;
      const before = { ...rest, until: null, since: Date.parse('2025-10-01'), reach: Date.parse(reach) };
      const saved = await loadCheckpoint(stored(JSON.stringify(before)), { logType: 'visits' });
      expect(saved?.state).toEqual({ ...first, reach: before.reach, since: Date.parse(since) });
    },
  );

  test.each([
    ['empty', '', 'the checkpoint is empty'],
    ['cut off', text.slice(0, -1), 'the checkpoint is not JSON, or cut off'],
    ['not UTF-8', '\xff', 'the checkpoint is not JSON'],
    [
      'of another version',
      JSON.stringify({ ...first, version: 3 }),
      'the checkpoint has version 3, and this collector reads version 1 and 2',
    ],
    [
      'of another log type',
      JSON.stringify({ ...first, logType: 'doors' }),
      'the checkpoint is of the log type "doors", not "visits"',
    ],
    [
      'without its watermark',
      JSON.stringify({ ...first, watermark: undefined }),
      'the checkpoint is damaged: watermark',
    ],
    ['in seconds', JSON.stringify({ ...first, since: 1.5 }), 'the checkpoint is damaged: since'],
    ['with a field too many', JSON.stringify({ ...first, extra: 1 }), 'the checkpoint is damaged: the whole'],
    [
      'about to write somewhere else',
      JSON.stringify({ ...first, outbox: { key: 'logs/../../evil', body: 'aGk=' } }),
      'the checkpoint is damaged: outbox.key',
    ],
    ['a list', '[]', 'the checkpoint is damaged: the whole'],
    ['null', 'null', 'the checkpoint is damaged: the whole'],
  ])('one that is %s is an error that says so, never a fresh start', async (_what, body, message) => {
    const loading = loadCheckpoint(stored(body), { logType: 'visits' });
    await expect(loading).rejects.toThrow(CheckpointError);
    await expect(loading).rejects.toThrow(`s3://test/state/visits.json: ${message}`);
    await expect(loading).rejects.toThrow(
      /Nothing was changed. (To go on from now, .* duo checkpoint reset visits|Deploy the collector)/,
    );
  });
});

describe('saving', () => {
  const patience = { clock: fakeClock(noon), random: () => 0.5 };

  test('repeats a put that met another one, as long as nobody else has saved', async () => {
    const store = memoryStore();
    let conflicts = 3;
    const busy: Store = {
      ...store,
      put: async (...put) => (conflicts-- > 0 ? { kind: 'conflict' } : store.put(...put)),
    };
    expect(await saveCheckpoint(busy, { ...first, by: 'a/1' }, null, patience)).toMatchObject({
      state: { by: 'a/1' },
    });
  });

  test('refuses what could not be loaded again', async () => {
    const store = memoryStore();
    await expect(saveCheckpoint(store, { ...first, watermark: 1.5 }, null, patience)).rejects.toThrow(
      'watermark',
    );
    expect(store.objects.size).toBe(0);
  });

  test('gives up when it meets others for ever', async () => {
    const busy: Store = { ...memoryStore(), put: async () => ({ kind: 'conflict' }) };
    await expect(saveCheckpoint(busy, first, null, patience)).rejects.toThrow(StoreError);
  });

  test('is superseded by a save of another run, also when that one met it', async () => {
    const store = memoryStore();
    await saveCheckpoint(store, { ...first, by: 'b/1' }, null, patience);
    expect(await saveCheckpoint(store, { ...first, by: 'a/1' }, null, patience)).toBe('superseded');
    const busy: Store = { ...store, put: async () => ({ kind: 'conflict' }) };
    expect(await saveCheckpoint(busy, { ...first, by: 'a/1' }, null, patience)).toBe('superseded');
  });
});
