import { baseEvents, type ToOcsf } from 'duo-lake';
import * as z from 'zod/mini';

const ocsf = z.object({ toOcsf: z.custom<ToOcsf>((value) => typeof value === 'function') });

/**
 * The mapping of a log type to OCSF, from `src/ocsf.ts` of its service. One without it, by `MAPPED_LOG_TYPES`, has base events
 * alone.
 */
export function mappingOf(env: NodeJS.ProcessEnv = process.env): (logType: string) => Promise<ToOcsf> {
  return async (logType) => {
    if (!(env.MAPPED_LOG_TYPES ?? '').split(',').includes(logType)) return baseEvents(logType);
    // The build takes in all files that the path can mean.
    const loaded: unknown = await import(`../../${logType}/src/ocsf.ts`);
    return ocsf.parse(loaded).toOcsf;
  };
}
