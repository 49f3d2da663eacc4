import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { systemClock } from '../src/clock';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test("the machine's clock does not end a wait at once that is longer than a timer can be set for", async () => {
  let isOver = false;
  const waiting = systemClock.sleep(30 * 24 * 3_600_000).then(() => {
    isOver = true;
  });
  await jest.advanceTimersByTimeAsync(24 * 24 * 3_600_000);
  expect(isOver).toBe(false);
  await jest.advanceTimersByTimeAsync(24 * 3_600_000);
  await waiting;
  expect(isOver).toBe(true);
});
