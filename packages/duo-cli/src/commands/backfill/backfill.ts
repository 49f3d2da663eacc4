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
    .description('Has days of a log compared with Duo, and stores what is missing: up to 179 days back.')
    .addArgument(logTypeArgument)
    .requiredOption('--from <day>', 'the first day: 2026-11-01, yesterday, 7d', edgeReader(world.clock))
    .option('--to <day>', 'the last day (the last one that is closed)', edgeReader(world.clock))
    .addOption(stageOption)
    .addOption(storeOption)
    .addOption(accountOption)
    .option('--again', 'store also what was deleted, has changed or is astray')
    .option('--local', 'in this process instead of the deployed function')
    .option('--detach', 'put the days down for the function, and do not watch')
    .option('--yes', 'do not ask')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', help)
    .action(async (name, { from, to, again = false, local, detach, yes, json, ...options }) => {
      const logType = await findLog(name);
      const target = await openTarget(options, world);
      await requireOneAccount(target, [logType]);
      const { stage } = target;
      if (stage === null && !local)
        throw new UsageError('A store alone has no function to do it: add --local, or name a --stage.');
      if (local && detach) throw new UsageError('Give either --local or --detach.');
      const closed = await closedDays(target, logType, world.clock.now());
      const days = daysOf(daySpan(from, to ?? { at: Date.parse(closed.last), isDay: true }));
      closed.refuseImpossible(days);
      const open = closed.open(days);
      const [firstOpen] = open;
      if (local && firstOpen !== undefined)
        throw new UsageError(`${closed.whenClosed(firstOpen)} Give an earlier --to.`);

      const say = json ? world.complain : world.print;
      if (isWidened(from, to)) say(`Days are read as a whole: ${daysText(days)}.\n`);
      if (again && !yes) await confirmAgain(days, world);
      const finish = (passed: Passed, waiting: readonly string[]) => {
        const result = backfillResult(logType, days, passed, waiting, target);
        world.print(json ? `${JSON.stringify(result.json)}\n` : result.text);
        if (result.problem !== null) throw new Error(result.problem);
      };
      if (stage === null || local) return finish(await passHere(logType, days, again, target, world), []);
      if (firstOpen !== undefined) say(`${closed.whenClosed(firstOpen)} The function comes to it then.\n`);
      const asked = { logType, stage, days, open, again, detach: detach === true };
      const receipts = await askFunction(asked, target, world, say);
      if (receipts !== null) finish({ receipts, earlier: [] }, open);
    });
}

async function confirmAgain(days: readonly string[], { ask, complain }: World): Promise<void> {
  complain(
    `All that Duo shows of ${daysText(days)} and that is not there is stored, also what was read and deleted: whoever does that reads it twice.\n`,
  );
  if (ask === undefined) throw new UsageError('There is no terminal to ask in: add --yes if you want that.');
  if (!(await ask.confirm('Go on?'))) throw new Error('Nothing was asked for.');
}

const help = `
Each UTC day is read at Duo and in the store, and what is missing is stored
below logs/, beside what the log itself stores. A day in which nothing is
missing is left as it is, so asking twice does no harm, and neither does asking
beside the function or somebody else. A part of a day is read as a whole day.

The deployed function does it, every 15 minutes, the oldest day first, also
when this command is interrupted: it only watches. Days that are not closed
yet, since the log still stores records of them, come later. The function stops
when Duo asks to wait, for the log itself comes first. With --local it is done
here, and waits as the log does. Interrupt it whenever you like, and give the
same command again: days that were compared less than a day ago are then left
as they are.

Of a day from which something was deleted, nothing is stored, for a SIEM that
reads and deletes would read it twice. --again stores it all the same, and what
has changed or has no time of that day besides.

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
  ${command} backfill telephony --store file://$PWD/logs --local \\
    --from 2026-11-01 --to 2026-11-02 --json`;
