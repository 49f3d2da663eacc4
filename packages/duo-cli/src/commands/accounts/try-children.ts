import { type Child, type Credentials, type LogType, ThrottledError } from 'duo-core';
import { saidBy } from '../../operator/command';
import { durationText } from '../../operator/words';
import type { World } from '../../operator/world';
import { interruptible } from '../../progress/interrupt';
import { type Progress, startProgress } from '../../progress/progress';
import { tryCredentials } from '../../stage/credentials/try-credentials';
import type { Discovered } from './json';

/** How long a 429 is waited for, in ms: Duo wants no more than about one request a minute on each log. */
const wait = 60_000;

/** Asks Duo for one record of each log of each child, with the parent's keys; resolves to what it refuses of each, in their order. */
export async function tryChildren(
  children: readonly Child[],
  keys: Credentials,
  logs: readonly LogType[],
  world: World,
): Promise<Discovered['refused'][]> {
  const found: Discovered['refused'][] = [];
  if (logs.length === 0) return found;
  const progress = startProgress(world);
  const stopIfInterrupted = interruptible(world, progress);
  try {
    for (const [n, { accountId, apiHost, name }] of children.entries()) {
      const refused: Discovered['refused'] = [];
      for (const [m, logType] of logs.entries()) {
        stopIfInterrupted();
        const done = (n + m / logs.length) / children.length;
        progress.show(done, () => `${n + 1} of ${children.length}: ${name}`);
        const why = await refusalOf({ ...keys, apiHost, accountId }, logType, world, progress);
        if (why !== null) refused.push({ logType: logType.name, why });
      }
      found.push(refused);
    }
    return found;
  } finally {
    progress.end();
  }
}

/** Why Duo does not show a log, or null if it does. An answer of 429 says neither. */
async function refusalOf(
  credentials: Credentials,
  logType: LogType,
  world: World,
  progress: Progress,
): Promise<string | null> {
  for (;;) {
    try {
      await tryCredentials(credentials, logType, world);
      return null;
    } catch (error) {
      if (!(error instanceof ThrottledError)) return saidBy(error);
      const until = world.clock.now() + wait;
      progress.wait(() => `Duo answered 429: waiting ${durationText(until - world.clock.now())}`);
      await world.clock.sleep(wait);
    }
  }
}
