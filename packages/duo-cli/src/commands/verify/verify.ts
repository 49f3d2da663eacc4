import type { Command } from '@commander-js/extra-typings';
import type { LogType } from 'duo-core';
import { findLog, logTypeArgument } from '../../logs/find-log';
import { readCount } from '../../operator/arguments';
import { command } from '../../operator/command';
import { edgeReader, isWidened } from '../../operator/day-span';
import { momentText } from '../../operator/words';
import type { World } from '../../operator/world';
import { daysInTurn } from '../../progress/days-in-turn';
import { lookOn } from '../../progress/look-on';
import { requireOneAccount } from '../../state/one-account';
import { dayTableHead, dayTableRow } from '../../state/receipt-table';
import { localReconciliation, passToTheEnd } from '../../state/reconciliation';
import { accountOption, openTarget, stageOption, storeOption, type Target } from '../../store/target';
import { createFinder, type Example, type Found, foundOf } from './found';
import type { VerifyJson } from './json';
import { planVerify, type VerifyPlan } from './plan';
import { exampleLines, goodEnd, verdict } from './verdict';

/** `verify`: compares what Duo shows of some days with what is stored of them, record by record. */
export function addVerify(program: Command, world: World): void {
  program
    .command('verify')
    .description('Compares what Duo shows of each day with what is stored, record by record.')
    .addArgument(logTypeArgument)
    .option(
      '--from <day>',
      'the first day: 2026-11-01, 7d for seven days ago (six days before the last one, or the first whole day that the log has)',
      edgeReader(world.clock),
    )
    .option(
      '--to <day>',
      'the last day (the last one that is collected; with --repair, closed)',
      edgeReader(world.clock),
    )
    .option('--repair', 'store what is missing, and write a receipt for each day')
    .option('--examples <n>', 'how many records to name for each kind and day', readCount, 5)
    .addOption(stageOption)
    .addOption(storeOption)
    .addOption(accountOption)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', help)
    .action(async (name, { from, to, repair = false, examples, json = false, ...options }) => {
      const logType = await findLog(name);
      const target = await openTarget(options, world);
      await requireOneAccount(target, [logType]);
      const plan = await planVerify(logType, { from, to }, repair, target, world.clock.now());
      const { first, last } = plan.span;
      const whole = isWidened(from, to) ? 'Whole days are compared.\n' : '';
      const head = `${name} in ${target.store.url}\n${first} to ${last}\n${whole}\n${dayTableHead(repair ? 'repaired' : 'missing')}`;
      const print = json ? () => {} : world.print;
      const { days, named, before } = await verifyDays(
        logType,
        plan,
        { repair, examples, head, print },
        target,
        world,
      );
      if (json) {
        const result: VerifyJson = {
          logType: name,
          store: target.store.url,
          days,
          examples: named,
          repair,
        };
        world.print(`${JSON.stringify(result)}\n`);
      }
      const problem = verdict(logType, days, { before, since: plan.since }, target);
      print(
        plan.openDay === null
          ? '\n'
          : `\n${plan.openDay} was compared up to ${momentText(plan.settled)}: the log may still store later records.\n`,
      );
      if (problem !== null) throw new Error(problem);
      print(goodEnd(days));
    });
}

/** Looks at one day after the other, and prints each as soon as it is known; the head comes with the first one, so that none stands above an error alone. */
async function verifyDays(
  logType: LogType,
  { days, openDay, settled, since }: VerifyPlan,
  {
    repair,
    examples,
    head,
    print,
  }: { repair: boolean; examples: number; head: string; print: (text: string) => void },
  target: Target,
  world: World,
): Promise<{ days: Found[]; named: Example[]; before: number }> {
  const due = world.clock.now();
  const found: Found[] = [];
  const named: Example[] = [];
  let before = 0;
  const looked = lookOn(
    world,
    daysInTurn(days, () => found.length),
  );
  const { progress, show } = looked;
  const context = localReconciliation(logType, target, world, looked);
  try {
    for (const day of days) {
      show();
      const finder = createFinder(logType, day, since, examples);
      const order = { day, due, again: false, dry: !repair, onFound: finder.onFound };
      const receipt = await passToTheEnd(context, order, progress.say);
      const missing = repair && receipt.deleted === 0 ? 0 : finder.missing;
      const one = foundOf(receipt, missing, !repair, day === openDay ? settled : null);
      found.push(one);
      // Of a day of which something was deleted, nobody knows which of its records were stored once.
      if (missing > 0 && receipt.deleted === 0) before += finder.before;
      named.push(...finder.examples);
      progress.end();
      if (found.length === 1) print(head);
      print(dayTableRow(repair ? one : { ...one, repaired: missing }));
      print(exampleLines(finder.examples));
    }
    show();
  } finally {
    progress.end();
  }
  return { days: found, named, before };
}

const help = `
SHOWN     what Duo shows of the day
STORED    what is stored of it, after a repair
MISSING   Duo shows it, and it is not stored; REPAIRED: it is now
CHANGED   its id is stored with another text than Duo shows today; where Duo
          changes records, each text is a record of its own, and not a finding
DOUBLED   it is stored more often than Duo shows it
ASTRAY    Duo shows it without a time on that day, and it is not stored
DELETED   it was stored once, by the log's count or a receipt, and is gone

Days are UTC days, and whole days are compared; the newest one up to where the
log will store nothing more. Runs may go on meanwhile. This command reads Duo
page by page under its rate limit. Interrupt it whenever you like, and give it
again.

--repair stores what is missing of closed days below logs/, where readers find
it, and writes receipts, as the function reconcile does by itself. Beside that
function, or run twice at once, it stores nothing twice. If something was
deleted from a day, it stores nothing of that day: backfill --again does.

It exits with 1 if it finds anything that was not repaired. Without --repair it
needs s3:ListBucket, and s3:GetObject on state/, logs/ and receipts/.

  ${command} verify telephony --stage prod
  ${command} verify telephony --stage prod --from 2026-11-01 --to 2026-11-02
  ${command} verify telephony --stage prod --from 2026-11-01 --repair
  ${command} verify telephony --store s3://a-bucket --from 2026-11-01 --json`;
