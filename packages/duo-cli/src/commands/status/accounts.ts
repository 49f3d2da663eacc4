import type { LogType } from 'duo-core';
import type { Piece } from '../../operator/piece';
import { table } from '../../operator/table';
import { durationText, minuteText, plural } from '../../operator/words';
import { deployedLogs } from '../../stage/stacks';
import { type AccountStanding, accountStandings, accountsIn } from '../../state/accounts';
import type { Target } from '../../store/target';
import { statusOf } from './json';

/** How many rows a person is shown. */
const mostRows = 20;
const hour = 3_600_000;

/** How many names a line has. */
const mostNamed = 5;

/** What `status` prints of a stage or a store that has accounts, and how many logs of them cannot be read. */
export async function statusOfAccounts(
  target: Target,
  logs: readonly LogType[],
  now: number,
  json: boolean,
): Promise<{ readonly pieces: Piece[]; readonly unreadable: number; readonly count: number }> {
  const names = (await accountsIn(target, logs)).map(({ name }) => name);
  const standings = await accountStandings(target, names, logs);
  const { stage, env } = target;
  const deployed = stage === null ? null : await deployedLogs(logs, stage, env);
  // An account that fails from the start has saved nothing; of a store alone, nobody knows which logs it should have.
  const shown = standings.filter(
    ({ logType, checkpoint, problem }) =>
      checkpoint !== null || problem !== null || deployed?.has(logType) === true,
  );
  const unreadable = standings.filter(({ problem }) => problem !== null).length;
  const pieces = json
    ? [`${JSON.stringify(shown.map((one) => asJson(one, deployed, now)))}\n`]
    : text(target, names, shown, now);
  return { pieces, unreadable, count: shown.length };
}

function text(
  { store }: Target,
  names: readonly string[],
  all: readonly AccountStanding[],
  now: number,
): Piece[] {
  const standings = all.filter((one) => !isWithout(one));
  const far = standings.filter(
    ({ checkpoint }) => checkpoint !== null && now - checkpoint.watermark > hour,
  ).length;
  const rows = standings
    .slice(0, mostRows)
    .map(({ account, logType, checkpoint, savedAt }) => [
      account,
      logType,
      checkpoint === null ? '?' : minuteText(checkpoint.watermark).slice(5),
      checkpoint === null ? '?' : durationText(now - checkpoint.watermark),
      savedAt === null ? '?' : `${durationText(now - savedAt)} ago`,
    ]);
  const rest = standings.slice(mostRows);
  const worst = rest.find(({ checkpoint }) => checkpoint !== null);
  return [
    `${store.url} at ${minuteText(now)} UTC: ${plural(names.length, 'account')}\n\n`,
    table([['ACCOUNT', 'LOG TYPE', 'WATERMARK', 'BEHIND', 'SAVED'], ...rows]),
    ...(rest.length === 0
      ? []
      : [
          `and ${plural(rest.length, 'other')}${worst?.checkpoint ? `, at most ${durationText(now - worst.checkpoint.watermark)} behind` : ''}\n`,
        ]),
    `\n${plural(far, 'log')} more than an hour behind. --account shows more of one.\n`,
    ...withoutText(all.filter(isWithout)),
    ...standings.slice(0, mostRows).flatMap(({ problem }) => (problem === null ? [] : [`${problem}\n`])),
  ];
}

/** Whether no run has saved anything of it. */
function isWithout({ checkpoint, problem }: AccountStanding): boolean {
  return checkpoint === null && problem === null;
}

function withoutText(standings: readonly AccountStanding[]): string[] {
  if (standings.length === 0) return [];
  const names = [...new Set(standings.map(({ account }) => account))];
  const more = names.length > mostNamed ? `, and ${names.length - mostNamed} more` : '';
  return [
    `${plural(standings.length, 'log')} of which nothing is saved yet: of ${names.slice(0, mostNamed).join(', ')}${more}.\n`,
  ];
}

function asJson(
  { account, logType, checkpoint, savedAt, problem }: AccountStanding,
  deployed: ReadonlySet<string> | null,
  now: number,
) {
  // Which of the gaps are compared since, the receipts say: --account reads them.
  const days = checkpoint && { compared: null, due: null, gaps: checkpoint.gaps };
  const known = { logType, checkpoint, savedAt, problem, days, deployed: deployed?.has(logType) ?? null };
  return { account, ...statusOf({ ...known, progress: null, lastDay: null }, now) };
}
