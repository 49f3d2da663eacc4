import { type Command, Option } from '@commander-js/extra-typings';
import { InvalidArgumentError } from 'commander';
import { pagingStyles } from 'duo-core';
import { deployedRun } from './backfill-deployed';
import { localRun } from './backfill-local';
import { type BackfillPlan, planBackfill } from './backfill-plan';
import { readAll } from './backfill-read';
import { type ClosedSpan, intersect, spanText } from './closed-span';
import { findLog } from './find-log';
import { momentText, readMoment } from './moment';
import { startProgress } from './progress';
import { savedCheckpoints } from './saved-checkpoints';
import { openTarget, stageOption, storeOption } from './target';
import { UsageError } from './usage-error';
import type { World } from './world';

/** `backfill`: reads a span of the past, in as many runs as it takes, beside the scheduled ones. */
export function addBackfill(program: Command, world: World): void {
  program
    .command('backfill')
    .description('Collects a span of the past that is not stored yet, up to 179 days back.')
    .argument('<log-type>', 'the log: a folder under services/')
    .requiredOption('--from <time>', 'where it begins: 2026-11-01 or 2026-11-01T09:30:00Z', readMoment)
    .requiredOption('--to <time>', 'where it ends; this moment itself is left out', readMoment)
    .addOption(stageOption)
    .addOption(storeOption)
    .option('--local', 'run in this process instead of in the deployed function')
    .addOption(
      new Option('--parallel <n>', 'cut the span into days, and read n of them at once, 2 to 4')
        .default(1)
        .argParser(readWidth),
    )
    .option('--again', 'also what the scheduled runs store: it is then stored a second time')
    .option('--yes', 'do not ask')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', help)
    .action(async (name, { from, to, local, parallel, again = false, yes, json, ...options }) => {
      const span = { since: from, until: to };
      if (from >= to) throw new UsageError(`--to ${momentText(to)} is not after --from: swap them?`);
      const logType = await findLog(name);
      const target = await openTarget(options, world);
      const { stage, env, store } = target;
      if (stage === null && !local) {
        throw new UsageError('A store alone has no function to run: add --local, or name a --stage.');
      }
      const saved = await savedCheckpoints(target, logType);
      const style = pagingStyles[logType.paging.style];
      const plan = planBackfill(span, saved, {
        again,
        // Days cost requests: each has an empty last page. And they are for logs that Duo shows in order and between
        // bounds: what a window of the others has missed, or read beyond its end, the next one of the same backfill knows.
        divisible: parallel > 1 && style.sorted && style.bounded,
        now: world.clock.now(),
      });

      (json ? world.complain : world.print)(announcement(name, span, plan));
      if (plan.todo.length > 0 && !yes) await confirmDoubles(plan.twice, saved.live === null, world);
      const progress = startProgress(world);
      const run =
        stage === null || local
          ? localRun(logType, target, world, progress.say)
          : deployedRun(logType, stage, env);
      const records = await readAll(plan.todo, parallel, run, progress, world);
      if (json) {
        const pair = ({ since, until }: ClosedSpan) => [momentText(since), momentText(until)];
        const { todo, done, left } = plan;
        const spans = { read: todo.map(pair), done: done.map(pair), left: left.map(pair) };
        world.print(`${JSON.stringify({ logType: name, span: pair(span), records, ...spans })}\n`);
      } else if (plan.todo.length > 0) {
        world.print(`Done: ${records} new records below ${store.url}/logs/${name}/.\n`);
      }
    });
}

function announcement(name: string, span: ClosedSpan, { todo, done, left }: BackfillPlan): string {
  const lines = [
    ...(done.length > 0 ? [`Earlier backfills have stored ${spanText(...done)}.`] : []),
    ...(left.length > 0
      ? [`Left out, because the scheduled runs store it (--again reads it as well): ${spanText(...left)}.`]
      : []),
    todo.length > 0
      ? `Reads ${name} of ${spanText(...intersect([span], todo))}, in ${todo.length} part(s).`
      : 'Nothing is left to do.',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

async function confirmDoubles(
  twice: readonly ClosedSpan[],
  unbegun: boolean,
  { ask, complain }: World,
): Promise<void> {
  if (twice.length > 0) {
    complain(`The scheduled runs store ${spanText(...twice)} as well: it is then there twice.\n`);
  }
  if (unbegun) complain(notBegun);
  if (twice.length === 0 && !unbegun) return;
  if (ask === undefined) throw new UsageError('There is no terminal to ask in: add --yes if you want that.');
  if (!(await ask.confirm('Go on?'))) throw new Error('Nothing was read.');
}

function readWidth(text: string): number {
  if (/^[1-4]$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a number from 1 to 4.');
}

const notBegun = `The scheduled runs have not begun. The first one begins 24 hours back (the setting
lookbackHours): what it reads of this span is then there twice. Better wait for it:
what it stores is left out then.
`;

const help = `
It runs the deployed function until all is stored: below logs/, as what the
scheduled runs store, and under checkpoints of its own, so that those are not
disturbed. What is stored already is left out: what earlier backfills have read,
and what was logged since the scheduled runs began, but for the gaps of their
checkpoint (npx pnpm duo checkpoint show). With --again, what the scheduled runs
store is read as well, and is then there twice.

Interrupt it whenever you like: the same command goes on where it stopped, also
when what it reads has become older than 179 days meanwhile.

With --parallel, the span is cut into days (UTC), and several are read at once,
unless Duo shows the log without order or end. That is faster only as long as
Duo lets it be: it wants about one request a minute for each log and answers
others with "wait", also those of the scheduled runs, and days take more requests
than the span in one part, two each at least.

It needs lambda:InvokeFunction on duo-<log-type>-<stage>-collect, s3:GetObject on
state/ and s3:ListBucket. --local needs what the function needs: Duo's
credentials, and s3:PutObject on state/ and logs/.

  npx pnpm duo backfill <log-type> --stage prod --from 2026-11-01 --to 2026-12-01
  npx pnpm duo backfill <log-type> --stage prod --local \\
    --from 2026-11-01T09:00:00Z --to 2026-11-01T12:00:00Z
  npx pnpm duo backfill <log-type> --store file:///tmp/logs --local \\
    --from 2026-11-01 --to 2026-11-02 --yes --json`;
