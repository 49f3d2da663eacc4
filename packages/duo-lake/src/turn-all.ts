import { type AccountLog, atMost, StoreError } from 'duo-core';
import { type Begun, logsOf, olderFolders, recentFolders } from './folders';
import { type Folder, type Turning, turnFolder } from './turn';

/** Who is told of what stopped a folder's turn. */
export interface Told {
  error(message: string, details: AccountLog): void;
}

/**
 * Turns what is new in the folders of the hour of `now` (ms): the recent ones of all logs first, so that a long past keeps no log
 * waiting. What is wrong with one folder is told, stops its turn alone, and is thrown at the end. Says whether all was looked at
 * before the deadline.
 */
export async function turnAll(
  logTypes: readonly string[],
  now: number,
  turning: Turning,
  told: Told,
): Promise<'turned' | 'more'> {
  const { store, clock, deadline, report } = turning;
  const problems: unknown[] = [];
  let isMore = false;
  const turn = async (folder: Folder) => {
    try {
      if ((await turnFolder(folder, turning)) === 'more') isMore = true;
    } catch (error) {
      problems.push(error);
      // The next run may well read what the store did not give to this one.
      if (!(error instanceof StoreError)) report.stopped += 1;
      told.error(error instanceof Error ? error.message : String(error), folder.log);
    }
  };
  const turnEach = async (folders: AsyncIterable<Folder>) => {
    let several: Folder[] = [];
    for await (const folder of folders) {
      if (clock.now() > deadline) {
        isMore = true;
        break;
      }
      several.push(folder);
      if (several.length < atOnce) continue;
      await atMost(atOnce, several, turn);
      several = [];
    }
    await atMost(atOnce, several, turn);
  };
  const logs: Begun[] = [];
  for (const logType of logTypes) for await (const log of logsOf(store, logType)) logs.push(log);
  for (const { log } of logs) await turnEach(recentFolders(store, log, now));
  for (const log of logs) await turnEach(olderFolders(store, log, now));
  const [problem] = problems;
  if (problem !== undefined) throw problem;
  return isMore ? 'more' : 'turned';
}

/** How many folders are turned at a time: each waits for the store most of the time, and holds what it turns. */
const atOnce = 4;
