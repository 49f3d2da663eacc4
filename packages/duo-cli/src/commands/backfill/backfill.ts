import { type Command, Option } from '@commander-js/extra-typings';
import { InvalidArgumentError } from 'commander';
import { findLog, logTypeArgument } from '../../logs/find-log';
import { readMoment } from '../../operator/arguments';
import { command } from '../../operator/command';
import { startProgress } from '../../operator/progress';
import { UsageError } from '../../operator/usage-error';
import { momentText, plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { type ClosedSpan, intersect, spanText } from '../../state/closed-span';
import { isDivisible } from '../../state/divisible';
import { savedCheckpoints } from '../../state/saved-checkpoints';
import { openTarget, stageOption, storeOption } from '../../store/target';
import { executionOf, watchInCloud } from './cloud';
import { inputOf, spanOf } from './cloud-input';
import { findMachine } from './cloud-machine';
import { deployedRun } from './deployed';
import { prepareGaps } from './gaps';
import { localRun } from './local';
import { type BackfillPlan, planBackfill } from './plan';
import { readAll } from './read';

/** `backfill`: reads a span of the past, in as many runs as it takes, beside the scheduled ones. */
export function addBackfill(program: Command, world: World): void {
  program
    .command('backfill')
    .description('Collects a span of the past that is not stored yet, up to 179 days back.')
    .addArgument(logTypeArgument)
    .requiredOption('--from <time>', 'where it begins: 2026-11-01 or 2026-11-01T09:30:00Z', readMoment)
    .requiredOption('--to <time>', 'where it ends; this moment itself is left out', readMoment)
    .addOption(stageOption)
    .addOption(storeOption)
    .option('--local', 'run in this process instead of in the deployed function')
    .addOption(
      new Option('--cloud', 'let AWS Step Functions run the function: for many months').conflicts('local'),
    )
    .addOption(
      new Option('--parallel <n>', 'cut the span into days, and read n of them at once, 2 to 4')
        .default(1)
        .argParser(readWidth),
    )
    .option('--again', 'also what the scheduled runs store: it is then stored a second time')
    .option('--yes', 'do not ask')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', help)
    .action(async (name, { from, to, local, cloud, parallel, again = false, yes, json, ...options }) => {
      const span = { since: from, until: to };
      if (from >= to) throw new UsageError(`--to ${momentText(to)} is not after --from: swap them?`);
      const logType = await findLog(name);
      const target = await openTarget(options, world);
      const { stage, env, store } = target;
      if (stage === null && !local) {
        throw new UsageError('A store alone has no function to run: add --local, or name a --stage.');
      }
      const say = json ? world.complain : world.print;
      const tell = (records: number, { read, done, left }: Spans, execution?: string) => {
        if (json) {
          const spans = { read: read.map(pair), done: done.map(pair), left: left.map(pair) };
          const result = { logType: name, span: pair(span), records, ...spans, execution };
          world.print(`${JSON.stringify(result)}\n`);
        } else if (read.length > 0) {
          world.print(`Done: ${plural(records, 'new record')} below ${store.url}/logs/${name}/.\n`);
        }
      };

      const machine = stage === null ? null : await findMachine(stage, env);
      if (cloud && machine === null) throw new Error(noMachine(stage ?? ''));
      const running = machine && (await executionOf(machine, name, span, cloud === true, world));
      if (running && machine) {
        const { arn, input, startedAt } = running;
        say(`It has run in the cloud since ${momentText(startedAt)}: this shows it.\n`);
        const records = await watchInCloud(machine, arn, input, logType, target, world);
        const { spans: read, done, left } = input;
        const spans = { read: read.map(spanOf), done: done.map(spanOf), left: left.map(spanOf) };
        return tell(records, spans, arn);
      }

      let saved = await savedCheckpoints(target, logType);
      const rules = {
        again,
        // Days cost requests: each has an empty last page. In the cloud there are days also for one at a time: a part may
        // take no more than 2000 runs.
        divisible: (parallel > 1 || cloud === true) && isDivisible(logType),
        now: world.clock.now(),
      };
      let plan = planBackfill(span, saved, rules);
      if (await prepareGaps(plan, saved, logType, target, world)) {
        saved = await savedCheckpoints(target, logType);
        plan = planBackfill(span, saved, rules);
      }
      const { todo, done, left } = plan;
      const spans = { read: todo, done, left };

      say(announcement(name, span, plan));
      if (todo.length > 0 && !yes) await confirmDoubles(plan.twice, saved.live === null, world);
      if (cloud && machine && todo.length > 0) {
        const input = inputOf(name, span, plan, parallel);
        const arn = await machine.start(input);
        say('It runs in the cloud, also without this command: Ctrl-C ends only the looking.\n');
        return tell(await watchInCloud(machine, arn, input, logType, target, world), spans, arn);
      }
      const progress = startProgress(world);
      const run =
        stage === null || local
          ? localRun(logType, target, world, progress.say)
          : deployedRun(logType, stage, env);
      tell(await readAll(todo, parallel, run, progress, world), spans);
    });
}

/** What a backfill has read, and what it had not to. */
interface Spans {
  readonly read: readonly ClosedSpan[];
  readonly done: readonly ClosedSpan[];
  readonly left: readonly ClosedSpan[];
}

function pair({ since, until }: ClosedSpan): [string, string] {
  return [momentText(since), momentText(until)];
}

function noMachine(stage: string): string {
  return `The stage ${stage} has no state machine for backfills: set backfill: true in settings/${stage}.yml and deploy the storage (npx pnpm sls storage:deploy --stage ${stage}), or leave out --cloud.`;
}

function announcement(name: string, span: ClosedSpan, { todo, done, left }: BackfillPlan): string {
  const lines = [
    ...(done.length > 0 ? [`Earlier backfills have stored ${spanText(...done)}.`] : []),
    ...(left.length > 0
      ? [`Left out, because the scheduled runs store it (--again reads it as well): ${spanText(...left)}.`]
      : []),
    todo.length > 0
      ? `Reads ${name} of ${spanText(...intersect([span], todo))}, in ${plural(todo.length, 'part')}.`
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
checkpoint (${command} checkpoint show). With --again, what the scheduled runs
store is read as well, and is then there twice.

Interrupt it whenever you like: the same command goes on where it stopped, also
when what it reads has become older than 179 days meanwhile.

With --parallel, the span is cut into days (UTC), and several are read at once,
unless Duo shows the log without order or end. That is faster only as long as
Duo lets it be: it wants about one request a minute for each log and answers
others with "wait", also those of the scheduled runs, and days take more
requests than the span in one part, two each at least.

With --cloud, a state machine of AWS Step Functions runs the function, for days
if need be: the stage has one with the setting backfill: true. The span is
always cut into days there. This command then only looks on, and may be
interrupted: the same command finds what runs and looks on again, and never
starts it twice.
The state machine ends with an error when a run fails again and again, and after
fourteen days; the same command goes on from there.

It needs lambda:InvokeFunction on duo-<log-type>-<stage>-collect, s3:GetObject
on state/ and s3:ListBucket. --cloud needs states:StartExecution,
states:ListExecutions, states:DescribeExecution and states:ListMapRuns on
duo-backfill-<stage> and what it runs instead of the first. --local needs what
the function needs: Duo's credentials, and s3:PutObject on state/ and logs/.

  ${command} backfill <log-type> --stage prod \\
    --from 2026-11-01 --to 2026-12-01
  ${command} backfill <log-type> --stage prod --cloud --parallel 2 \\
    --from 2026-07-01 --to 2026-12-01
  ${command} backfill <log-type> --stage prod --local \\
    --from 2026-11-01T09:00:00Z --to 2026-11-01T12:00:00Z
  ${command} backfill <log-type> --store file://$PWD/logs --local \\
    --from 2026-11-01 --to 2026-11-02 --yes --json`;
