import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ToOcsf } from '../../src';

const services = join(__dirname, '../../../../services');

/** The names of the log types that have a mapping: the folders below `services/` with one. */
export const mapped: readonly string[] = readdirSync(services)
  .filter((name) => existsSync(join(services, name, 'src/ocsf.ts')))
  .sort();

/** The mapping of a log. */
export async function mappingOf(name: string): Promise<ToOcsf> {
  return (await import(join(services, name, 'src/ocsf.ts'))).toOcsf;
}

/** The texts of a log's sample records, and of the records beside its test that show what the samples do not. */
export function recordsOf(name: string): string[] {
  const files = ['samples/records.ndjson', 'test/ocsf.ndjson'].map((file) => join(services, name, file));
  return files
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, 'utf8').trimEnd().split('\n'));
}
