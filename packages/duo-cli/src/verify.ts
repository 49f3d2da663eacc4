import { type Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { createOutbox, type LogType, pagingStyles, putOutbox } from 'duo-core';
import { findLog } from './find-log';
import { momentText, readMoment } from './moment';
import { startProgress } from './progress';
import { savedCheckpoints } from './saved-checkpoints';
import { openTarget, stageOption, storeOption, type Target } from './target';
import { createComparison, type Tally } from './verify-comparison';
import { readDuo } from './verify-duo';
import { markOf, type RecordMark } from './verify-record';
import { type Example, exampleOf, type Verification, verdict, verificationText } from './verify-report';
import { verifiableSpan } from './verify-span';
import { type StoredSpan, storedSpan, windowIn } from './verify-stored';
import type { World } from './world';

/** `verify`: compares what Duo shows of a span with what is stored of it, record by record. */
export function addVerify(program: Command, world: World): void {
  program
    .command('verify')
    .description('Compares a span of a log at Duo with what is stored of it, record by record.')
    .argument('<log-type>', 'the log: a folder under services/')
    .requiredOption('--from <time>', 'where it begins: 2026-11-01 or 2026-11-01T09:30:00Z', readMoment)
    .option('--to <time>', 'where it ends, itself left out (as late as can be told)', readMoment)
    .option('--repair', 'store what is missing')
    .option('--examples <n>', 'how many records to name of each kind', readCount, 5)
    .addOption(stageOption)
    .addOption(storeOption)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', help)
    .action(async (name, { from, to, repair = false, examples, json, ...options }) => {
      const logType = await findLog(name);
      const target = await openTarget(options, world);
      const found = await verify(logType, { since: from, until: to }, { repair, examples }, target, world);
      world.print(json ? `${JSON.stringify(found)}\n` : verificationText(found));
      const problem = verdict(found);
      if (problem !== null) throw new Error(problem);
    });
}

async function verify(
  logType: LogType,
  asked: { since: number; until: number | undefined },
  { repair, examples: most }: { repair: boolean; examples: number },
  target: Target,
  world: World,
): Promise<Verification> {
  const now = world.clock.now();
  // First of all: what it says about the end of the span holds for all that is read after it.
  const saved = await savedCheckpoints(target, logType);
  const span = verifiableSpan(asked, saved, now);
  const mutable = !pagingStyles[logType.paging.style].sorted;
  const comparison = createComparison(mutable);
  const counts = { shown: 0, stored: 0, missing: 0 };
  const missing: Example[] = [];
  const repaired: string[] = [];
  const progress = startProgress(world);
  try {
    const stored = await storedSpan(logType, span, target, saved, now);
    const { keys } = stored;
    await stored.read(
      (mark) => {
        comparison.store(mark);
        counts.stored += 1;
      },
      (read) => progress.show(read / keys.length / 2, `${read} of ${keys.length} objects`),
    );
    await readDuo(logType, span, target, world, progress, async ({ key, texts }) => {
      const marks = texts.map((text) => ({ text, ...markOf(text, logType, now) }));
      const gone = marks.filter((mark) => comparison.show(mark) === 'missing');
      counts.shown += texts.length;
      counts.missing += gone.length;
      missing.push(...gone.slice(0, most - missing.length).map((mark) => exampleOf(mark, [])));
      if (!repair || gone.length === 0) return;
      // A backfill that begins now, or a checkpoint that is set back, may be about to store the same.
      const still = verifiableSpan(span, await savedCheckpoints(target, logType), now);
      if (still.until < span.until) throw new Error(`${logType.name} was set back meanwhile: verify it again.`);
      repaired.push(...(await storeMissing(gone, key, logType, target, world)));
    });
    const { doubled, foreign, changed } = comparison.leftovers();
    const named = await findExamples([doubled, foreign, changed], most, stored);
    return {
      logType: logType.name,
      store: target.store.url,
      from: momentText(span.since),
      to: momentText(span.until),
      cut: asked.until !== undefined && asked.until > span.until,
      shown: counts.shown,
      stored: counts.stored,
      objects: keys.length,
      missing: counts.missing,
      doubled: doubled.count,
      foreign: foreign.count,
      changed: changed.count,
      mutable,
      examples: { missing, doubled: named[0] ?? [], foreign: named[1] ?? [], changed: named[2] ?? [] },
      repaired: repair ? repaired : null,
      others: stored.others,
    };
  } finally {
    progress.end();
  }
}

/** Stores what is missing of a page as a run would that finds the rest stored: under the window and page that were asked for. */
async function storeMissing(
  records: readonly (RecordMark & { readonly text: string })[],
  key: string,
  { name }: LogType,
  { store }: Target,
  { clock }: World,
): Promise<string[]> {
  const window = windowIn(key);
  const missing = records.map(({ text, time }) => ({ text, time, fits: true }));
  const outbox = window && createOutbox(name, window, missing);
  if (outbox === null) return [];
  await putOutbox(store, outbox, { clock, random: Math.random });
  return [outbox.key];
}

/** Names some of each: only identities were remembered, so the objects are read again, if there is anything to name. */
async function findExamples(
  tallies: readonly Tally[],
  most: number,
  stored: StoredSpan,
): Promise<Example[][]> {
  const wanted = tallies.map(({ identities }) => new Set([...identities].slice(0, most)));
  const found = tallies.map(() => new Map<string, Example>());
  if (wanted.every(({ size }) => size === 0)) return [];
  await stored.read(
    (mark, key) => {
      for (const [n, identities] of wanted.entries()) {
        if (!identities.has(mark.identity)) continue;
        const keys = found[n]?.get(mark.identity)?.objects ?? [];
        found[n]?.set(mark.identity, exampleOf(mark, [...keys, key]));
      }
    },
    () => {},
  );
  return found.map((examples) => [...examples.values()]);
}

function readCount(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a whole number.');
}

const help = `
missing  Duo shows it, and it is not stored
doubled  it is stored more often than Duo shows it
foreign  it is stored, and Duo does not show it
changed  it is stored with another text than Duo shows today, by its id. Where
         Duo changes records (and the collector reads them again for longer),
         these are earlier states, and the one of today counts by itself;
         elsewhere it is a finding, and nothing is stored again

Records are compared by their text, each as often as it occurs. What is later
than the collector still looks for late records is left out, so runs may go on
meanwhile. Duo is read page by page under its rate limit, which may take hours
for millions of records; some 200 bytes of memory go to each record.

--repair stores what is missing below logs/, as one more object for each page
that lacks something, where whoever reads the logs finds it. Doing it again
stores nothing more. Do not repair where the SIEM or a lifecycle rule deletes
objects: there, what was read counts as missing, and would be read again.
What is doubled or foreign stays: an object is never changed.

It exits with 1 if anything is found that was not repaired.

  npx pnpm duo verify <log-type> --stage prod --from 2026-11-01 --to 2026-11-02
  npx pnpm duo verify <log-type> --stage prod --from 2026-11-01 --repair
  npx pnpm duo verify <log-type> --store file:///tmp/duo --from 2026-11-01 --json`;
