import type { Command } from '@commander-js/extra-typings';
import * as z from 'zod/mini';
import { findLog, logTypeArgument } from '../../logs/find-log';
import { momentReader } from '../../operator/arguments';
import { command } from '../../operator/command';
import { maskPhones } from '../../operator/mask-phones';
import { minuteText } from '../../operator/words';
import type { World } from '../../operator/world';
import { regionOf } from '../../stage/aws';
import { lake, logGroupName, starter, worksOf } from '../../stage/names';
import { readStage } from '../../stage/stage';
import { functionLog, type LogEvent } from '../../stage/watch/function-log';
import { readLogLine } from '../../stage/watch/log-line';
import { parseJson } from '../../store/parse-json';
import { accountOption } from '../../store/target';
import { entry } from './entry';
import { logsJson } from './json';

/** `logs`: what the two functions of a log have logged, as a person reads it. */
export function addLogs(program: Command, world: World): void {
  const { clock } = world;
  program
    .command('logs')
    .description("Prints what a log's functions have logged, collect and reconcile together.")
    .addArgument(logTypeArgument)
    .requiredOption('--stage <stage>', 'the deployed stage: the name given to sls deploy', readStage)
    .option('--since <when>', 'where to begin: 2h, yesterday, 2026-11-01T09:30:00Z (2h)', momentReader(clock))
    .addOption(accountOption)
    .option('--errors', 'print only errors and warnings')
    .option('--json', 'print each line as it was logged, with metrics')
    .addHelpText('after', help)
    .action(async (name, { stage, since, account, errors = false, json = false }) => {
      const service = [starter, lake].includes(name) ? name : (await findLog(name)).name;
      const from = since?.at ?? clock.now() - 7_200_000;
      const events = await readLogs(service, stage, from, world);
      const wanted = events.flatMap((event) => {
        const line = readLogLine(event.text);
        if (account !== undefined && !isOf(event.text, account)) return [];
        if (errors && line?.level !== 'ERROR' && line?.level !== 'WARN') return [];
        if (json) return [`${maskPhones(asJson(event))}\n`];
        return line === null ? [] : entry(event, line, world.columns);
      });
      world.print(...wanted);
      if (wanted.length > 0) return;
      const what = `${errors ? 'no error and no warning' : 'nothing'}${account === undefined ? '' : ` of ${account}`}`;
      world.complain(`There is ${what} since ${minuteText(from)} UTC. --since looks further back.\n`);
    });
}

/** What its functions have logged, in the order of time. Throws an error that says what to do where there is no log. */
async function readLogs(service: string, stage: string, from: number, world: World): Promise<LogEvent[]> {
  const { env } = world;
  const works = worksOf(service);
  const found = await Promise.all(works.map((work) => functionLog(service, stage, work, from, env)));
  const missing = works.filter((_, n) => found[n] === null).map((work) => logGroupName(service, stage, work));
  const [first] = found;
  if (first === null) {
    throw new Error(
      `There is no log group ${missing[0]} in ${regionOf(env)}: the function is not deployed there. Deploy it (npx pnpm sls deploy --stage ${stage} in services/${service}), or name its region with --region.`,
    );
  }
  if (missing.length > 0)
    world.complain(`There is no ${missing[0]}: no function reconciles this log (setting reconcile).\n`);
  return found.flatMap((events) => events ?? []).toSorted((one, other) => one.at - other.at);
}

/** Whether a line of a function is of an account: what Lambda says of a run names none. */
function isOf(text: string, account: string): boolean {
  const line = ofAccount.safeParse(parseJson(text)).data;
  return line?.account === account || line?.message?.includes(`account ${account}:`) === true;
}

const ofAccount = z.looseObject({ account: z.optional(z.string()), message: z.optional(z.string()) });

/** A line that is no JSON object, as of Node.js itself, becomes one, so that every line can be read by a program. */
function asJson({ at, text }: LogEvent): string {
  const line = logsJson.safeParse(parseJson(text)).data;
  return JSON.stringify(line ?? { timestamp: new Date(at).toISOString(), message: text });
}

const help = `
An entry has the time in UTC, the function, the level and the message. Metrics,
and Lambda's own lines about a run that went well, are left out. A run that took
too long or ran out of memory is shown as an error. Phone numbers are hidden.

Where a stage has several accounts, --account prints the lines of one, and
accounts in place of a log type what starts the runs of all of them. lake prints
what turns records into Parquet.

It needs logs:FilterLogEvents on the log groups /aws/lambda/duo-<log-type>-*.

  ${command} logs telephony --stage prod --errors
  ${command} logs telephony --stage prod --since yesterday
  ${command} logs telephony --stage prod --since 1h --json | jq .
  ${command} logs telephony --stage prod --account acme --errors
  ${command} logs accounts --stage prod --errors
  ${command} logs lake --stage prod --errors`;
