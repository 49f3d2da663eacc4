import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { createSimulator, fakeClock, type LogSetup, noon, simulatorCredentials } from 'duo-simulator';
import { collect, type Outcome } from '../../src/delivery/collect';
import type { DayOrder, Reconciliation } from '../../src/delivery/days/pass';
import type { Receipt } from '../../src/delivery/days/receipt';
import { type PassOutcome, reconcile } from '../../src/delivery/days/reconcile';
import { reconcileDue } from '../../src/delivery/days/reconcile-due';
import { emptyReconcileReport } from '../../src/delivery/days/reconcile-report';
import { changeWanted, type Wanted } from '../../src/delivery/days/wanted';
import type { Collection } from '../../src/delivery/progress';
import { emptyReport, type RunReport } from '../../src/delivery/run-report';
import { type CredentialsProvider, createDuoClient } from '../../src/duo/duo-client';
import * as limits from '../../src/limits';
import { memoryStore } from './memory-store';
import { visit, visits } from './test-log';

export { noon };
export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;

/** How a run in a world ended. */
export interface WorldRun {
  readonly outcome: Outcome;
  readonly report: RunReport;
  readonly messages: string[];
}

/** A simulated Duo, a store, and a clock that both follow; of how much text runs hold, see `Collection`. */
export async function createWorld({
  logType = visits,
  mostHeld = limits.mostHeld,
  ...form
}: Partial<LogSetup> & { readonly mostHeld?: number } = {}) {
  const clock = fakeClock();
  const simulator = createSimulator({ logs: [{ logType, ...form }], now: clock.now });
  const apiUrl = await simulator.listen();
  const store = memoryStore();
  const log = simulator.log(logType.name);
  const credentials: CredentialsProvider = {
    source: 'the test',
    get: async () => simulatorCredentials,
    renew() {},
  };
  const duo = createDuoClient({ credentials, clock, apiUrl });
  const close = () => simulator.close();
  const own = {
    addRecords,
    expectEachOnce,
    checkpoint,
    run,
    runUntilCaughtUp,
    liveUntil,
    want,
    pass,
    due,
    receipts,
    close,
  };
  return { clock, simulator, apiUrl, duo, store, log, ...own };

  /** Some visits of the last day, several of them in the same millisecond, the last some minutes old. */
  function addRecords(count: number): void {
    for (let i = 0; i < count; i++) {
      const time = noon - 10 * minute - Math.floor((count - 1 - i) / 4) * 20 * second;
      log.add(visit(`id-${String(i).padStart(4, '0')}`, time));
    }
  }

  /** Every published record is in the store, each once. */
  function expectEachOnce(): void {
    expect(store.records().sort()).toEqual(log.published().sort());
  }

  /** What the store holds as the live checkpoint. */
  function checkpoint() {
    return JSON.parse(Buffer.from(store.objects.get(`state/${logType.name}.json`) ?? '').toString());
  }

  /** One run with the world's store and clock, unless told otherwise. */
  async function run(changes: Partial<Collection> = {}): Promise<WorldRun> {
    const report = emptyReport();
    const messages: string[] = [];
    const context = contextOf(messages);
    const outcome = await collect({ ...context, overlap: 5 * minute, report, ...changes });
    return { outcome, report, messages };
  }

  /** Goes on to a moment (ms) with live runs every six hours. */
  async function liveUntil(moment: number): Promise<void> {
    while (clock.now() < moment) {
      clock.advance(Math.min(6 * hour, moment - clock.now()));
      await runUntilCaughtUp();
    }
  }

  /** Puts down the days that somebody wants, in the place of all others. */
  function want(days: Wanted): Promise<void> {
    return changeWanted(store, { logType: logType.name }, () => days, { clock, random: () => 0 });
  }

  /** What a run and a pass have in common. */
  function contextOf(messages: string[]) {
    const say = (message: string) => void messages.push(message);
    return {
      logType,
      duo,
      store,
      clock,
      random: () => 0.5,
      renewCredentials: async () => {},
      waitsWhenThrottled: true,
      lookback: 24 * hour,
      maxPages: 0,
      mostHeld,
      deadline: clock.now() + 4 * minute,
      cutoff: clock.now() + 5 * minute,
      run: randomUUID(),
      log: { info: say, warn: say, error: say },
    };
  }

  /** One pass of a day, unless told otherwise also if there was one before. */
  async function pass(
    day: string,
    changes: Partial<Reconciliation> = {},
    order: Partial<DayOrder> = {},
  ): Promise<{ outcome: PassOutcome; receipt: Receipt | null; messages: string[] }> {
    const messages: string[] = [];
    const context = { ...contextOf(messages), waitsWhenThrottled: false, report: emptyReconcileReport() };
    const ordered = { day, due: 0, again: false, dry: false, ...order };
    const outcome = await reconcile({ ...context, ...changes }, ordered);
    return { outcome, receipt: outcome.kind === 'done' ? outcome.receipt : null, messages };
  }

  /** One run of what is due. */
  async function due(changes: Partial<Reconciliation> = {}) {
    const messages: string[] = [];
    const report = emptyReconcileReport();
    const days: string[] = [];
    const context = { ...contextOf(messages), waitsWhenThrottled: false, report };
    const outcome = await reconcileDue({ ...context, ...changes }, ({ day }) => days.push(day));
    return { outcome, report, days, messages };
  }

  /** The stored receipts, in the order of their keys. */
  function receipts(): Receipt[] {
    const keys = [...store.objects.keys()].filter((key) => key.startsWith('receipts/')).sort();
    return keys.map((key) => JSON.parse(Buffer.from(store.objects.get(key) ?? '').toString()));
  }

  /** Runs as the schedule would, five minutes apart, until a run that starts undisturbed says that it has caught up. */
  async function runUntilCaughtUp(): Promise<void> {
    for (let runs = 0; runs < 100; runs++) {
      clock.advance(5 * minute);
      const { outcome } = await run();
      if (outcome === 'caught-up') return;
    }
    throw new Error('100 runs did not catch up');
  }
}
