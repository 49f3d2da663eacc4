import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { UdmEvent } from 'duo-udm';
import { UsageError } from './usage-error';

/** Maps one record to one event. Throws a `MappingError` if it cannot. */
export type ToUdm = (record: unknown) => UdmEvent;

/** The mapping of a log, from `src/udm.ts` of its service. Throws a `UsageError` if it has none. */
export async function findMapping(
  name: string,
  services = join(__dirname, '../../../services'),
): Promise<ToUdm> {
  const file = join(services, name, 'src', 'udm.ts');
  if (!existsSync(file)) {
    throw new UsageError(
      `${name} has no mapping to UDM. Write services/${name}/src/udm.ts, which exports toUdm: docs/udm.md says how.`,
    );
  }
  const module: unknown = await import(file);
  if (!isMapping(module)) throw new Error(`${file} does not export the function toUdm.`);
  return module.toUdm;
}

function isMapping(module: unknown): module is { toUdm: ToUdm } {
  return (
    typeof module === 'object' && module !== null && 'toUdm' in module && typeof module.toUdm === 'function'
  );
}
