import { describe, expect, test } from '@jest/globals';
import { fakeClock } from 'duo-simulator';
import fc from 'fast-check';
import * as z from 'zod/mini';
import { loadCheckpoint } from '../src/delivery/checkpoint-store';
import { collect } from '../src/delivery/collect';
import type { Collection } from '../src/delivery/progress';
import { emptyReport } from '../src/delivery/run-report';
import { recordsIn } from '../src/store/object';
import { memoryStore } from './support/memory-store';
import { believing, disturb, isOfStory, mishaps, mostHeld, thinned, whims } from './support/mishaps';
import { type Dated, type ModelLog, type ModelRecord, modelDuo, modelLogs } from './support/model-duo';
import { storiesToTell } from './support/stories-to-tell';
import { hour, minute, noon, second } from './support/world';

/*
 * Stories: records that happen and are published, runs that start and fail and meet each other; and at the end of every
 * one of them, each record is in the store once.
 */

const overlap = 5 * minute;

/** Few distinct milliseconds, so that there are ties and bursts longer than a page; late ones within what is promised. */
const records = fc
  .array(
    fc.record({
      ms: fc.oneof(
        fc
          .record({ n: fc.integer({ min: 0, max: 40 }), before: fc.constantFrom(0, 1) })
          .map(({ n, before }) => noon - 20 * minute + n * minute - before),
        fc.integer({ min: noon - hour, max: noon + 20 * minute }),
      ),
      micros: fc.constantFrom(0, 1, 499, 500, 999),
      late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: overlap - 31 * second })),
      dated: fc.oneof(
        { weight: 5, arbitrary: fc.constant<Dated>('right') },
        fc.constantFrom<Dated>('ahead', 'past', 'unreadable', 'elsewhere'),
      ),
    }),
    { maxLength: 24 },
  )
  .map((list) =>
    list.map(
      ({ ms, micros, late, dated }, index): ModelRecord => ({
        id: String((index * 7) % 24).padStart(2, '0'),
        micros: ms * 1000 + micros,
        publishedAt: ms + 2 * minute + late,
        dated,
      }),
    ),
  );

const run = fc.record({
  mishaps,
  maxPages: fc.constantFrom(0, 0, 1, 2),
  mostHeld,
  /** How long before a run may start nothing new, in ms. */
  time: fc.constantFrom(4 * minute, 4 * minute, 0, 70 * second),
});

const story = fc.record({
  records,
  whims,
  steps: fc.array(
    fc.record({
      wait: fc.oneof(
        fc.integer({ min: 0, max: 6 }).map((n) => n * minute),
        fc.integer({ min: 0, max: 6 * minute }),
      ),
      runs: fc.array(run, { minLength: 1, maxLength: 2 }),
    }),
    {
      maxLength: 8,
    },
  ),
  /** The overlap may be changed between deploys, though not below what late records need. */
  overlaps: fc.array(fc.constantFrom(overlap, overlap + minute, overlap + 10 * minute), {
    minLength: 1,
    maxLength: 4,
  }),
});

type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

async function tell(log: ModelLog, { records, whims, steps, overlaps }: Story, scheduler?: fc.Scheduler) {
  const { logType } = log;
  const clock = fakeClock(noon);
  const store = memoryStore();
  const duo = modelDuo(log, records, clock.now, whims);
  const since = noon - 2 * hour;
  let runs = 0;
  let watermark = 0;

  const start = async (changes: Partial<Collection> = {}) => {
    runs += 1;
    return collect({
      logType,
      duo,
      store,
      clock,
      random: () => 0,
      renewCredentials: async () => {},
      lookback: clock.now() - since,
      waitsWhenThrottled: true,
      overlap: overlaps[runs % overlaps.length] ?? overlap,
      maxPages: 0,
      mostHeld: 1,
      deadline: clock.now() + 4 * minute,
      cutoff: clock.now() + 5 * minute,
      run: `run-${runs}`,
      log: { info() {}, warn() {}, error() {} },
      report: emptyReport(),
      ...changes,
    });
  };

  for (const step of steps) {
    clock.advance(step.wait);
    const disturbed = step.runs.map(async ({ mishaps, maxPages, mostHeld, time }) => {
      const turn = async () => void (await scheduler?.schedule(Promise.resolve()));
      const { store: itsStore, duo: itsDuo } = disturb(
        believing(store, logType.name),
        duo,
        mishaps,
        turn,
        // How much is left cannot tell that some of it was not shown.
        whims.total === 'window' || whims.total === 'account',
      );
      await start({ store: itsStore, duo: itsDuo, maxPages, mostHeld, deadline: clock.now() + time }).catch(
        (error: unknown) => {
          if (!isOfStory(error)) throw error;
        },
      );
    });
    if (scheduler === undefined) for (const one of disturbed) await one;
    else await scheduler.waitFor(Promise.all(disturbed));
    await expectResumable();
  }

  let quiet = 0;
  clock.advance(40 * minute);
  for (let n = 0; quiet < 3; n++) {
    if (n > 60) throw new Error('60 undisturbed runs did not catch up');
    quiet = (await start()) === 'caught-up' ? quiet + 1 : 0;
    clock.advance(5 * minute);
    await expectResumable();
  }
  return store;

  async function expectResumable() {
    const saved = await loadCheckpoint(store, { logType: logType.name });
    if (saved === null) return;
    if (saved.state.watermark < watermark) throw new Error('the watermark has gone back');
    watermark = saved.state.watermark;
  }
}

function expectEachOnceInOrder(
  { logType, text }: ModelLog,
  store: ReturnType<typeof memoryStore>,
  { records, steps }: Story,
) {
  const since = noon - 2 * hour;
  const { gaps } = checkpointSchema.parse(
    JSON.parse(Buffer.from(store.objects.get(`state/${logType.name}.json`) ?? '').toString()),
  );
  // What was given up is said to be a gap: of it, anything may be stored, but nothing twice.
  const isGap = ({ micros }: ModelRecord) =>
    gaps.some(([from, to]) => micros / 1000 >= from && Math.floor(micros / 1000) <= to);
  const expected = records.filter((record) => placeOf(record) >= since);
  const given = new Set(expected.filter(isGap).map(text));
  const stored = store.records();
  expect(new Set(stored.filter((one) => given.has(one))).size).toBe(
    stored.filter((one) => given.has(one)).length,
  );
  const sure = (texts: string[]) => texts.filter((one) => !given.has(one)).sort();
  expect(sure(stored)).toEqual(sure(expected.map(text)));
  if (logType.paging.style === 'offset') return;
  const windows = new Map<string, string[]>();
  for (const [key, body] of [...store.objects].sort(([a], [b]) => (objectName(a) < objectName(b) ? -1 : 1))) {
    if (!key.startsWith('logs/')) continue;
    const window = objectName(key).split('-').slice(0, 2).join('-');
    windows.set(window, [...(windows.get(window) ?? []), ...recordsIn(body)]);
  }
  // Of a log in seconds, the places that are seconds.
  const unit = logType.time.unit === 's' ? second : 1;
  // Where Duo refuses a window's cursor, the window is read again: what was published meanwhile comes after what is stored already.
  const isReadAgain = steps.some(({ runs }) =>
    runs.some(({ mishaps }) => mishaps.some(({ what }) => what === '400')),
  );
  const isPunctual = ({ micros, publishedAt }: ModelRecord) =>
    publishedAt <= Math.floor(micros / 1000) + 2 * minute;
  const punctual = records.filter((one) => one.dated === 'right' && (!isReadAgain || isPunctual(one)));
  const places = new Map(punctual.map((record) => [text(record), Math.floor(placeOf(record) / unit)]));
  for (const lines of windows.values()) {
    const order = lines.flatMap((line) => places.get(line) ?? []);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  }
}

const checkpointSchema = z.object({ gaps: z.array(z.tuple([z.number(), z.number()])) });

const placeOf = (record: ModelRecord) => record.micros / 1000;

const objectName = (key: string) => key.slice(key.lastIndexOf('/') + 1);

describe.each(Object.entries(modelLogs))('a log of the %s style', (style, log) => {
  const numRuns = storiesToTell(style === 'cursor' ? 2000 : 1000);
  const stories = story.map((told) => thinned(log, told));

  test('whatever happens to runs one after the other, each record is stored once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async (told) => expectEachOnceInOrder(log, await tell(log, told), told)),
      { numRuns },
    );
  }, 120_000);

  test('however two runs at once take turns, each record is stored once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(stories, fc.scheduler(), async (told, scheduler) =>
        expectEachOnceInOrder(log, await tell(log, told, scheduler), told),
      ),
      { numRuns },
    );
  }, 120_000);
});
