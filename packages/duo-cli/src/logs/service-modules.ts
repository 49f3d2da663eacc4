import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { built } from '../built';

/** Beside this package in the checkout. */
const folder = join(__dirname, '../../../../services');

/** What of a service tells this command about its log. */
const modules = ['log-type', 'ocsf', 'udm'];

/**
 * The services that collect a log, in the order of their names, and which of the modules below each has: those of the
 * checkout, or those that `duo-logs` was built with.
 */
export function services(): Readonly<Record<string, readonly string[]>> {
  if (built !== undefined) return built.services;
  const found = readdirSync(folder)
    .sort()
    .map((name): [string, string[]] => [
      name,
      modules.filter((module) => existsSync(join(folder, name, 'src', `${module}.ts`))),
    ]);
  return Object.fromEntries(found.filter(([, has]) => has.includes('log-type')));
}

/** What `src/log-type.ts` of a service exports. The build takes in all files that the path can mean. */
export function logTypeModule(service: string): Promise<object> {
  return import(`../../../../services/${service}/src/log-type.ts`);
}

/** What `src/udm.ts` of a service exports, or undefined where it has none. */
export async function udmModule(service: string): Promise<object | undefined> {
  return services()[service]?.includes('udm')
    ? import(`../../../../services/${service}/src/udm.ts`)
    : undefined;
}

/** What `src/ocsf.ts` of a service exports, or undefined where it has none. */
export async function ocsfModule(service: string): Promise<object | undefined> {
  return services()[service]?.includes('ocsf')
    ? import(`../../../../services/${service}/src/ocsf.ts`)
    : undefined;
}
