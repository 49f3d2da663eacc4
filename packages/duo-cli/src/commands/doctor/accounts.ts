import type { KnownAccount } from 'duo-accounts/known-accounts';
import type { LogType } from 'duo-core';
import { command } from '../../operator/command';
import { durationText, plural } from '../../operator/words';
import { regionOf } from '../../stage/aws';
import { scheduleName, starter } from '../../stage/names';
import { findSchedule } from '../../stage/schedule';
import { type AccountStanding, accountStandings } from '../../state/accounts';
import type { Target } from '../../store/target';
import { type Check, check } from './check';
import { checkWatch } from './log/log';

const hour = 3_600_000;

/** As the starter has it: four turns, in ms. */
const patience = 20 * 60_000;

/** How many names a message has. */
const mostNamed = 5;

/**
 * Checks the accounts of a stage or a store together, by the rules of the starter's alarms: which have saved nothing for long, or are
 * far behind; and of a stage what it says itself of the starter and of each log. `logs` are those that are deployed, or that the store has.
 */
export async function checkAccounts(
  accounts: readonly KnownAccount[],
  logs: readonly LogType[],
  target: Target,
  now: number,
): Promise<Check[]> {
  const since = new Map(accounts.map((one) => [one.name, one.since]));
  const standings = await accountStandings(target, [...since.keys()], logs);
  const each = logs.map(({ name }) =>
    check(name, 'accounts', () => {
      const own = standings.filter(({ logType }) => logType === name);
      const bad = own.flatMap((one) => problemOf(one, since.get(one.account) ?? 0, now) ?? []);
      if (bad.length > 0) {
        const more = bad.length > mostNamed ? `; and ${bad.length - mostNamed} more` : '';
        throw new Error(
          `${bad.slice(0, mostNamed).join('; ')}${more}. ${target.stage === null ? 'Run the collector, and see what it says.' : `Read why: ${command} logs ${name} --stage ${target.stage} --account <account> --errors`}`,
        );
      }
      const worst = Math.max(0, ...own.map(({ checkpoint }) => now - (checkpoint?.watermark ?? now)));
      return `${plural(own.length, 'account')}, at most ${durationText(worst)} behind`;
    }),
  );
  const { stage, env } = target;
  if (stage === null) return Promise.all(each);
  const schedule = check(starter, 'schedule', async () => {
    const schedule = await findSchedule(starter, stage, 'collect', env);
    if (schedule !== null) return schedule.expression;
    throw new Error(
      `There is no schedule ${scheduleName(starter, stage, 'collect')} in ${regionOf(env)}: no account is collected. Deploy it: npx pnpm sls deploy --stage ${stage}.`,
    );
  });
  const services = [starter, ...logs.map(({ name }) => name)];
  const watched = services.map((service) => checkWatch(service, stage, env, now));
  return [...(await Promise.all([...each, schedule])), ...(await Promise.all(watched)).flat()];
}

/** `since` is when the account was put there: its first turn may be still to come. */
function problemOf(
  { account, checkpoint, savedAt, problem }: AccountStanding,
  since: number,
  now: number,
): string | null {
  if (problem !== null) return problem;
  if (checkpoint === null || savedAt === null)
    return now - since > patience ? `${account} has saved nothing yet` : null;
  if (now - savedAt > patience) return `${account} has saved nothing for ${durationText(now - savedAt)}`;
  const behind = now - checkpoint.watermark;
  return behind > hour ? `${account} is ${durationText(behind)} behind` : null;
}
