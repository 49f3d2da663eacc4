import { randomUUID } from 'node:crypto';
import {
  type DayOrder,
  defaultLookback,
  emptyReconcileReport,
  type LogType,
  mostHeld,
  type Receipt,
  type Reconciliation,
  reconcile,
} from 'duo-core';
import type { World } from '../operator/world';
import type { LookOn } from '../progress/look-on';
import type { Target } from '../store/target';

/**
 * What passes of this process work with: they wait at Duo's 429 as the live log does, and end when they are done. Somebody looks
 * on.
 */
export function localReconciliation(
  logType: LogType,
  { store, duo, account }: Target,
  { clock }: World,
  { onlooker, log }: LookOn,
): Reconciliation {
  return {
    logType,
    account,
    store,
    duo,
    clock,
    random: Math.random,
    renewCredentials: async () => {}, // They were read when the command began.
    waitsWhenThrottled: true,
    lookback: defaultLookback,
    maxPages: 0,
    mostHeld,
    deadline: Number.POSITIVE_INFINITY,
    cutoff: Number.POSITIVE_INFINITY,
    run: randomUUID(),
    log: { ...log, error() {} }, // What a pass has found, its receipt says.
    onlooker,
    report: emptyReconcileReport(),
  };
}

/**
 * Goes on with passes of a day until one is done. Throws if another one of the same day is ahead again and again: neither would
 * come to its end then.
 */
export async function passToTheEnd(
  context: Reconciliation,
  order: DayOrder,
  say: (line: string) => void,
): Promise<Receipt> {
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const outcome = await reconcile({ ...context, run: randomUUID() }, order);
    if (outcome.kind === 'done') return outcome.receipt;
    if (outcome.kind === 'open' || outcome.kind === 'past')
      throw new Error(`${order.day} can no longer be reconciled: run this again.`);
    if (outcome.kind === 'superseded') say(`Another pass of ${order.day} is ahead of this one: going on.`);
    await context.clock.sleep(Math.ceil(1_000 * (attempt + context.random())));
  }
  throw new Error(
    `${order.day}: ${mostAttempts} passes did not finish, because others are working on the same day. Wait for them, and run this again: nothing is lost or stored twice.`,
  );
}

const mostAttempts = 10;
