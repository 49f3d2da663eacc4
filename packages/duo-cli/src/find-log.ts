import { join } from 'node:path';
import type { LogType } from 'duo-core';
import { findLogs } from 'duo-simulator';
import { UsageError } from './usage-error';

/** The descriptor of the service with this name. Throws a `UsageError` that names those that there are. */
export async function findLog(name: string): Promise<LogType> {
  const logs = await allLogs();
  const found = logs.find((logType) => logType.name === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `There is no log type "${name}"; there are ${logs.map((logType) => logType.name).join(', ')}.`,
  );
}

/** Some log that every application with "Grant read log" may read: not one of the older ones, which Duo retires. */
export async function anyLog(): Promise<LogType> {
  const found = (await allLogs()).find(({ paging }) => paging.style === 'cursor');
  if (found === undefined) throw new UsageError('There is no log to ask for: name one with --log.');
  return found;
}

async function allLogs(): Promise<LogType[]> {
  const found = await findLogs(join(__dirname, '../../../services'));
  return found.map(({ logType }) => logType);
}
