import type { Command } from '@commander-js/extra-typings';
import { findLog, logTypeArgument } from '../../logs/find-log';
import { command } from '../../operator/command';
import { daySpan, daysOf, daysText, edgeReader, isWidened } from '../../operator/day-span';
import { UsageError } from '../../operator/usage-error';
import type { World } from '../../operator/world';
import { closedDays } from '../../state/closed-days';
import { requireOneAccount } from '../../state/one-account';
import { accountOption, openTarget, stageOption, storeOption } from '../../store/target';
import { type Passed, passHere } from './here';
import { backfillResult } from './result';
import { askFunction } from './wanted';

/** `backfill`: has days of a log reconciled, by the deployed function or here. */
export function addBackfill(program: Command, world: World): void {
  program
    .command('backfill')
    .description('Compares days of a log with Duo and stores what is missing, up to 179 days back.')
    .addArgument(logTypeArgument)
    .requiredOption('--from <day>', 'the first day: 2026-11-01, yesterday, 7d', edgeReader(world.clock))
    .option('--to <day>', 'the last day (the last one that is closed)', edgeReader(world.clock))
    .addOption(stageOption)
    .addOption(storeOption)
    .addOption(accountOption)
    .option('--again', 'also store records that were deleted, have changed or are astray')
    .option('--local', 'do it in this process instead of the deployed function')
    .option('--detach', 'ask the function for the days, and do not watch')
    .option('--yes', 'do not ask')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', help)
    .action(async (name, { from, to, again = false, local, detach, yes, json, ...options }) => {
      const logType = await findLog(name);
      const target = await openTarget(options, world);
      await requireOneAccount(target, [logType]);
      const { stage } = target;
      if (stage === null && !local)
        throw new UsageError('A store has no function that could do this: add --local, or name a --stage.');
      if (local && detach) throw new UsageError('Give either --local or --detach.');
      const closed = await closedDays(target, logType, world.clock.now());
      const days = daysOf(daySpan(from, to, closed.last));
      closed.refuseImpossible(days);
      const open = closed.open(days);
      const [firstOpen] = open;
      if (local && firstOpen !== undefined)
        throw new UsageError(`${closed.whenClosed(firstOpen)} Give an earlier --to.`);

      const say = json ? world.complain : world.print;
      if (isWidened(from, to)) say(`Whole days are read: ${daysText(days)}.\n`);
      if (again && !yes) await confirmAgain(days, world);
      const finish = (passed: Passed, waiting: readonly string[]) => {
        const result = backfillResult(logType, days, passed, waiting, target);
        world.print(json ? `${JSON.stringify(result.json)}\n` : result.text);
        if (result.problem !== null) throw new Error(result.problem);
      };
      if (stage === null || local) return finish(await passHere(logType, days, again, target, world), []);
      if (firstOpen !== undefined) say(`${closed.whenClosed(firstOpen)} The function does it then.\n`);
      const asked = { logType, stage, days, open, again, detach: detach === true };
      const receipts = await askFunction(asked, target, world, say);
      if (receipts !== null) finish({ receipts, earlier: [] }, open);
    });
}

async function confirmAgain(days: readonly string[], { ask, complain }: World): Promise<void> {
  complain(
    `Everything that Duo shows of ${daysText(days)} and that is not there will be stored, even if it was read and deleted: a SIEM that deletes what it reads will read it twice.\n`,
  );
  if (ask === undefined) throw new UsageError('There is no terminal to ask in: add --yes if you want that.');
  if (!(await ask.confirm('Go on?'))) throw new Error('Cancelled: no day was asked for.');
}

const help = `
Reads each UTC day from Duo and from the store, and stores what is missing
below logs/, beside what the log itself stores. A day without missing records
stays as it is. So you may ask twice, and so may the function or somebody else
at the same time. A part of a day counts as the whole day.

The deployed function does this every 15 minutes, the oldest day first, even if
you interrupt this command: it only watches. Days that are not closed yet come
later, because the log still stores records of them. The function stops when
Duo asks it to wait, because the log itself comes first. With --local, this
command does the work and waits as the log does. Interrupt it whenever you
like, and give the same command again: it then leaves alone days that were
compared less than a day ago.

If something was deleted from a day, nothing of that day is stored, because a
SIEM that reads and deletes would read it twice. --again stores it, and also
what has changed or has no time on that day.

It needs s3:GetObject and s3:PutObject on state/, s3:ListBucket, s3:GetObject
on receipts/ and scheduler:GetSchedule, with --account ssm:GetParameters on
/duo/<stage>/accounts/<account>. --local needs what the function needs:
Duo's credentials, and s3:GetObject and s3:PutObject on state/, logs/ and
receipts/.

  ${command} backfill telephony --stage prod --from 2026-11-01
  ${command} backfill telephony --stage prod --detach \\
    --from 2026-07-01 --to 2026-11-01
  ${command} backfill telephony --stage prod --again \\
    --from 2026-11-07 --to 2026-11-07
  ${command} backfill telephony --store ./logs --local \\
    --from 2026-11-01 --to 2026-11-02 --json`;
