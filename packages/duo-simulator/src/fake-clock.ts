import type { Clock } from 'duo-core';

/** When tests take place that stand still. */
export const noon = Date.parse('2026-03-01T12:00:00Z');

/** A clock that stands still until someone sleeps on it. `slept` lists the waits so far, in ms. */
export interface FakeClock extends Clock {
  /** Moves the time forward (or back) by `ms` and wakes whoever is due. */
  advance(ms: number): void;
  readonly slept: number[];
}

/**
 * A plain wait takes no real time: it moves the clock on. A wait that can be cancelled is a time-out for something
 * real, so it only ends when it is cancelled or when the time is moved past it.
 */
export function fakeClock(start = noon): FakeClock {
  let now = start;
  const slept: number[] = [];
  const timeouts = new Map<() => void, number>();
  const clock: FakeClock = {
    slept,
    now: () => now,
    advance(ms) {
      now += ms;
      for (const [wake, due] of timeouts) if (due <= now) wake();
    },
    async sleep(ms, signal) {
      if (signal === undefined) {
        slept.push(ms);
        clock.advance(ms);
        return;
      }
      if (signal.aborted) return;
      await new Promise<void>((resolve) => {
        const wake = () => {
          timeouts.delete(wake);
          resolve();
        };
        timeouts.set(wake, now + ms);
        signal.addEventListener('abort', wake, { once: true });
      });
    },
  };
  return clock;
}
