import type { Command } from '@commander-js/extra-typings';
import type { LogType } from 'duo-core';
import { allLogs, findLog } from '../../logs/find-log';
import { drawsBlocks } from '../../operator/blocks';
import { command } from '../../operator/command';
import { clearScreen, type Piece } from '../../operator/piece';
import { minuteText } from '../../operator/words';
import type { World } from '../../operator/world';
import { deployedLogs } from '../../stage/stacks';
import { hasAccounts } from '../../state/accounts';
import { storedLogs } from '../../state/gone-checkpoint';
import { requireOneAccount } from '../../state/one-account';
import { savedAt } from '../../state/saved-at';
import { createLastDay, type LastDay } from '../../store/last-day';
import { accountOption, openTarget, stageOption, storeOption, type Target } from '../../store/target';
import { statusOfAccounts } from './accounts';
import { statusOf } from './json';
import { type LogStatus, statusOfLog } from './of-log';
import { sparklines } from './sparklines';
import { statusTable } from './table';

/** How often `--watch` looks, in ms. */
const interval = 15_000;

/** `status`: how far each log is. Reads the store and asks Duo nothing. */
export function addStatus(program: Command, world: World): void {
  program
    .command('status')
    .description('Shows how far each log has come: up to when everything is stored, and how much.')
    .argument('[log-type...]', 'the logs to show (all that are collected)')
    .addOption(stageOption)
    .addOption(storeOption)
    .addOption(accountOption)
    .option('--watch', `look again every ${interval / 1000} s, until Ctrl-C`)
    .option('--json', 'print JSON: a list with an object for each log')
    .addHelpText('after', help)
    .action(async (names, { watch, json, ...options }) => {
      const named = names.length === 0 ? null : await Promise.all(names.map(findLog));
      const target = await openTarget(options, world);
      const lastDay = createLastDay(target);
      const look = async () => {
        const now = world.clock.now();
        const every = named ?? (await allLogs());
        if (target.account === undefined && (await hasAccounts(target, every)))
          return statusOfAccounts(target, every, now, json === true);
        const statuses = await readStatuses(named, target, now, lastDay);
        const pieces: Piece[] = json
          ? [`${JSON.stringify(statuses.map((one) => statusOf(one, now)))}\n`]
          : [
              `${target.store.url} at ${minuteText(now)} UTC\n\n`,
              ...statusTable(statuses, now),
              ...(world.screen ? sparklines(statuses, now, drawsBlocks(world.env)) : []),
            ];
        const unreadable = statuses.filter(({ problem }) => problem !== null).length;
        return { pieces, unreadable, count: statuses.length };
      };
      if (!watch) {
        const { pieces, unreadable, count } = await look();
        world.print(...pieces);
        if (unreadable > 0)
          throw new Error(
            `Of ${count === 1 ? 'the one log' : `${unreadable} of ${count} logs`}, something cannot be read: see above.`,
          );
        return;
      }
      for (;;) {
        // What fails now may be there at the next look: a store that nothing was collected into yet, or a network.
        const seen = await look().catch((error: Error) => error);
        if (world.screen && !json) world.print(clearScreen);
        if ('pieces' in seen) world.print(...seen.pieces);
        else world.complain(`${minuteText(world.clock.now())} UTC: ${seen.message}\n`);
        await world.clock.sleep(interval);
      }
    });
}

async function readStatuses(
  named: readonly LogType[] | null,
  target: Target,
  now: number,
  lastDay: (logType: LogType, now: number, counted: number) => Promise<LastDay>,
): Promise<LogStatus[]> {
  const { stage, env, store } = target;
  const logs = named ?? (await allLogs());
  const saved = await savedAt(logs, target);
  if (target.account !== undefined && saved.size === 0) await requireOneAccount(target, logs);
  const deployed = stage === null ? null : await deployedLogs(logs, stage, env);
  const stored = await storedLogs(
    logs.filter(({ name }) => !saved.has(name)),
    target,
  );
  const shown = logs.filter(
    ({ name }) => named !== null || saved.has(name) || stored.has(name) || deployed?.has(name),
  );
  if (shown.length === 0) {
    throw new Error(
      `Nothing was collected into ${store.url} yet: there is neither a checkpoint below state/ nor an object below logs/. ${stage === null ? 'Is it the right store?' : `Deploy the log types: npx pnpm sls deploy --stage ${stage}.`}`,
    );
  }
  return Promise.all(
    shown.map((logType) => {
      const known = {
        deployed: deployed?.has(logType.name) ?? null,
        savedAt: saved.get(logType.name) ?? null,
      };
      return statusOfLog(logType, target, known, now, (counted) => lastDay(logType, now, counted));
    }),
  );
}

const help = `
WATERMARK  everything up to this time (UTC) is stored; Duo withholds two minutes
BEHIND     how long ago that is
RECORDS    of the last 24 hours by their own time, counted in the objects that
           are in the store now; ≥ where only the newest 8 MB of them were read
COMPARED   the last day that was compared with Duo: it has a receipt
DUE        how many days are closed and to be compared now
GAPS       spans that Duo no longer had when it was asked, or that were skipped
           (checkpoint set, reset), and in which some day has no receipt yet
LAST RUN   how the last run that saved left the log: caught up; more (in the
           middle of a window); cut off (before its last object was surely put)

In a terminal there is a bar for each of the last 24 hours: the RECORDS of that
hour, against those of the log's busiest one (MOST). · none; blank: not
collected, or not yet; ? not all of them were read. Where the terminal is not
UTF-8, digits stand for bars: 8 is the busiest hour, 4 half of it, 0 none.

A run that fails before it saves leaves no trace in the store: the log falls
behind, and ${command} doctor says why.

Where there are several accounts, it shows the 20 logs of them that are furthest
behind, and sums up the others; --json has all. --account shows one account,
with its bars: of hundreds of accounts, no objects are read.

It needs s3:ListBucket and s3:GetObject, and for a stage cloudformation:
ListExports and DescribeStacks, with accounts ssm:GetParametersByPath on
/duo/<stage>/accounts. Asks Duo nothing and changes nothing.

  ${command} status --stage prod
  ${command} status --stage prod --region eu-west-1 --profile audit --watch
  ${command} status --stage prod --account acme
  ${command} status --store file:///var/lib/duo --json
  ${command} status telephony --store s3://a-bucket/a-prefix`;
