import { logOf, type OfLog } from '../../account-log';
import type { PagesContext } from '../../duo/pages';
import { pagingStyles } from '../../duo/paging';
import type { LogRecord } from '../../duo/record';
import { SupersededError } from '../../errors';
import type { Store } from '../../store/store';
import { claim } from '../checkpoint';
import { loadCheckpoint } from '../checkpoint-store';
import { putOutbox } from '../outbox';
import { refuseMixture } from '../refuse-mixture';
import { claimDay, type Day, newDay, newPass, type Pass, settledUpTo, spanOfDay, standingOf } from './day';
import { dayKey, loadDay, saveDay } from './day-store';
import { lastReceipt } from './receipt';
import type { ReconcileReport } from './reconcile-report';
import type { SiftedDay } from './sift-day';
import { readStored, type Stored } from './stored';

/** What reconciliations work with. Times and durations in ms. */
export interface Reconciliation extends PagesContext, Pick<OfLog, 'account'> {
  readonly store: Store;
  /** How far before now the live log will begin, where there is none yet. */
  readonly lookback: number;
  /** Pages that the run may read; 0 is no limit but time. */
  readonly maxPages: number;
  /** How much text (bytes) of pages that come without a pause is held before it is decided on. */
  readonly mostHeld: number;
  /** The moment after which the run starts nothing new. */
  readonly deadline: number;
  /** This run's own name; no other run may have it. */
  readonly run: string;
  /** Counted into as the run goes, so that a run that fails is reported as well. */
  readonly report: ReconcileReport;
}

/** A day that is to be reconciled. */
export interface DayOrder {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  /** A pass that began before this moment (ms) does not count: another one is begun. */
  readonly due: number;
  /** Whether all is stored that is not there: what was deleted, what has changed, and what is astray as well. */
  readonly again: boolean;
  /** Whether nothing is saved or stored; then the day may still be open, and is looked at as far as it is settled. */
  readonly dry: boolean;
  /** Told of each record that is not stored as Duo shows it. */
  readonly onFound?: (
    standing: keyof Pick<SiftedDay, 'missing' | 'changed' | 'astray'>,
    record: LogRecord,
  ) => void;
}

/** A pass that is under way. */
export interface Running {
  readonly order: DayOrder;
  readonly stored: Stored;
  /** How many records were stored once and are not any more; then nothing is stored. */
  readonly deleted: number;
  readonly ledger: number;
  readonly span: { readonly since: number; readonly until: number };
  state: Day;
  etag: string | null;
  /** The pass as this run has begun or found it. */
  readonly begun: Pass;
  pass: Pass;
  /** How many records this run has brought that count for the day. */
  brought: number;
  saves: number;
}

/** Loads what is known of the day and reads what is stored of it, or says why there is nothing to do. */
export async function begin(context: Reconciliation, order: DayOrder): Promise<Running | 'open' | 'past'> {
  const { store, logType, duo, clock, lookback } = context;
  const { day, dry, again, due } = order;
  const of = logOf(context);
  const saved = await loadDay(store, of, day);
  const source = await duo.source();
  const state = claimDay(saved?.state ?? newDay(of, source, day), source, whereOf(context, order));
  if (state.outbox !== null && !dry) await putOutbox(store, state.outbox, context);
  // After that, and before the listing: what the live log has decided on by now is stored, or in its outbox.
  const live = (await loadCheckpoint(store, of))?.state ?? null;
  if (live === null) await refuseMixture(store, of);
  else claim(live, source, store.url);
  // It counts as stored, so it is: a receipt that outlives a checkpoint which is lost with its outbox would say so of nothing.
  if (live !== null && live.outbox !== null && !dry) await putOutbox(store, live.outbox, context);
  const now = clock.now();
  const settled = settledUpTo(live, lookback, now);
  const standing = standingOf(day, settled, now);
  const { since, until } = spanOfDay(day);
  if (standing === 'past' || (standing === 'open' && !(dry && since < settled))) return standing;
  const span = { since, until: Math.min(until, settled) };
  const last = await lastReceipt(store, of, day);
  const began = Math.max(now, (last?.at ?? -1) + 1);
  const goesOn =
    state.pass !== null && state.pass.began >= due && pagingStyles[logType.paging.style].sorted && !dry;
  // At a position there may be another record by now.
  const pass = goesOn && state.pass !== null ? state.pass : newPass(began);
  const stored = await readStored(store, logType, of, span, [live?.outbox ?? null, state.outbox]);
  const entered = live?.ledger[day];
  // The ledger is of whole days: of a part, nobody knows how many there were.
  const isWhole = span.until === until;
  const expected = isWhole ? Math.max((entered ?? 0) + state.brought, last?.stored ?? 0) : 0;
  if (!isWhole || entered === undefined || stored.count < expected) await stored.readRest();
  for (const [id, copies] of Object.entries(pass.edge)) stored.tally.meet(id, copies);
  return {
    order,
    stored,
    deleted: again ? 0 : Math.max(0, expected - stored.count),
    ledger: entered ?? 0,
    span,
    state,
    etag: saved?.etag ?? null,
    begun: pass,
    pass,
    brought: 0,
    saves: 0,
  };
}

/** How a pass may stop before its end. */
export type Stopped = 'more' | 'early' | 'throttled';

/**
 * Keeps how far the pass has come, and lets go of an object that is surely stored: a SIEM may have read and deleted it by the
 * next run, which would put it again.
 */
export async function pause<T extends Stopped>(
  running: Running,
  context: Reconciliation,
  kind: T,
): Promise<T> {
  const { order, pass, begun, state } = running;
  if (!order.dry && !(pass === begun && state.outbox === null))
    await save(running, context, { pass, outbox: null });
  return kind;
}

/** Saves what the pass has come to. Throws a `SupersededError` if another pass is ahead. */
export async function save(
  running: Running,
  context: Reconciliation,
  changes: Partial<Pick<Day, 'pass' | 'outbox' | 'page' | 'brought'>>,
): Promise<void> {
  running.saves += 1;
  const by = `${context.run}/${running.saves}`;
  const saved = await saveDay(context.store, { ...running.state, ...changes, by }, running.etag, context);
  if (saved === 'superseded') {
    context.log.info('another pass of this day is ahead', { day: running.order.day });
    throw new SupersededError('another pass of this day is ahead');
  }
  running.state = saved.state;
  running.etag = saved.etag;
}

/** The URL of the day's state. */
export function whereOf(context: Reconciliation, { day }: DayOrder): string {
  return `${context.store.url}/${dayKey(logOf(context), day)}`;
}
