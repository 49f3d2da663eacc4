import { createPages, type PageRead, type Pages } from '../../duo/pages';
import { pagingStyles } from '../../duo/paging';
import type { LogRecord } from '../../duo/record';
import { BadRequestError, ThrottledError } from '../../errors';
import { boundsTolerance } from '../../limits';
import type { LogType } from '../../log-type';
import { createOutbox, putOutbox } from '../outbox';
import { readWhole } from '../read-whole';
import { identity } from '../records';
import { claimDay } from './day';
import { begin, type DayOrder, pause, type Reconciliation, type Running, save, whereOf } from './pass';
import { type Receipt, receiptOutbox } from './receipt';
import { edgeOf, shownOfDay, siftDay } from './sift-day';

/**
 * How a pass went. `more`: time or pages were used up. `throttled`: Duo asked to wait. `superseded`: another pass of the day is
 * ahead. `open`, `past`: the day cannot be reconciled; see `standingOf`.
 */
export type PassOutcome =
  | { readonly kind: 'done'; readonly receipt: Receipt }
  | { readonly kind: 'more' | 'throttled' | 'superseded' | 'open' | 'past' };

/**
 * Reconciles one day: reads what Duo shows of it and what is stored of it, stores what is missing, and writes down what was
 * found. As with the live log, a save decides what is stored; it may be killed at any moment and run any number of times at once.
 */
export async function reconcile(reconciliation: Reconciliation, order: DayOrder): Promise<PassOutcome> {
  const pages = createPages({ ...reconciliation, logType: withOtherPages(reconciliation.logType) });
  try {
    return await passOf(reconciliation, order, pages);
  } finally {
    await pages.settle();
  }
}

async function passOf(context: Reconciliation, order: DayOrder, pages: Pages): Promise<PassOutcome> {
  const begun = await begin(context, order);
  if (typeof begun === 'string') return { kind: begun };
  const { span, pass } = begun;
  const asked = { from: span.since - boundsTolerance, to: span.until - 1 + boundsTolerance };
  // Of a pass that an earlier run began, nobody knows how many records that has met.
  let read = pass.cursor === null ? 0 : Number.POSITIVE_INFINITY;
  for (let n = 0; ; n++) {
    const { cursor } = begun.pass;
    let page: PageRead | null;
    try {
      page = await readWhole({ ...asked, cursor, pages: n, read }, pages, (more) => mayAsk(context, more));
    } catch (error) {
      if (error instanceof ThrottledError) return { kind: await pause(begun, context, 'throttled') };
      if (!(error instanceof BadRequestError && n === 0 && cursor !== null)) throw error;
      context.log.warn(`${error.message}; ${order.day} is begun anew`);
      return { kind: (await save(begun, context, { pass: null, outbox: null })) ? 'more' : 'superseded' };
    }
    if (page === null) return { kind: await pause(begun, context, 'more') };
    claimDay(begun.state, page.source, whereOf(context, order));
    context.report.pages += 1;
    read += page.records.length;
    if (!(await decide(begun, page, asked, context))) return { kind: 'superseded' };
    if (page.cursor === null) return end(begun, context);
  }
}

/** Compares a page with what is stored, and stores what is missing. False if another pass is ahead. */
async function decide(
  running: Running,
  page: PageRead,
  asked: { readonly from: number; readonly to: number },
  context: Reconciliation,
): Promise<boolean> {
  const { order, stored, pass, span } = running;
  const { logType, report, log } = context;
  const shown = shownOfDay(page, span, asked);
  const mutable = !pagingStyles[logType.paging.style].sorted;
  // Where objects were left out, they are read before anything is said to be missing.
  const isUnknown = ({ text }: LogRecord) => stored.tally.stored(identity(text)) === 0;
  if (stored.left > 0 && [...shown.own, ...shown.astray].some(isUnknown)) await stored.readRest();
  const sifted = siftDay(shown, stored.tally, mutable);
  for (const kind of ['missing', 'changed', 'astray'] as const)
    for (const record of sifted[kind]) order.onFound?.(kind, record);
  const own = order.again ? [...sifted.missing, ...sifted.changed] : sifted.missing;
  const fresh = running.deleted > 0 ? [] : [...own, ...(order.again ? sifted.astray : [])];
  for (const { text, name } of fresh) stored.tally.store(identity(text), name);
  running.pass = {
    ...pass,
    cursor: page.cursor,
    shown: pass.shown + sifted.shown,
    repaired: pass.repaired + fresh.length,
    changed: pass.changed + (order.again ? 0 : sifted.changed.length),
    doubled: pass.doubled + sifted.doubled,
    astray: pass.astray + (order.again ? 0 : sifted.astray.length),
    edge: edgeOf(page, stored.tally),
  };
  const window = { ...asked, pages: running.state.page };
  const outbox = order.dry ? null : createOutbox(logType.name, window, fresh, span.since);
  if (outbox === null) return true;
  running.brought += own.length;
  const brought = running.state.brought + own.length;
  const decided = { outbox, brought, page: running.state.page + 1 };
  if (!(await save(running, context, { ...decided, pass: running.pass }))) return false;
  report.repaired += fresh.length;
  report.objects += 1;
  await putOutbox(context.store, outbox, context);
  log.info('stored', { key: outbox.key, records: fresh.length });
  return true;
}

/** Writes down what was found. */
async function end(running: Running, context: Reconciliation): Promise<PassOutcome> {
  const { order, stored, pass, state, deleted, brought } = running;
  const { logType, report, log } = context;
  const { began: at, shown, repaired, changed, doubled, astray } = pass;
  const receipt: Receipt = {
    version: 1,
    logType: logType.name,
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
  if (!(await save(running, context, { pass: null, outbox, brought: settled })))
    return { kind: 'superseded' };
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

function deletedText({ logType, day, deleted, stored, shown }: Receipt): string {
  return `${day}: ${deleted} records that were stored once are not there any more (${stored} are, Duo shows ${shown}). Nothing of this day is stored, since what a SIEM has read and deleted would be read twice. If they are to be stored again: duo backfill ${logType} --again --from ${day} --to ${day}`;
}

function astrayText({ logType, day, astray }: Receipt): string {
  return `${day}: Duo shows ${astray} records without a time of this day that are not stored. To store them: duo backfill ${logType} --again --from ${day} --to ${day}`;
}

function doubledText({ day, doubled }: Receipt): string {
  return `${day}: ${doubled} records are stored more often than Duo shows them`;
}
