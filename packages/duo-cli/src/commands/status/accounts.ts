import type { LogType } from 'duo-core';
import type { Piece } from '../../operator/piece';
import { table } from '../../operator/table';
import { durationText, minuteText, plural } from '../../operator/words';
import { type AccountStanding, accountStandings, accountsIn } from '../../state/accounts';
import type { Target } from '../../store/target';
import { statusOf } from './json';

/** How many rows a person is shown. */
const mostRows = 20;
const hour = 3_600_000;

/** What `status` prints of a stage or a store that has accounts, and how many logs of them cannot be read. */
export async function statusOfAccounts(
  target: Target,
  logs: readonly LogType[],
  now: number,
  json: boolean,
): Promise<{ readonly pieces: Piece[]; readonly unreadable: number; readonly count: number }> {
  const names = (await accountsIn(target, logs)).map(({ name }) => name);
  const standings = await accountStandings(target, names, logs);
  const shown = standings.filter(({ checkpoint, problem }) => checkpoint !== null || problem !== null);
  const unreadable = standings.filter(({ problem }) => problem !== null).length;
  const pieces = json
    ? [`${JSON.stringify(shown.map((one) => asJson(one, now)))}\n`]
    : text(target, names, shown, now);
  return { pieces, unreadable, count: shown.length };
}

function text(
  { store }: Target,
  names: readonly string[],
  standings: readonly AccountStanding[],
  now: number,
): Piece[] {
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
  const [worst] = rest;
  return [
    `${store.url} at ${minuteText(now)} UTC: ${plural(names.length, 'account')}\n\n`,
    table([['ACCOUNT', 'LOG TYPE', 'WATERMARK', 'BEHIND', 'SAVED'], ...rows]),
    ...(worst?.checkpoint
      ? [
          `and ${plural(rest.length, 'other')}, at most ${durationText(now - worst.checkpoint.watermark)} behind\n`,
        ]
      : []),
    `\n${plural(far, 'log')} more than an hour behind. --account shows more of one.\n`,
    ...standings.flatMap(({ problem }) => (problem === null ? [] : [`${problem}\n`])),
  ];
}

function asJson({ account, logType, checkpoint, savedAt, problem }: AccountStanding, now: number) {
  // Which of the gaps are compared since, the receipts say: --account reads them.
  const days = checkpoint && { compared: null, due: null, gaps: checkpoint.gaps };
  const unknown = { deployed: null, progress: null, lastDay: null };
  return { account, ...statusOf({ logType, checkpoint, savedAt, problem, days, ...unknown }, now) };
}
