import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { figuresOfHours } from '../bench/accounts/figures-of-hours';
import { type HourOptions, simulateHour } from '../bench/accounts/hour';
import type { Hour } from '../bench/accounts/outcome';
import { type Figure, holds } from '../bench/figures';

/*
 * `pnpm bench accounts` with 20 accounts, a few minutes and a hundredth of the records: that it counts all runs, that nothing of the
 * bad accounts delays another, and that its bounds can be missed.
 */

const small = { healthy: 16, minutes: 5, scale: 0.01 };
const good: HourOptions = { ...small, refused: 0, throttled: 0, concurrency: 1_000 };
const mixed: HourOptions = { ...small, refused: 2, throttled: 2, concurrency: 1_000 };

const before = { ...process.env };
let without: Hour;

beforeAll(async () => {
  without = await simulateHour(good);
});

afterAll(() => {
  process.env = before;
});

const missed = (figures: readonly Figure[]) =>
  figures.filter((figure) => !holds(figure)).map(({ what }) => what);

test('every account runs in its turn, and the bad ones delay nobody', async () => {
  const hour = await simulateHour(mixed);
  expect(hour.usage.collect.runs).toBe(20 * 4);
  // Two in four logs; the throttled ones end well, with nothing.
  expect(hour.usage.collect.failed).toBe(2 * 4);
  expect(hour.logs.reduce((sum, { records }) => sum + records, 0)).toBeGreaterThan(200);
  expect(missed(figuresOfHours(hour, without))).toEqual([]);
});

test('where Lambda has fewer places than throttled runs take, others wait, and the bound is missed', async () => {
  const hour = await simulateHour({ ...mixed, concurrency: 2 });
  expect(missed(figuresOfHours(hour, without))).toEqual(
    expect.arrayContaining([
      'behind at worst, the worst healthy account',
      'runs for which Lambda had no place at once',
      'runs that Lambda gave up',
    ]),
  );
});

test('a record that is not there, or is there twice, is seen', () => {
  const [first, second, ...others] = without.logs;
  if (first === undefined || second === undefined) throw new Error('there are no logs');
  const spoilt = {
    ...without,
    logs: [{ ...first, lost: 1, records: first.records - 1 }, { ...second, doubled: 1 }, ...others],
  };
  expect(missed(figuresOfHours(spoilt, without))).toEqual([
    'records of theirs that are lost or doubled',
    'logs with other records than without them',
  ]);
});
