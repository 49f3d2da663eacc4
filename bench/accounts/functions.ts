import { type Clock, createHandler, createReconcileHandler } from 'duo-core';
import { type FoundLog, seededRandom } from 'duo-simulator';
import * as z from 'zod/mini';
import type { Handler } from './lambda';

/** The stage that is simulated. */
export const stage = 'bench';

/** How long each function has (serverless.common.yml, and below it), in ms. */
const lifetimes = { collect: 280_000, reconcile: 840_000 };

/** The log type and the work of a function, as the stage calls them. */
export function partsOf(functionName: string): { name: string; work: 'collect' | 'reconcile' } {
  const [, name = '', work] = /^duo-(.+)-bench-(collect|reconcile)$/.exec(functionName) ?? [];
  return { name, work: z.enum(['collect', 'reconcile']).parse(work) };
}

/** A fresh instance of a function: the real handler of a log's service. */
export function makeInstance(
  functionName: string,
  logs: readonly FoundLog[],
  { env, clock }: { readonly env: NodeJS.ProcessEnv; readonly clock: Clock },
): { handler: Handler; lifetime: number } {
  const { name, work } = partsOf(functionName);
  const logType = logs.find((log) => log.logType.name === name)?.logType;
  if (logType === undefined) throw new Error(`${functionName}: there is no log ${name}`);
  const create = work === 'collect' ? createHandler : createReconcileHandler;
  return {
    handler: create(logType, { env, clock, random: seededRandom(1) }),
    lifetime: lifetimes[work],
  };
}
