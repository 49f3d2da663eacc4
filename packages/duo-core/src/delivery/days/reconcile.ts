import { logOf } from '../../account-log';
import { createPages, type PageRead, type Pages } from '../../duo/pages';
import { pagingStyles } from '../../duo/paging';
import type { LogRecord } from '../../duo/record';
import { BadRequestError, SupersededError, ThrottledError } from '../../errors';
import { boundsTolerance, mostShort } from '../../limits';
import type { LogType } from '../../log-type';
import { endsEarly } from '../advance';
import { type Batch, createBatch } from '../batch/batch';
import { type Outbox, putOutbox } from '../outbox';
import { readWhole } from '../read-whole';
import { identity } from '../records';
import { shownWith } from '../shown';
import { claimDay, type Pass } from './day';
import {
  begin,
  type DayOrder,
  pause,
  type Reconciliation,
  type Running,
  type Stopped,
  save,
  whereOf,
} from './pass';
import { type Receipt, receiptOutbox } from './receipt';
import { edgeOf, type ShownOfDay, shownOfDay, siftDay } from './sift-day';
import type { Stored } from './stored';

/**
 * How a pass went. `more`: time or pages were used up. `early`: Duo has shown less than it says there is. `throttled`: Duo asked to wait. `superseded`: another pass of the day is
 * ahead. `open`, `past`: the day cannot be reconciled; see `standingOf`.
 */
export type PassOutcome =
  | { readonly kind: 'done'; readonly receipt: Receipt }
  | { readonly kind: 'more' | 'early' | 'throttled' | 'superseded' | 'open' | 'past' };

/**
 * Reconciles one day: reads what Duo shows of it and what is stored of it, stores what is missing, and writes down what was
 * found. As with the live log, a save decides what is stored; it may be killed at any moment and run any number of times at once.
 */
export async function reconcile(reconciliation: Reconciliation, order: DayOrder): Promise<PassOutcome> {
  const pages = createPages({ ...reconciliation, logType: withOtherPages(reconciliation.logType) });
  try {
    return await passOf(reconciliation, order, pages);
  } catch (error) {
    if (error instanceof SupersededError) return { kind: 'superseded' };
    throw error;
  } finally {
    await pages.settle();
  }
}

async function passOf(context: Reconciliation, order: DayOrder, pages: Pages): Promise<PassOutcome> {
  const running = await begin(context, order);
  if (typeof running === 'string') return { kind: running };
  const { since, until } = running.span;
  const asked = { from: since - boundsTolerance, to: until - 1 + boundsTolerance };
  const batch = createBatch<Held>(context, (outbox, held) => decide(running, outbox, held, context));
  const stop = async <T extends Stopped>(kind: T): Promise<{ readonly kind: T }> => {
    await batch.flush();
    return { kind: await pause(running, context, kind) };
  };
  /** What came before a failure is kept; unless storing it is what has failed. */
  const keepWhatCame = (failure: unknown) =>
    stop('more').catch((second: Error) => {
      if (second !== failure) context.log.warn(`and then: ${second.message}`);
    });
  for (let n = 0; ; n++) {
    const { cursor, read, short, edge } = running.pass;
    const window = { ...asked, cursor, pages: n, read, edge: Object.keys(edge) };
    let page: PageRead | null;
    try {
      page = await readWhole(window, pages, {
        mayAsk: (more) => mayAsk(context, more),
        flush: batch.flush,
      });
      if (page !== null) claimDay(running.state, page.source, whereOf(context, order));
    } catch (error) {
      if (error instanceof ThrottledError) return stop('throttled');
      if (!(error instanceof BadRequestError && n === 0 && cursor !== null)) {
        await keepWhatCame(error);
        throw error;
      }
      context.log.warn(`${error.message}; the pass of ${order.day} begins again`);
      await save(running, context, { pass: null, outbox: null });
      return { kind: 'more' };
    }
    if (page === null) return stop('more');
    context.report.pages += 1;
    const isEarly = endsEarly(window, page);
    if (isEarly) tellEarly(page, shownWith(window, page), order, context);
    // What it counts is documented nowhere: it is not believed for ever. A look is not repeated.
    const isAskedAgain = isEarly && short + 1 < mostShort && !order.dry;
    try {
      await take(running, batch, page, asked, isAskedAgain, context);
    } catch (error) {
      await keepWhatCame(error);
      throw error;
    }
    if (isAskedAgain) return stop('early');
    if (page.cursor === null) return end(running, context);
  }
}

/** What a pass comes to with all pages that are held: how many records of them are to be stored, and how many of those count for the day. */
interface Held {
  readonly pass: Pass;
  readonly fresh: number;
  readonly own: number;
}

/** Compares a page with what is stored; what is missing is held or decided on. */
async function take(
  running: Running,
  batch: Batch<Held>,
  page: PageRead,
  asked: { readonly from: number; readonly to: number },
  isAskedAgain: boolean,
  context: Reconciliation,
): Promise<void> {
  const { order, stored, pass, span } = running;
  const { logType } = context;
  const isLast = page.cursor === null;
  // As with the live log, the end is decided by itself.
  await (isLast ? batch.flush() : batch.decided());
  const shown = shownOfDay(page, span, asked);
  await lookClosely(stored, shown);
  // Meanwhile what was held may have waited long enough.
  await batch.decided();
  const sifted = siftDay(shown, stored.tally, !pagingStyles[logType.paging.style].sorted);
  for (const kind of ['missing', 'changed', 'astray'] as const)
    for (const record of sifted[kind]) order.onFound?.(kind, record);
  const own = order.again ? [...sifted.missing, ...sifted.changed] : sifted.missing;
  const fresh = running.deleted > 0 ? [] : [...own, ...(order.again ? sifted.astray : [])];
  const repaired = pass.repaired + fresh.length;
  const counted = {
    ...pass,
    cursor: page.cursor,
    read: shownWith({ read: pass.read, edge: Object.keys(pass.edge) }, page),
    shown: pass.shown + sifted.shown,
    repaired,
    changed: pass.changed + (order.again ? 0 : sifted.changed.length),
    doubled: pass.doubled + sifted.doubled,
    astray: pass.astray + (order.again ? 0 : sifted.astray.length),
    // A page that is empty shares with the next one what the last one does.
    edge: page.records.length === 0 ? pass.edge : edgeOf(page, stored.tally),
  };
  // Of a page without a cursor, the next run counts anew what it shows.
  const saved = isLast ? { ...pass, repaired } : counted;
  running.pass = isAskedAgain ? { ...saved, short: pass.short + 1 } : counted;
  const { after } = batch;
  if (order.dry || (fresh.length === 0 && after === null)) return;
  await batch.add(
    fresh,
    { ...asked, pages: running.state.page, day: span.since },
    {
      pass: isAskedAgain ? running.pass : saved,
      fresh: (after?.fresh ?? 0) + fresh.length,
      own: (after?.own ?? 0) + (fresh.length === 0 ? 0 : own.length),
    },
  );
  if (isLast) await batch.flush();
}

/** Decides on what was held, by a save, and puts it. */
async function decide(
  running: Running,
  outbox: Outbox,
  { pass, fresh, own }: Held,
  context: Reconciliation,
): Promise<void> {
  const { state, order } = running;
  const { report, log } = context;
  // Of what is stored again, nobody knows what the ledger has: see `end`.
  const brought = state.brought + (order.again ? 0 : own);
  await save(running, context, { outbox, brought, page: state.page + 1, pass });
  running.brought += own;
  report.repaired += fresh;
  report.objects += 1;
  await putOutbox(context.store, outbox, context);
  log.info('stored', { key: outbox.key, records: fresh });
}

/** Before anything is said not to be stored, what was left out is read: where the day may be after all, and the days of what is astray. */
async function lookClosely(stored: Stored, { own, astray }: ShownOfDay): Promise<void> {
  const isUnknown = ({ text }: LogRecord) => stored.tally.stored(identity(text)) === 0;
  if (stored.left > 0 && [...own, ...astray].some(isUnknown)) await stored.readRest();
  const unknown = astray.filter(isUnknown);
  if (unknown.length > 0) await stored.lookFor(unknown);
}

/** Writes down what was found. */
async function end(running: Running, context: Reconciliation): Promise<PassOutcome> {
  const { order, stored, pass, state, deleted, brought } = running;
  const { report, log } = context;
  const { began: at, shown, repaired, changed, doubled, astray } = pass;
  const receipt: Receipt = {
    version: 1,
    ...logOf(context),
    source: state.source,
    day: order.day,
    at,
    shown,
    stored: stored.count + brought,
    repaired,
    changed,
    doubled,
    astray,
    deleted,
  };
  if (order.dry) return { kind: 'done', receipt };
  // What was asked for again and has come is not deleted any more, and what has not come will not.
  const settled = order.again ? receipt.stored - running.ledger : state.brought;
  const outbox = receiptOutbox(receipt);
  await save(running, context, { pass: null, outbox, brought: settled });
  await putOutbox(context.store, outbox, context);
  report.days += 1;
  report.changed += changed;
  report.doubled += doubled;
  report.astray += astray;
  report.deleted += deleted;
  if (deleted > 0) log.error(deletedText(receipt));
  if (astray > 0) log.error(astrayText(receipt));
  if (doubled > 0) log.error(doubledText(receipt));
  log.info('reconciled', { ...receipt });
  return { kind: 'done', receipt };
}

/** With other pages than those of the live log, so that whatever Duo leaves out between two of them is not left out again. */
function withOtherPages(logType: LogType): LogType {
  const { paging } = logType;
  if (!pagingStyles[paging.style].bounded) return logType;
  return { ...logType, paging: { ...paging, limit: Math.max(1, paging.limit - 1) } };
}

function mayAsk({ clock, deadline, maxPages, report }: Reconciliation, more: number): boolean {
  return clock.now() < deadline && (maxPages === 0 || report.pages + more < maxPages);
}

function tellEarly({ total }: PageRead, shown: number, { day }: DayOrder, { log }: Reconciliation): void {
  log.warn(
    `${day}: Duo says that there are ${total} records, but has shown ${shown}: the collector asks again, but not for ever`,
  );
}

function deletedText({ logType, day, deleted, stored, shown }: Receipt): string {
  return `${day}: ${deleted} records that were stored once are gone (${stored} are there, Duo shows ${shown}). Nothing of this day is stored now, because a SIEM that reads and deletes would read it twice. To store them again: npx pnpm duo backfill ${logType} --again --from ${day} --to ${day}`;
}

function astrayText({ logType, day, astray }: Receipt): string {
  return `${day}: Duo shows ${astray} records without a time of this day that are not stored. To store them: npx pnpm duo backfill ${logType} --again --from ${day} --to ${day}`;
}

function doubledText({ day, doubled }: Receipt): string {
  return `${day}: ${doubled} records are stored more often than Duo shows them`;
}
