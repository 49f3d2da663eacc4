import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from '@commander-js/extra-typings';
import { dayLength, type LogType, midnightOf, utcDay } from 'duo-core';
import { allLogs, findLog } from '../../logs/find-log';
import { command } from '../../operator/command';
import { type DaySpan, daySpan, daysOf, edgeReader, isWidened } from '../../operator/day-span';
import { UsageError } from '../../operator/usage-error';
import { momentText, plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { startProgress } from '../../progress/progress';
import { accountsIn, hasAccounts } from '../../state/accounts';
import { requireOneAccount } from '../../state/one-account';
import { accountOption, openTarget, stageOption, storeOption, type Target } from '../../store/target';
import { checkLogs } from './check';
import { type CheckJson, type DayJson, type LogJson, type ReportJson, states } from './json';
import { marks } from './page/marks';
import { pageOf } from './page/page';
import { countStates } from './page/verdict';
import { type ReadLog, readLog } from './read-log';
import { writePage } from './write-page';

/** How many days are shown where nothing is said: a quarter of a year, and no more than `mostDays` where something is. */
const usualDays = 92;
const mostDays = 1_100;

/** How many findings a terminal has; the page and the JSON have all. */
const mostNamed = 50;

/** `report`: a page for people who did not run the collector. Reads the store and asks Duo nothing. */
export function addReport(program: Command, world: World): void {
  program
    .command('report')
    .description('Writes a page that shows what was collected of each day, and how that is known.')
    .argument('[log-type...]', 'the logs to show (all of which something is stored)')
    .option(
      '--from <day>',
      `the first day: 2026-11-01, 7d (${usualDays} days, as far as something is stored)`,
      edgeReader(world.clock),
    )
    .option('--to <day>', 'the last day (today)', edgeReader(world.clock))
    .option('-o, --output <file>', 'the page to write (report.html)')
    .option('--check', 'also read every object once, and compare it with its name and the receipts')
    .addOption(stageOption)
    .addOption(storeOption)
    .addOption(accountOption)
    .option('--json', 'print the numbers as JSON; writes a page only with --output')
    .addHelpText('after', help)
    .action(async (names, { from, to, output, check: isChecked = false, json = false, ...options }) => {
      const logs = names.length === 0 ? await allLogs() : await Promise.all(names.map(findLog));
      const target = await openTarget(options, world);
      const now = world.clock.now();
      const today = utcDay(now);
      const oldest = { at: midnightOf(today) - (usualDays - 1) * dayLength, isDay: true };
      const asked = daySpan(from ?? oldest, to, today);
      refuseImpossible(asked, today);
      const { read, without } = await readLogs(logs, names.length > 0, target, asked, now);
      const span = from === undefined ? { ...asked, first: firstKnown(read, asked) } : asked;
      const check = isChecked ? await runCheck(read, target, span, world) : null;
      const report: ReportJson = {
        store: nameOf(target.store.url),
        stage: target.stage,
        at: momentText(now),
        from: span.first,
        to: span.last,
        logs: read.map(({ json }) => (check === null ? json : refuted(json, check))),
        without,
        check,
      };
      const file = output ?? (json ? undefined : 'report.html');
      if (file !== undefined) await writePage(file, pageOf(report));
      if (json) world.print(`${JSON.stringify(report)}\n`);
      else {
        if (isWidened(from, to)) world.print('Whole days are shown.\n');
        world.print(`${resolve(file ?? '')}\n${summary(report)}\n`);
      }
      const problems = check === null ? read.flatMap((log) => log.json.problems) : findingLines(check);
      if (problems.length > 0) throw new Error(problemText(problems, target));
      if (check !== null && !json) world.print(`${checkText(check)}\n`);
    });
}

/** The days of which the check has found something are said to differ, whatever their receipts say. */
function refuted(log: LogJson, { findings }: CheckJson): LogJson {
  const found = new Set(
    findings
      .filter(({ logType, account }) => logType === log.logType && account === log.account)
      .map(({ day }) => day),
  );
  const say = (day: DayJson): DayJson =>
    found.has(day.day) && ['complete', 'repaired', 'empty', 'waiting'].includes(day.state)
      ? { ...day, state: 'differs' }
      : day;
  return { ...log, days: log.days.map(say) };
}

function refuseImpossible({ first, last }: DaySpan, today: string): void {
  if (last > today) throw new UsageError(`${last} is in the future: give an earlier --to.`);
  const count = daysOf({ first, last }).length;
  if (count > mostDays)
    throw new UsageError(
      `${first} to ${last} are ${plural(count, 'day')}, and a page has ${plural(mostDays, 'day')} at most: give a later --from or an earlier --to.`,
    );
}

/** Reads the logs of which something is stored, and those that were named in any case. */
async function readLogs(
  logs: readonly LogType[],
  isNamed: boolean,
  target: Target,
  span: DaySpan,
  now: number,
): Promise<{ readonly read: ReadLog[]; readonly without: string[] }> {
  const accounts =
    target.account === undefined && (await hasAccounts(target, logs))
      ? await namesOf(target, logs)
      : [target.account];
  const read: ReadLog[] = [];
  for (const account of accounts)
    for (const logType of logs) {
      const one = await readLog(logType, { store: target.store, account }, span, now);
      if (isKnown(one) || (isNamed && accounts.length === 1)) read.push(one);
    }
  if (!read.some(isKnown)) {
    if (target.account !== undefined) await requireOneAccount(target, logs);
    throw new Error(
      `Nothing of these days was collected into ${target.store.url}. Is it the right store? status shows what it has.`,
    );
  }
  const known = new Set(read.map(({ account }) => account));
  return { read, without: accounts.flatMap((one) => (one === undefined || known.has(one) ? [] : [one])) };
}

function isKnown({ live, json }: ReadLog): boolean {
  return live !== null || json.days.length > 0 || json.problems.length > 0;
}

/** Those that a stage collects, and those of which something is stored though they were removed. */
async function namesOf(target: Target, logs: readonly LogType[]): Promise<string[]> {
  const known = [
    ...(await accountsIn(target, logs)),
    ...(await accountsIn({ ...target, stage: null }, logs)),
  ];
  return [...new Set(known.map(({ name }) => name))].sort();
}

function firstKnown(read: readonly ReadLog[], { first, last }: DaySpan): string {
  const known = read.flatMap(({ json }) => json.days.slice(0, 1).map(({ day }) => day)).sort();
  return known[0] ?? (read.length > 0 ? last : first);
}

/** A directory is told by its name alone: where it lies is nobody's business to whom the page is sent. */
function nameOf(url: string): string {
  return url.startsWith('file:') ? basename(fileURLToPath(url)) : url;
}

async function runCheck(
  read: readonly ReadLog[],
  target: Target,
  span: DaySpan,
  world: World,
): Promise<CheckJson> {
  const progress = startProgress(world);
  try {
    return await checkLogs(read, target, span, ({ logType, account }, done) =>
      progress.show(done, () => `reading ${logType.name}${account === undefined ? '' : ` of ${account}`}`),
    );
  } finally {
    progress.end();
  }
}

function summary({ logs, from, to }: ReportJson): string {
  const counts = countStates(logs);
  const said = states.flatMap((state) =>
    counts[state] === 0 ? [] : [`${counts[state].toLocaleString('en')} ${marks[state].name}`],
  );
  return `${from} to ${to}, days of ${plural(logs.length, 'log')}: ${said.join(', ')}.`;
}

function checkText({ objects, receipts, ledgers }: CheckJson): string {
  return `${plural(objects, 'object')} read: each is what its name says, and so are the receipts of ${plural(receipts, 'day')}${ledgers === 0 ? '' : ` and the ledgers of ${plural(ledgers, 'day')}`}.`;
}

function findingLines({ findings }: CheckJson): string[] {
  return findings.map(({ key, problem }) => `${key}: ${problem}`);
}

/** Each begins with the key of what it is about. */
function problemText(problems: readonly string[], { store }: Target): string {
  const more = problems.length - mostNamed;
  return [
    ...problems.slice(0, mostNamed).map((one) => `${store.url}/${one}.`),
    ...(more > 0 ? [`and ${plural(more, 'other')}, which the page and --json name.`] : []),
  ].join('\n');
}

const help = `
The page is one file that needs no network: a calendar of days and logs, the
records of each day, what came late, gaps, and how each figure was found. It
opens from a mail, prints on A4, and has no record in it. It is made of
receipts, checkpoints and the names of objects. An earlier report of the same
name is replaced, any other file is left alone.

--check reads each object of these days once. It exits with 1 and names what
does not hold: an object that is not what the hash in its name says, a last
receipt of a day, or a ledger, that counts other records than are stored.

Days are UTC days, both included. Where there are several accounts, all of them
are shown; --account shows one. It needs s3:ListBucket, and s3:GetObject on
state/ and receipts/, with --check on logs/.

  ${command} report --stage prod
  ${command} report --stage prod --from 2026-07-01 --to 2026-09-30 \\
    -o third-quarter.html --check
  ${command} report telephony --store file:///var/lib/duo --json`;
