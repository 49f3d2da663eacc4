import { Argument } from '@commander-js/extra-typings';
import type { LogType } from 'duo-core';
import { closest, distance } from 'fastest-levenshtein';
import { UsageError } from '../operator/usage-error';
import { logTypeModule, services } from './service-modules';

/** `<log-type>`: the log that a command is about. */
export const logTypeArgument = new Argument('<log-type>', `the log: ${Object.keys(services()).join(', ')}`);

/** The descriptor of the service with this name. Throws a `UsageError` that names those that there are. */
export async function findLog(name: string): Promise<LogType> {
  const names = Object.keys(services());
  if (names.includes(name)) return descriptor(name);
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
  return Promise.all(Object.keys(services()).map(descriptor));
}

async function descriptor(service: string): Promise<LogType> {
  const found = Object.values(await logTypeModule(service)).find(isLogType);
  if (found === undefined) throw new TypeError(`services/${service}/src/log-type.ts exports no log type`);
  return found;
}

// defineLogType has checked it when its module was loaded; here it only has to be told from other exports.
function isLogType(value: unknown): value is LogType {
  return typeof value === 'object' && value !== null && 'path' in value && 'paging' in value;
}
