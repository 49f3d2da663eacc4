import { type FoundLog, generate, type Simulator } from 'duo-simulator';
import type { Customer } from './customers';

const day = 86_400_000;

/** What the largest account has in a day of each log. */
const largest: Readonly<Record<string, number>> = {
  telephony: 40_000,
  authentication: 200_000,
  activity: 20_000,
  'trust-monitor': 2_000,
};

/** The logs that are collected. */
export const logNames = Object.keys(largest);

/** Publishes what Duo has of the healthy accounts in a span of time (ms): the account of rank n has an nth of what the first has. */
export function publish(
  customers: readonly Customer[],
  logs: readonly FoundLog[],
  simulator: Simulator,
  { from, to, scale }: { readonly from: number; readonly to: number; readonly scale: number },
): void {
  for (const { kind, setup, rank } of customers)
    for (const { logType, samples } of logs) {
      if (kind !== 'healthy') continue;
      const aDay = ((largest[logType.name] ?? 0) * scale) / rank;
      // What is left of a record comes or not by its rank, so that small accounts have some, too.
      const count = Math.floor((aDay * (to - from)) / day + ((rank * 0.618) % 1));
      simulator
        .log(logType.name, setup.name)
        .addAll(generate({ logType, samples, count, from, to, seed: rank }));
    }
}
