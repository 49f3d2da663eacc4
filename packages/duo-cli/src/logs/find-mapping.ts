import type { ToOcsf } from 'duo-ocsf';
import type { UdmEvent } from 'duo-udm';
import { UsageError } from '../operator/usage-error';
import { ocsfModule, udmModule } from './service-modules';

/** Maps one record to one event. Throws a `MappingError` if it cannot. */
export type ToUdm = (record: unknown) => UdmEvent;

/** The mapping of a log, from `src/udm.ts` of its service. Throws a `UsageError` if it has none. */
export async function findMapping(name: string, load = udmModule): Promise<ToUdm> {
  const file = `services/${name}/src/udm.ts`;
  const module = await load(name);
  if (module === undefined) {
    throw new UsageError(
      `${name} has no mapping to UDM. Write ${file}, which exports toUdm: docs/udm.md says how.`,
    );
  }
  if (!isMapping(module)) throw new Error(`${file} does not export the function toUdm.`);
  return module.toUdm;
}

/** The mapping of a log to OCSF, from `src/ocsf.ts` of its service. Throws a `UsageError` if it has none. */
export async function findOcsfMapping(name: string, load = ocsfModule): Promise<ToOcsf> {
  const file = `services/${name}/src/ocsf.ts`;
  const module = await load(name);
  if (module === undefined) {
    throw new UsageError(
      `${name} has no mapping to OCSF. Write ${file}, which exports toOcsf: docs/ocsf.md says how.`,
    );
  }
  if (!isOcsfMapping(module)) throw new Error(`${file} does not export the function toOcsf.`);
  return module.toOcsf;
}

function isMapping(module: object): module is { toUdm: ToUdm } {
  return 'toUdm' in module && typeof module.toUdm === 'function';
}

function isOcsfMapping(module: object): module is { toOcsf: ToOcsf } {
  return 'toOcsf' in module && typeof module.toOcsf === 'function';
}
