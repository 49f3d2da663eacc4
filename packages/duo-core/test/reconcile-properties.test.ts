import { describe, expect, test } from '@jest/globals';
import { fakeClock } from 'duo-simulator';
import fc from 'fast-check';
import { loadCheckpoint, saveCheckpoint } from '../src/delivery/checkpoint-store';
import { collect } from '../src/delivery/collect';
import type { Reconciliation } from '../src/delivery/days/pass';
import { type PassOutcome, reconcile } from '../src/delivery/days/reconcile';
import { reconcileDue } from '../src/delivery/days/reconcile-due';
import { emptyReconcileReport } from '../src/delivery/days/reconcile-report';
import { changeWanted } from '../src/delivery/days/wanted';
import { emptyReport } from '../src/delivery/run-report';
import { utcDay } from '../src/utc-day';
import { memoryStore } from './support/memory-store';
import { disturb, isOfStory, mishaps, mostHeld, thinned, whims } from './support/mishaps';
import { type Dated, type ModelLog, type ModelRecord, modelDuo, modelLogs } from './support/model-duo';
import { storiesToTell } from './support/stories-to-tell';
import { hour, minute, noon, second } from './support/world';

/*
 * Stories of days: records that Duo publishes late by up to days, at the edges of days, some without a time of their own, shown
 * twice at the ends of pages; live runs with windows of days, passes and orders of days that start, fail and meet each other; a
 * checkpoint that is lost or set later. When all days have been reconciled, each record that has a time of its own is in the
 * store once, and the receipts say what Duo shows.
 */

const day = 24 * hour;
const midnight = noon + 12 * hour;

const records = fc
  .array(
    fc.record({
      ms: fc.oneof(
        // Around a midnight.
        fc
          .record({ n: fc.constantFrom(-1, 0, 1), ms: fc.integer({ min: -2_001, max: 2_001 }) })
          .map(({ n, ms }) => midnight + n * day + ms),
        fc.integer({ min: 0, max: 40 }).map((n) => noon + n * hour),
        fc.integer({ min: noon - 80 * hour, max: noon + 40 * hour }),
      ),
      micros: fc.constantFrom(0, 1, 499, 500, 999),
      late: fc.oneof(
        fc.constant(0),
        fc.integer({ min: 0, max: 10 * minute }),
        fc.integer({ min: 0, max: 30 * hour }),
        fc.integer({ min: 0, max: 160 * hour }),
      ),
      dated: fc.oneof(
        { weight: 8, arbitrary: fc.constant<Dated>('right') },
        fc.constantFrom<Dated>('past', 'unreadable'),
      ),
    }),
    { maxLength: 20 },
  )
  .map((list) =>
    list.map(
      ({ ms, micros, late, dated }, index): ModelRecord => ({
        id: String((index * 7) % 20).padStart(2, '0'),
        micros: ms * 1000 + micros,
        publishedAt: ms + 2 * minute + late,
        dated,
      }),
    ),
  );

/** A run of the live log or of what is due, a pass of a day, or somebody who asks for one. */
type What =
  | { readonly kind: 'live' | 'due' }
  | { readonly kind: 'pass' | 'want'; readonly daysAgo: number; readonly again: boolean };

const run = fc.record({
  mishaps,
  maxPages: fc.constantFrom(0, 0, 1, 2),
  mostHeld,
  what: fc.oneof(
    fc.constantFrom<What>({ kind: 'live' }, { kind: 'live' }, { kind: 'due' }),
    fc.record({
      kind: fc.constantFrom('pass', 'want'),
      daysAgo: fc.integer({ min: 0, max: 3 }),
      again: fc.boolean(),
    }),
  ),
});

const story = fc.record({
  records,
  whims,
  steps: fc.array(
    fc.record({
      wait: fc.oneof(fc.integer({ min: 0, max: 6 * minute }), fc.integer({ min: 0, max: 20 * hour })),
      runs: fc.array(run, { minLength: 1, maxLength: 3 }),
      event: fc.constantFrom(
        'nothing',
        'nothing',
        'nothing',
        'nothing',
        'the checkpoint is lost',
        'set later',
      ),
    }),
    { maxLength: 8 },
  ),
});

type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

async function tell(log: ModelLog, told: Story, scheduler?: fc.Scheduler) {
  const { logType } = log;
  const clock = fakeClock(noon);
  const store = memoryStore();
  const duo = modelDuo(log, told.records, clock.now, told.whims);
  const overlap = Math.max(5 * minute, (logType.overlapSeconds ?? 0) * second);
  const receipts = new Map<string, { shown: number; stored: number; repaired: number; doubled: number }>();
  let runs = 0;

  const context = () => {
    runs += 1;
    return {
      logType,
      duo,
      store,
      clock,
      random: () => 0,
      renewCredentials: async () => {},
      waitsWhenThrottled: true,
      lookback: 4 * day,
      maxPages: 0,
      mostHeld: 1,
      deadline: clock.now() + 4 * minute,
      cutoff: clock.now() + 5 * minute,
      run: `run-${runs}`,
      log: { info() {}, warn() {}, error() {} },
    };
  };
  const live = (changes: Partial<Reconciliation> = {}) =>
    collect({ ...context(), overlap, ...changes, report: emptyReport() });
  const days = () => ({ ...context(), waitsWhenThrottled: false, report: emptyReconcileReport() });
  const dayAgo = (count: number) => utcDay(clock.now() - count * day);
  const start = async (what: What, changes: Partial<Reconciliation>): Promise<void> => {
    if (!('daysAgo' in what) && what.kind === 'live') return void (await live(changes));
    if (!('daysAgo' in what))
      return void (await reconcileDue({ ...days(), ...changes }, (_day, outcome) => note(outcome)));
    const { daysAgo, again } = what;
    if (what.kind === 'pass')
      return note(await reconcile({ ...days(), ...changes }, { ...order(dayAgo(daysAgo)), again }));
    const entry = { [dayAgo(daysAgo)]: { at: clock.now(), again } };
    const patience = { clock, random: () => 0 };
    await changeWanted(store, { logType: logType.name }, (wanted) => ({ ...wanted, ...entry }), patience);
  };
  const note = (outcome: PassOutcome) => {
    if (outcome.kind === 'done') receipts.set(outcome.receipt.day, outcome.receipt);
  };

  for (const step of told.steps) {
    clock.advance(step.wait);
    if (step.event === 'the checkpoint is lost') store.objects.delete(`state/${logType.name}.json`);
    if (step.event === 'set later') await setLater();
    const running = step.runs.map(async ({ mishaps, maxPages, mostHeld, what }) => {
      const turn = async () => void (await scheduler?.schedule(Promise.resolve()));
      const isTold = told.whims.total === 'window' || told.whims.total === 'account';
      const changes = { ...disturb(store, duo, mishaps, turn, isTold), maxPages, mostHeld };
      const doing = start(what, changes);
      await doing.catch((error: unknown) => {
        if (!isOfStory(error)) throw error;
      });
    });
    if (scheduler === undefined) for (const one of running) await one;
    else await scheduler.waitFor(Promise.all(running));
  }

  // Live runs first, until all that can be published is; then a pass of every day.
  clock.advance(8 * day);
  await untilCaughtUp(live);
  clock.advance(day);
  await untilCaughtUp(live);
  for (let n = -5; n <= 3; n++) await passOf(utcDay(noon + n * day));
  return { store, receipts };

  function order(of: string) {
    return { day: of, due: 0, again: false, dry: false };
  }

  async function passOf(of: string) {
    for (let n = 0; n < 90; n++) {
      const outcome = await reconcile(
        { ...days(), maxPages: n < 3 ? 1 : 0 },
        { ...order(of), due: clock.now() - (n === 0 ? 0 : hour) },
      );
      note(outcome);
      if (outcome.kind === 'done') return;
      clock.advance(second);
    }
    throw new Error(`90 runs did not reconcile ${of}`);
  }

  async function setLater() {
    const saved = await loadCheckpoint(store, { logType: logType.name });
    const to = Math.floor((clock.now() - 3 * minute) / second) * second;
    if (saved === null || to <= saved.state.watermark) return;
    const { watermark, gaps } = saved.state;
    const changes = {
      watermark: to,
      reach: to,
      window: null,
      gaps: [...gaps, [watermark, to] as [number, number]],
    };
    if (saved.state.outbox !== null) return;
    await saveCheckpoint(store, { ...saved.state, ...changes, by: `set-${runs}/1` }, saved.etag, {
      clock,
      random: () => 0,
    });
  }

  async function untilCaughtUp(start: () => Promise<string>) {
    let quiet = 0;
    for (let n = 0; quiet < 2; n++) {
      if (n > 400) throw new Error('400 undisturbed runs did not catch up');
      quiet = (await start()) === 'caught-up' ? quiet + 1 : 0;
      clock.advance(quiet > 0 ? 5 * minute : minute);
    }
  }
}

function expectEachDayProven(
  { logType, text }: ModelLog,
  { store, receipts }: Awaited<ReturnType<typeof tell>>,
  { records, steps }: Story,
) {
  const stored = store.records();
  const times = new Map<string, number>();
  for (const one of stored) times.set(one, (times.get(one) ?? 0) + 1);
  const doubled: string[] = [];
  const lost: string[] = [];
  const published = new Map<string, number>();
  for (const record of records) published.set(text(record), (published.get(text(record)) ?? 0) + 1);
  // At the very edge of a day, two neighbours that both store what is astray may store it twice.
  const isAskedAgain = steps.some(({ runs }) => runs.some(({ what }) => 'again' in what && what.again));
  const odd = new Set(records.filter(({ dated }) => isAskedAgain && dated !== 'right').map(text));
  for (const [one, count] of times) if (count > (published.get(one) ?? 0) && !odd.has(one)) doubled.push(one);
  for (const record of records) {
    if (record.dated !== 'right') continue;
    const one = text(record);
    if ((times.get(one) ?? 0) < (published.get(one) ?? 0)) lost.push(one);
  }
  expect({ lost, doubled }).toEqual({ lost: [], doubled: [] });
  for (const [of, { shown, stored: kept, doubled: more }] of receipts) {
    const unit = logType.time.unit === 's' ? second : 1;
    const dated = records.filter(
      ({ micros, dated }) => dated === 'right' && utcDay(Math.floor(micros / 1000 / unit) * unit) === of,
    );
    expect({ of, shown, kept, more }).toEqual({ of, shown: dated.length, kept: dated.length, more: 0 });
  }
}

describe.each(Object.entries(modelLogs))('a log of the %s style', (_style, log) => {
  const numRuns = storiesToTell(250);
  const stories = story.map((told) => thinned(log, told));

  test('whatever happens to runs one after the other, each record is stored once, and the receipts count it', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async (told) => expectEachDayProven(log, await tell(log, told), told)),
      { numRuns },
    );
  }, 120_000);

  test('however live runs and passes take turns, each record is stored once, and the receipts count it', async () => {
    await fc.assert(
      fc.asyncProperty(stories, fc.scheduler(), async (told, scheduler) =>
        expectEachDayProven(log, await tell(log, told, scheduler), told),
      ),
      { numRuns },
    );
  }, 120_000);
});
