import type { Clock } from '../clock';
import { ThrottledError, UnauthorizedError, UnavailableError } from '../errors';
import type { Pause } from '../onlooker';

/**
 * What is tried again and when; times in milliseconds. Anything not named here is not tried again: the schedule is
 * the retry. A 429 that says how long to wait is believed. Duo's is not known to (elastic/integrations#11822), and Duo counts
 * by the minute (elastic/integrations#11441): asking again and again within it makes it worse. After a minute in which this
 * client asked nothing, others have used the limit up, and one early try is worth its request; see docs/performance.md.
 */
const retryRules = {
  unavailable: { attempts: 5, firstWait: 1_000, longestWait: 20_000 },
  throttled: {
    asked: { shortestWait: 1_000, jitter: 2_000 },
    idle: { sinceLast: 60_000, shortestWait: 10_000, jitter: 5_000 },
    otherwise: { shortestWait: 60_000, jitter: 30_000 },
  },
  unauthorized: { attempts: 2 },
} as const;

/** What `withRetries` needs besides the attempt itself. */
export interface RetryContext {
  readonly clock: Clock;
  /** A number in [0, 1), as `Math.random` gives. */
  readonly random: () => number;
  /** No wait reaches beyond this moment, in ms: the last error is thrown instead. */
  readonly deadline: number;
  /** Whether Duo's 429 is waited for; otherwise it is thrown at once. */
  readonly waitsWhenThrottled: boolean;
  /** Called once after the first 401, before the second attempt: credentials may have been rotated. */
  readonly renewCredentials: () => Promise<void>;
  /** Told of every failure that is followed by another attempt, and of the wait before it. */
  readonly onRetry: (error: Error, pause: Pause) => void;
}

/** Calls `attempt` until it succeeds or until `retryRules` and the deadline are used up; then throws the last error. */
export async function withRetries<T>(attempt: () => Promise<T>, context: RetryContext): Promise<T> {
  let unavailable = 0;
  let unauthorized = 0;
  let throttled = 0;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      let pause: Pause;
      if (error instanceof ThrottledError && context.waitsWhenThrottled) {
        throttled += 1;
        pause = { wait: throttledWait(error, throttled, context.random()), failed: throttled, most: null };
      } else if (error instanceof UnavailableError) {
        unavailable += 1;
        const { attempts: most } = retryRules.unavailable;
        if (unavailable >= most) throw error;
        pause = { wait: fullJitter(unavailable, context.random()), failed: unavailable, most };
      } else if (error instanceof UnauthorizedError) {
        unauthorized += 1;
        const { attempts: most } = retryRules.unauthorized;
        if (unauthorized >= most) throw error;
        await context.renewCredentials();
        pause = { wait: 0, failed: unauthorized, most };
      } else {
        throw error;
      }
      if (context.clock.now() + pause.wait >= context.deadline) throw error;
      context.onRetry(error, pause);
      await context.clock.sleep(pause.wait);
    }
  }
}

/** Never less than Duo asks for: the jitter comes on top, so that many collectors do not come back in the same second. */
function throttledWait({ retryAfter, sinceLast }: ThrottledError, failures: number, random: number): number {
  const { asked, idle, otherwise } = retryRules.throttled;
  if (retryAfter !== undefined) return Math.max(asked.shortestWait, retryAfter) + random * asked.jitter;
  const { shortestWait, jitter } = failures === 1 && sinceLast > idle.sinceLast ? idle : otherwise;
  return shortestWait + random * jitter;
}

/** https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
function fullJitter(failures: number, random: number): number {
  const { firstWait, longestWait } = retryRules.unavailable;
  return random * Math.min(longestWait, firstWait * 2 ** failures);
}
