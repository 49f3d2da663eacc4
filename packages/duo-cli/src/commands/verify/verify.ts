import type { Command } from '@commander-js/extra-typings';
import { checkpointKey, claim, type LogType, pagingStyles } from 'duo-core';
import { findLog, logTypeArgument } from '../../logs/find-log';
import { readCount, readMoment } from '../../operator/arguments';
import { command } from '../../operator/command';
import { startProgress } from '../../operator/progress';
import { momentText, plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { commandToBackfill } from '../../state/command-to-backfill';
import { savedCheckpoints } from '../../state/saved-checkpoints';
import { storedSpan } from '../../state/stored-span';
import { believed, markOf } from '../../store/record-mark';
import { openTarget, stageOption, storeOption, type Target } from '../../store/target';
import { createComparison } from './comparison';
import { readDuo } from './duo';
import { type Example, exampleOf, findExamples } from './examples';
import { storeMissing } from './repair';
import { type Verification, verdict, verificationText } from './report';
import { verifiableSpan } from './span';

/** `verify`: compares what Duo shows of a span with what is stored of it, record by record. */
export function addVerify(program: Command, world: World): void {
  program
    .command('verify')
    .description('Compares a span of a log at Duo with what is stored of it, record by record.')
    .addArgument(logTypeArgument)
    .requiredOption('--from <time>', 'where it begins: 2026-11-01 or 2026-11-01T09:30:00Z', readMoment)
    .option(
      '--to <time>',
      'where it ends; this moment itself is left out (up to what is collected)',
      readMoment,
    )
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
  // First of all: what they have decided on is stored by the time that the objects are listed, or in the outbox.
  const saved = await savedCheckpoints(target, logType);
  if (saved.live !== null) {
    // Of another account, all would be missing, and a repair would store it.
    const where = `${target.store.url}/${checkpointKey(logType.name, null)}`;
    claim(saved.live, await target.duo.source(), where);
  }
  const span = verifiableSpan(asked, saved, now, (one) => commandToBackfill(logType.name, target, one));
  const mutable = !pagingStyles[logType.paging.style].sorted;
  const comparison = createComparison(mutable, span.isDecided);
  const counts = { shown: 0, stored: 0, missing: 0, pending: 0 };
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
      (read) => progress.show(read / keys.length / 2, `${read} of ${plural(keys.length, 'object')}`),
    );
    await readDuo(logType, span, target, world, progress, async ({ key, texts }) => {
      const shown = { from: span.since, to: span.until };
      const marks = texts.map((text) => ({ text, ...believed(markOf(text, logType, now), shown) }));
      const standings = marks.map(comparison.show);
      const gone = marks.filter((_, n) => standings[n] === 'missing');
      counts.shown += texts.length;
      counts.pending += standings.filter((standing) => standing === 'pending').length;
      counts.missing += gone.length;
      missing.push(...gone.slice(0, most - missing.length).map((mark) => exampleOf(mark, [])));
      if (repair) repaired.push(...(await storeMissing(gone, key, { logType, span, target, world })));
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
      pending: counts.pending,
      mutable,
      examples: { missing, doubled: named[0] ?? [], foreign: named[1] ?? [], changed: named[2] ?? [] },
      repaired: repair ? repaired : null,
      others: stored.others,
    };
  } finally {
    progress.end();
  }
}

const help = `
missing  Duo shows it, and it is not stored
doubled  it is stored more often than Duo shows it
foreign  it is stored, and Duo does not show it
changed  it is stored with another text than Duo shows today, by its id. Where
         Duo changes records (and the collector reads them again for longer),
         these are earlier states, and the one of today counts by itself;
         elsewhere it is a finding, and nothing is stored again
pending  Duo shows it since the last run, and the next one stores it: no finding

Records are compared by their text, each as often as it occurs, up to what the
last run has collected; runs may go on meanwhile. Duo is read page by page under
its rate limit, which may take hours for millions of records; some 200 bytes of
memory go to each record.

--repair stores what is missing below logs/, as one more object for each page
that lacks something, where whoever reads the logs finds it. Doing it again
stores nothing more. Do not repair where the SIEM or a lifecycle rule deletes
objects: there, what was read counts as missing, and would be read again.
What is doubled or foreign stays: an object is never changed.

It exits with 1 if anything is found that was not repaired.

  ${command} verify <log-type> --stage prod --from 2026-11-01 --to 2026-11-02
  ${command} verify <log-type> --stage prod --from 2026-11-01 --repair
  ${command} verify <log-type> --store s3://a-bucket --from 2026-11-01 --json`;
