/** The only way to the time and to timers, so that no test waits. Times are milliseconds since 1970. */
export interface Clock {
  now(): number;
  /** Resolves after `ms`, or as soon as `signal` aborts, whichever comes first; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. A wait of more than `longestTimer` ends after that. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.min(ms, longestTimer));
      signal?.addEventListener('abort', wake);
    }),
};

/** In ms, 24.8 days: a timer that is set for longer goes off at once, and Duo may ask to wait for any time. */
const longestTimer = 2 ** 31 - 1;

/** A signal that aborts after `ms`, unless `cancel` is called before; without `cancel` its timer keeps a process alive. */
export function expiry(clock: Clock, ms: number): { readonly signal: AbortSignal; cancel(): void } {
  const expired = new AbortController();
  const cancelled = new AbortController();
  void clock.sleep(Math.max(0, ms), cancelled.signal).then(() => {
    if (!cancelled.signal.aborted) expired.abort();
  });
  return { signal: expired.signal, cancel: () => cancelled.abort() };
}
