import { type AccountLog, atMost } from 'duo-core';
import { foldersOfHour } from './folders';
import { type Folder, type Turning, turnFolder } from './turn';

/** Who is told of what stopped a folder's turn. */
export interface Told {
  error(message: string, details: AccountLog): void;
}

/**
 * Turns what is new in the folders of the hour of `now` (ms), one log type after the other. What is wrong with one folder is told,
 * stops its turn alone, and is thrown at the end. Says whether all was looked at before the deadline.
 */
export async function turnAll(
  logTypes: readonly string[],
  now: number,
  turning: Turning,
  told: Told,
): Promise<'turned' | 'more'> {
  const problems: unknown[] = [];
  let isMore = false;
  const turn = async (folder: Folder) => {
    try {
      if ((await turnFolder(folder, turning)) === 'more') isMore = true;
    } catch (error) {
      problems.push(error);
      told.error(error instanceof Error ? error.message : String(error), folder.log);
    }
  };
  for (const logType of logTypes) {
    let several: Folder[] = [];
    for await (const folder of foldersOfHour(turning.store, logType, now)) {
      if (turning.clock.now() > turning.deadline) {
        isMore = true;
        break;
      }
      several.push(folder);
      if (several.length < atOnce) continue;
      await atMost(atOnce, several, turn);
      several = [];
    }
    await atMost(atOnce, several, turn);
  }
  const [problem] = problems;
  if (problem !== undefined) throw problem;
  return isMore ? 'more' : 'turned';
}

/** How many folders are turned at a time: each waits for the store most of the time, and holds what it turns. */
const atOnce = 4;
