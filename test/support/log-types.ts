import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const services = join(__dirname, '..', '..', 'services');

/** The names of the log types: the folders below `services/` that have a descriptor. */
export const logTypes: readonly string[] = readdirSync(services)
  .filter((name) => existsSync(join(services, name, 'src', 'log-type.ts')))
  .sort();
