import { join } from 'node:path';
import type { LogType } from 'duo-core';
import { findLogs } from 'duo-simulator';
import { closest, distance } from 'fastest-levenshtein';
import { UsageError } from './usage-error';

/** The descriptor of the service with this name. Throws a `UsageError` that names those that there are. */
export async function findLog(name: string): Promise<LogType> {
  const logs = await allLogs();
  const found = logs.find((logType) => logType.name === name);
  if (found !== undefined) return found;
  const names = logs.map((logType) => logType.name);
  const meant = likely(name, names);
  throw new UsageError(
    `There is no log type "${name}"${meant ? `. Did you mean ${meant}? There` : '; there'} are ${names.join(', ')}.`,
  );
}

/** The name that was cut short or mistyped, if it looks like one. */
function likely(typed: string, names: readonly string[]): string | undefined {
  const near = names.find((name) => name.startsWith(typed)) ?? closest(typed, names);
  return near.startsWith(typed) || distance(typed, near) <= 3 ? near : undefined;
}

/** Some log that every application with "Grant read log" may read: not one of the older ones, which Duo retires. */
export async function anyLog(): Promise<LogType> {
  const found = (await allLogs()).find(({ paging }) => paging.style === 'cursor');
  if (found === undefined) throw new UsageError('There is no log to ask for: name one with --log.');
  return found;
}

/** The descriptors of all services, in the order of their names. */
export async function allLogs(): Promise<LogType[]> {
  const found = await findLogs(join(__dirname, '../../../services'));
  return found.map(({ logType }) => logType);
}
