import { describe, expect, test } from '@jest/globals';
import { firstCheckpoint, type Receipt } from 'duo-core';
import { noon } from 'duo-simulator';
import { type KnownOfDay, sayOfDay } from '../../src/commands/report/day';

const hour = 3_600_000;
const day = 24 * hour;
const midnight = noon - 12 * hour;
/** Ten days before now. */
const begun = midnight - 10 * day;
const dated = (at: number) => new Date(at).toISOString().slice(0, 10);

const live = {
  ...firstCheckpoint({ logType: 'visits' }, begun, noon),
  reach: noon - hour,
  ledger: { [dated(midnight - 3 * day)]: 42 },
};

function receipt(counts: Partial<Receipt> = {}): Receipt {
  const none = { shown: 5, stored: 5, repaired: 0, changed: 0, doubled: 0, astray: 0, deleted: 0 };
  const of = { version: 1, logType: 'visits', source: 'api-x.duosecurity.com' } as const;
  return { ...of, day: dated(midnight - 3 * day), at: noon - 2 * day, ...none, ...counts };
}

/** What is said of the day that began so many days before this one. */
function said(ago: number, known: Partial<KnownOfDay> = {}) {
  const all = { receipts: [], isReadable: true, live, objects: 0, bytes: 0, ...known };
  return sayOfDay({ day: dated(midnight - ago * day), ...all }, noon - hour, noon);
}

describe('a day with a receipt is what the last one says', () => {
  test.each([
    ['complete', [{}]],
    ['complete', [{ deleted: 1 }, {}]],
    ['complete', [{ shown: 4, stored: 5 }]],
    ['repaired', [{ repaired: 2 }]],
    ['repaired', [{ repaired: 2 }, {}]],
    ['empty', [{ shown: 0, stored: 0 }]],
    ['deleted', [{}, { deleted: 1, stored: 4 }]],
    ['deleted', [{ deleted: 1, doubled: 1 }]],
    ['differs', [{ repaired: 1 }, { doubled: 1, stored: 6 }]],
    ['differs', [{ astray: 1 }]],
    ['differs', [{ changed: 1 }]],
  ] as const)('%s: %j', (state, counts) => {
    const receipts = counts.map((one) => receipt(one));
    expect(said(3, { receipts })).toMatchObject({
      state,
      by: 'receipt',
      records: receipts.at(-1)?.stored,
      shown: receipts.at(-1)?.shown,
      compared: '2026-02-27T12:00:00Z',
    });
  });

  test('and all of them say how many came late, and when', () => {
    const receipts = [receipt({ repaired: 3, at: noon - 2 * day }), receipt({ repaired: 1, at: noon })];
    expect(said(3, { receipts })?.late).toEqual([
      { at: '2026-02-27T12:00:00Z', records: 3 },
      { at: '2026-03-01T12:00:00Z', records: 1 },
    ]);
    expect(said(3, { receipts: [receipt()] })).not.toHaveProperty('late');
  });

  test('but unknown where that cannot be read', () => {
    expect(said(3, { receipts: [receipt()], isReadable: false })).toMatchObject({
      state: 'unknown',
      records: 42,
      by: 'ledger',
    });
  });

  test('whatever gap touches it, and without a checkpoint', () => {
    const gaps: [number, number][] = [[midnight - 3 * day, midnight - 2 * day]];
    for (const one of [{ ...live, gaps }, null, undefined])
      expect(said(3, { receipts: [receipt()], live: one })?.state).toBe('complete');
  });
});

describe('a day without a receipt', () => {
  test.each([
    [0, 'open'],
    [3, 'closed'],
    [10, 'closed'],
  ])('waits to be compared: %d days ago, %s', (ago, why) => {
    expect(said(ago)).toMatchObject({ state: 'waiting', why });
  });

  test('is never compared by itself where the log begins in it', () => {
    const inTheMiddle = { ...live, since: begun + hour };
    expect(said(10, { live: inTheMiddle })).toMatchObject({ state: 'waiting', why: 'beginning' });
    expect(said(11, { live: inTheMiddle, objects: 1 })).toMatchObject({ why: 'beginning' });
  });

  test('has what the ledger says of it, and what lies in its folder', () => {
    expect(said(3, { objects: 2, bytes: 99 })).toEqual({
      day: '2026-02-26',
      state: 'waiting',
      why: 'closed',
      records: 42,
      by: 'ledger',
      objects: 2,
      bytes: 99,
    });
  });

  test('has no record where the log has come to it and its ledger has none, and an unknown number where it has not', () => {
    const behind = { ...live, watermark: midnight - 3 * day };
    expect(said(4, { live: behind })).toMatchObject({ records: 0, by: 'ledger' });
    expect(said(2, { live: behind })).toMatchObject({ records: null, by: null });
    expect(said(12, { live: behind, objects: 1 })).toMatchObject({ records: null, by: null });
    const old = { ...behind, since: noon - 300 * day };
    expect(said(179, { live: old })).toMatchObject({ records: 0 });
    expect(said(181, { live: old })).toMatchObject({ records: null });
  });

  test.each([
    [3, midnight - 3 * day, midnight - 3 * day + 1, 'gap'],
    [3, midnight - 4 * day, midnight - 3 * day, 'waiting'],
    [3, midnight - 2 * day, midnight - day, 'waiting'],
    [3, midnight - 9 * day, midnight, 'gap'],
    [0, midnight + hour, noon - hour, 'gap'],
  ])('is a gap where one touches it: %d days ago', (ago, from, to, state) => {
    expect(said(ago, { live: { ...live, gaps: [[from, to]] } })).toMatchObject({ state });
  });

  test('is past, in a gap or not, when Duo no longer has all of it', () => {
    const gap: [number, number] = [noon - 210 * day, noon - 205 * day];
    const old = { ...live, since: noon - 300 * day, gaps: [gap] };
    expect(said(200, { live: old })).toMatchObject({ state: 'waiting', why: 'past' });
    expect(said(207, { live: old })).toMatchObject({ state: 'gap', why: 'past' });
  });

  test('is nothing before the log begins, or in the future, unless something lies in its folder', () => {
    expect(said(11)).toBeNull();
    expect(said(-1)).toBeNull();
    expect(said(11, { objects: 1 })).toMatchObject({ state: 'waiting' });
    expect(said(3, { live: null })).toBeNull();
    expect(said(3, { live: null, objects: 1 })).toMatchObject({ state: 'waiting' });
  });

  test('is unknown where the checkpoint cannot be read', () => {
    expect(said(3, { live: undefined, objects: 1 })).toMatchObject({ state: 'unknown' });
    expect(said(3, { live: undefined })).toBeNull();
  });
});
