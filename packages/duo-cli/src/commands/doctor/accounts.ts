import type { LogType } from 'duo-core';
import { command } from '../../operator/command';
import { durationText, plural } from '../../operator/words';
import { regionOf } from '../../stage/aws';
import { scheduleName } from '../../stage/names';
import { findSchedule } from '../../stage/schedule';
import { partsOf } from '../../stage/watch/parts';
import { type AccountStanding, accountStandings } from '../../state/accounts';
import type { Target } from '../../store/target';
import { checkAlarms } from './alarms';
import { type Check, check } from './check';
import { checkDeadLetters } from './dead-letters';

const hour = 3_600_000;

/** As the starter has it: four turns, in ms. */
const patience = 20 * 60_000;

/** How many names a message has. */
const mostNamed = 5;

/**
 * Checks the accounts of a stage or a store together, by the rules of the starter's alarms: which have saved nothing for long, or are
 * far behind; and of a stage the starter itself. `logs` are those that are deployed, or that the store has.
 */
export async function checkAccounts(
  names: readonly string[],
  logs: readonly LogType[],
  target: Target,
  now: number,
): Promise<Check[]> {
  const standings = await accountStandings(target, names, logs);
  const each = logs.map(({ name }) =>
    check(name, 'accounts', () => {
      const own = standings.filter(({ logType }) => logType === name);
      const bad = own.flatMap((one) => problemOf(one, now) ?? []);
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
  const starter = check('accounts', 'schedule', async () => {
    const schedule = await findSchedule('accounts', stage, 'collect', env);
    if (schedule !== null) return schedule.expression;
    throw new Error(
      `There is no schedule ${scheduleName('accounts', stage, 'collect')} in ${regionOf(env)}: no account is collected. Deploy it: npx pnpm sls deploy --stage ${stage}.`,
    );
  });
  const parts = partsOf('accounts', stage, env);
  const watched = [
    checkAlarms('accounts', stage, env, parts, now),
    checkDeadLetters('accounts', env, parts, now),
  ];
  return Promise.all([...each, starter, ...watched]);
}

function problemOf({ account, checkpoint, savedAt, problem }: AccountStanding, now: number): string | null {
  if (problem !== null) return problem;
  if (checkpoint === null || savedAt === null) return `${account} has saved nothing yet`;
  if (now - savedAt > patience) return `${account} has saved nothing for ${durationText(now - savedAt)}`;
  const behind = now - checkpoint.watermark;
  return behind > hour ? `${account} is ${durationText(behind)} behind` : null;
}
