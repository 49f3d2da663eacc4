import type { RunContext } from 'duo-core';
import type { FakeClock } from 'duo-simulator';

/** What runs in an instance of a function. */
export type Handler = (event: unknown, context: RunContext) => Promise<unknown>;

/** What is known of a run; times in ms. */
export interface Ran {
  readonly functionName: string;
  readonly event: unknown;
  readonly began: number;
  readonly ended: number;
  /** Whether an instance was made for it. */
  readonly cold: boolean;
  /** What the handler returned or threw. */
  readonly result: unknown;
  readonly error: unknown;
  /** ms of the processor, of the other side too, which answers in this process. */
  readonly cpu: number;
}

interface Invocation {
  readonly functionName: string;
  readonly event: unknown;
  readonly arrived: number;
}

/** Of all functions: Lambda gives up what it could not start for so long (`maximumEventAge` in serverless.common.yml), in ms. */
const longestWait = 300_000;

/**
 * Lambda's queue: runs what was invoked in the order of arrival, as many at once as `concurrency` says, each in an instance that
 * is free, else in one of its own that `make` makes. It is a simulation of time: run after run, each with the clock set back to
 * its own beginning, so that many are under way at one moment without waiting for one another.
 */
export function createLambda(
  clock: FakeClock,
  concurrency: number,
  random: () => number,
  make: (functionName: string) => { readonly handler: Handler; readonly lifetime: number },
) {
  const queue: Invocation[] = [];
  const instances = new Map<string, (ReturnType<typeof make> & { freeAt: number })[]>();
  /** When each run ends that is under way. */
  let busyUntil: number[] = [];
  let atOnce = 0;
  let waited = 0;
  let dropped = 0;

  return {
    invoke(functionName: string, event: unknown): void {
      queue.push({ functionName, event, arrived: clock.now() });
    },
    /** Runs all that was invoked until now; `begins` is called before each run, `ended` after it. */
    async runAll(begins: (functionName: string) => void, ended: (ran: Ran) => void): Promise<void> {
      for (const invocation of queue.splice(0)) {
        const began = beginning(invocation.arrived);
        waited += Number(began > invocation.arrived);
        if (began - invocation.arrived > longestWait) {
          dropped += 1;
          continue;
        }
        begins(invocation.functionName);
        ended(await run(invocation, began));
      }
    },
    /** The most runs at one moment, how many had to wait for a place, and how many of those were never started. */
    counts: () => ({ atOnce, waited, dropped }),
  };

  /** When a place is free. */
  function beginning(arrived: number): number {
    busyUntil = busyUntil.filter((end) => end > arrived);
    if (busyUntil.length < concurrency) return arrived;
    const soonest = busyUntil.sort((one, other) => one - other)[busyUntil.length - concurrency] ?? arrived;
    busyUntil = busyUntil.filter((end) => end > soonest);
    return soonest;
  }

  async function run({ functionName, event }: Invocation, began: number): Promise<Ran> {
    const all = instances.get(functionName) ?? [];
    instances.set(functionName, all);
    // Which one Lambda takes is documented nowhere. What it remembers, such as credentials, another account may need.
    const idle = all.filter(({ freeAt }) => freeAt <= began);
    const free = idle[Math.floor(random() * idle.length)];
    const instance = free ?? { ...make(functionName), freeAt: 0 };
    if (free === undefined) all.push(instance);
    clock.advance(began - clock.now());
    const end = began + instance.lifetime;
    const before = process.cpuUsage();
    let result: unknown;
    let error: unknown;
    try {
      result = await instance.handler(event, { getRemainingTimeInMillis: () => end - clock.now() });
    } catch (thrown) {
      error = thrown;
    }
    const { user, system } = process.cpuUsage(before);
    const ended = clock.now();
    instance.freeAt = ended;
    busyUntil.push(ended);
    atOnce = Math.max(atOnce, busyUntil.length);
    return {
      functionName,
      event,
      began,
      ended,
      cold: free === undefined,
      result,
      error,
      cpu: (user + system) / 1000,
    };
  }
}
