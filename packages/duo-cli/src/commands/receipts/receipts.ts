import type { Command } from '@commander-js/extra-typings';
import { longestLookback, midnightOf, type Receipt, readReceipt, utcDay } from 'duo-core';
import { findLog, logTypeArgument } from '../../logs/find-log';
import { command } from '../../operator/command';
import { daySpan, daysOf, daysText, edgeReader, isWidened } from '../../operator/day-span';
import { table } from '../../operator/table';
import type { World } from '../../operator/world';
import { closedDays } from '../../state/closed-days';
import { requireOneAccount } from '../../state/one-account';
import { receiptCounts } from '../../state/receipt-table';
import { lastOfEach, listReceipts } from '../../state/receipts';
import { requireObjects } from '../../state/require-objects';
import { accountOption, logOf, openTarget, stageOption, storeOption } from '../../store/target';
import type { ReceiptsJson } from './json';

/** `receipts`: what the passes of a log's days have counted. */
export function addReceipts(program: Command, world: World): void {
  program
    .command('receipts')
    .description('Shows the counts of each day from when it was compared with Duo. Does not ask Duo.')
    .addArgument(logTypeArgument)
    .option(
      '--from <day>',
      'the first day: 2026-11-01, 7d (that of the first receipt)',
      edgeReader(world.clock),
    )
    .option('--to <day>', 'the last day (the last one that is closed)', edgeReader(world.clock))
    .addOption(stageOption)
    .addOption(storeOption)
    .addOption(accountOption)
    .option('--json', 'print the receipts as JSON')
    .addHelpText('after', help)
    .action(async (name, { from, to, json, ...options }) => {
      const logType = await findLog(name);
      const target = await openTarget(options, world);
      await requireOneAccount(target, [logType]);
      const { store } = target;
      const now = world.clock.now();
      const { live, last } = await closedDays(target, logType, now);
      const oldest = { at: midnightOf(utcDay(now - longestLookback)), isDay: true };
      const span = daySpan(from ?? oldest, to, last);
      const listed = await listReceipts(store, logOf(target, name), span);
      if (live === null && listed.length === 0) await requireObjects(target, logType);
      const receipts: Receipt[] = [];
      for (const { key } of listed) receipts.push(await readReceipt(store, key));
      const having = lastOfEach(listed);
      const first = from === undefined ? (listed[0]?.day ?? span.last) : span.first;
      const without = daysOf({ first, last: span.last }).filter((day) => !having.has(day));
      if (json) {
        const found: ReceiptsJson = { logType: name, receipts, without };
        world.print(`${JSON.stringify(found)}\n`);
        return;
      }
      if (isWidened(from, to)) world.print('Whole days are shown.\n');
      if (receipts.length > 0) world.print(table([head, ...receipts.map(row)]));
      if (without.length > 0) world.print(`Without a receipt: ${daysText(without)}.\n`);
    });
}

const head = ['DAY', 'WHEN', ...receiptCounts.map((name) => name.toUpperCase())];

function row(receipt: Receipt): string[] {
  const counts = receiptCounts.map((name) => receipt[name].toLocaleString('en'));
  return [receipt.day, utcDay(receipt.at).slice(5), ...counts];
}

const help = `
Each line is one comparison of a day with Duo: when it began (month and day,
UTC; --json has the moment), how many records Duo showed, how many were stored
afterwards, and how many of these the comparison stored itself (repaired). It
could not repair what the other columns count; verify --help explains them.
A day is compared one and seven days after its end, and when somebody asks.

It needs s3:ListBucket, s3:GetObject on receipts/ and on state/.

  ${command} receipts telephony --stage prod
  ${command} receipts telephony --stage prod \\
    --from 2026-11-01 --to 2026-11-30
  ${command} receipts telephony --store file:///var/lib/duo --json`;
