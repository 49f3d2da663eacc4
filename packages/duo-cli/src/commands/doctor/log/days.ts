import {
  type Checkpoint,
  defaultLookback,
  dueDays,
  type LogType,
  loadWanted,
  longestLookback,
  type Receipt,
  readReceipt,
  utcDay,
} from 'duo-core';
import { daysText } from '../../../operator/day-span';
import { durationText, plural } from '../../../operator/words';
import { scheduleOf } from '../../../stage/schedule';
import { logsCommand } from '../../../stage/watch/logs-command';
import { backfillCommand } from '../../../state/backfill-command';
import { lastOfEach, listReceipts } from '../../../state/receipts';
import { logOf, type Target } from '../../../store/target';
import { type Check, check, Unknown } from '../check';

/**
 * Checks that the days of a log are compared with Duo in time, and what was found of the last ones. `live` is null where there
 * is no checkpoint that can be read; `now` in ms.
 */
export async function checkDays(
  logType: LogType,
  target: Pick<Target, 'stage' | 'env' | 'store' | 'account'>,
  live: Checkpoint | null,
  now: number,
): Promise<Check[]> {
  const { name } = logType;
  const { stage, env } = target;
  let isOff = false;
  const schedule =
    stage === null
      ? []
      : [
          await check(name, 'reconcile', async () => {
            const found = await scheduleOf(logOf(target, name), stage, 'reconcile', env);
            isOff = found === null;
            if (found !== null) return found.expression;
            throw new Unknown(
              `not deployed: the setting reconcile is off, so only this compares days with Duo: ${backfillExample(name, target)}`,
            );
          }),
        ];
  const due = await check(name, 'days due', async () => {
    if (live === null) throw new Unknown('no checkpoint says which');
    const days = await dueDays(
      target.store,
      logOf(target, name),
      live,
      await loadWanted(target.store, logOf(target, name)),
      defaultLookback,
      now,
    );
    const said = days.length === 0 ? 'none' : `${days.length}: ${daysText(days.map(({ day }) => day))}`;
    if (days.length <= mostDue(logType)) return said;
    if (isOff) throw new Unknown(said);
    const [first = '', last = first] = [days[0]?.day, days.at(-1)?.day];
    throw new Error(`${said} are waiting to be compared with Duo. ${remedy(name, target, { first, last })}`);
  });
  const found = await check(name, 'days compared', () => lastReceipts(logType, target, now));
  return [...schedule, due, found];
}

/** By the rule of the alarm: a log that Duo changes for a week closes its days together. */
function mostDue({ overlapSeconds = 0 }: LogType): number {
  return overlapSeconds > 86_400 ? 10 : 3;
}

function remedy(
  name: string,
  target: Pick<Target, 'stage' | 'env' | 'store' | 'account'>,
  days: { readonly first: string; readonly last: string },
): string {
  const { stage, account } = target;
  if (stage === null) return `Do it: ${backfillCommand(name, target, days)}`;
  return `Read why in the function's log: ${logsCommand(name, stage, account)}`;
}

function backfillExample(name: string, target: Pick<Target, 'stage' | 'store' | 'account'>): string {
  return backfillCommand(name, target, { first: '<day>', last: '<day>' }, '--local');
}

/** How many of the last days' receipts are read. */
const mostReceipts = 7;

/** What is wrong by the last receipts of the last days. */
async function lastReceipts(
  { name }: LogType,
  target: Pick<Target, 'stage' | 'store' | 'account'>,
  now: number,
): Promise<string> {
  const { store } = target;
  const span = { first: utcDay(now - longestLookback), last: utcDay(now) };
  const listed = [...lastOfEach(await listReceipts(store, logOf(target, name), span)).values()].slice(
    -mostReceipts,
  );
  const receipts = await Promise.all(listed.map(({ key }) => readReceipt(store, key)));
  const [first, last] = [receipts[0]?.day, receipts.at(-1)?.day];
  if (first === undefined || last === undefined) return 'none yet';
  const problems = (['deleted', 'astray', 'doubled'] as const).flatMap((kind) => {
    const days = receipts.filter((receipt) => receipt[kind] > 0);
    if (days.length === 0) return [];
    const count = days.reduce((sum, receipt) => sum + receipt[kind], 0);
    const named = days.map(({ day }) => day);
    const again = { first: named[0] ?? first, last: named.at(-1) ?? last };
    const todo =
      kind === 'doubled'
        ? 'Whoever reads the records must drop the repeats.'
        : `To store them again: ${backfillCommand(name, target, again, '--again')}`;
    return [`${plural(count, 'record')} of ${daysText(named)} ${kind}. ${todo}`];
  });
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const newest = receipts.at(-1);
  const written = newest === undefined ? '' : receiptText(newest, now);
  return `${first === last ? first : `${first} to ${last}`}: nothing doubled, astray or deleted. ${written}`;
}

/** What the newest receipt says. Duo may show more than is stored where records were changed, or astray. */
function receiptText({ at, shown, stored, repaired }: Receipt, now: number): string {
  const late = repaired === 0 ? '' : `, ${repaired.toLocaleString('en')} of them brought in by it`;
  return `The newest receipt, written ${durationText(now - at)} ago: Duo shows ${shown.toLocaleString('en')}, ${stored.toLocaleString('en')} are stored${late}.`;
}
