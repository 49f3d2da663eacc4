import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogType } from 'duo-core';
import * as z from 'zod/mini';
import { sampleProblems } from './sample-check';

/** A log type and the records that its service brings as samples. */
export interface FoundLog {
  readonly logType: LogType;
  readonly samples: readonly string[];
}

/** Where the services of this checkout are. */
export const services = join(__dirname, '../../../../services');

/** Finds the log type with this name, as `findLogs` does. Throws a `TypeError` if there is none. */
export async function findLog(name: string, servicesFolder = services): Promise<FoundLog> {
  return logNamed(await findLogs(servicesFolder), name);
}

/** The one of these with this name. Throws a `TypeError` that says what there is if there is none. */
export function logNamed(found: readonly FoundLog[], name: string): FoundLog {
  const log = found.find(({ logType }) => logType.name === name);
  if (log !== undefined) return log;
  const names = found.map(({ logType }) => logType.name).join(', ');
  throw new TypeError(`there is no log type "${name}"; there are: ${names}`);
}

/**
 * Finds every service below `servicesFolder` that has both `src/log-type.ts` and `samples/records.ndjson`, in the order
 * of their names. Loads TypeScript, so it needs tsx (or jest). Throws a `TypeError` for a module that does not export
 * exactly one log type, and for samples that do not have what it describes.
 */
export async function findLogs(servicesFolder = services): Promise<FoundLog[]> {
  const found: FoundLog[] = [];
  for (const service of readdirSync(servicesFolder).sort()) {
    const module = join(servicesFolder, service, 'src', 'log-type.ts');
    const samples = join(servicesFolder, service, 'samples', 'records.ndjson');
    if (!existsSync(module) || !existsSync(samples)) continue;
    const lines = readFileSync(samples, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '');
    const logType = await loadLogType(module);
    // What does not come from defineLogType may describe nothing that could be looked for.
    const [problem] = Object.hasOwn(logType, 'time') ? sampleProblems(lines, logType) : [];
    if (problem !== undefined) throw new TypeError(`${samples}, ${problem}`);
    found.push({ logType, samples: lines });
  }
  return found;
}

async function loadLogType(file: string): Promise<LogType> {
  const module: object = await import(file);
  const [logType, ...more] = Object.values(module).filter(isLogType);
  if (logType === undefined || more.length > 0) {
    throw new TypeError(`${file} exports ${more.length === 0 ? 'no' : 'more than one'} log type`);
  }
  return logType;
}

// defineLogType has checked the values when the module was loaded; here it only has to be told from other exports.
const shape = z.looseObject({
  name: z.string(),
  path: z.string(),
  paging: z.looseObject({ style: z.string() }),
});

function isLogType(value: unknown): value is LogType {
  return shape.safeParse(value).success;
}
