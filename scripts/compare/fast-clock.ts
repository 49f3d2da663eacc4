/** A time that passes faster than that of the machine. */
export interface FastClock {
  /** In ms since 1970. */
  now(): number;
  /** Waits until a moment (ms since 1970) of this time. */
  until(moment: number): Promise<void>;
  /** What tells a process of it: see fast-time.cjs and python/sitecustomize.py. */
  readonly environment: Record<string, string>;
}

/** Begins a time at `start` (ms since 1970), which passes `speed` times as fast from now on. */
export function fastClock(start: number, speed: number): FastClock {
  const begun = Date.now();
  const now = () => start + (Date.now() - begun) * speed;
  return {
    now,
    until: (moment) => new Promise((done) => setTimeout(done, Math.max(0, (moment - now()) / speed))),
    environment: {
      COMPARE_SPEED: String(speed),
      COMPARE_START: String(start / 1000),
      COMPARE_BEGUN: String(begun / 1000),
      // A time-out of 30 s is half a second then, and a wait longer than it would be: to nobody's advantage but the others'.
      COMPARE_WAITS: String(1 / Math.min(speed, 60)),
    },
  };
}
