import type { LogType, RunResult } from 'duo-core';
import { type PageForm, type Reconciliation, reconcile } from 'duo-simulator';
import { createStoreFolder } from './store-folder';
import { createWorld, runUntilCaughtUp } from './world';

/** See `createContractWorld`. */
export type ContractWorld = Awaited<ReturnType<typeof createContractWorld>>;

/** A world with one log and a directory as the store, in which every run is a cold start. */
export async function createContractWorld(logType: LogType, form: PageForm = {}) {
  const folder = createStoreFolder();
  const world = await createWorld([{ logType, ...form }], folder.url);
  const log = world.simulator.log(logType.name);
  const run = (settings: NodeJS.ProcessEnv = {}): Promise<RunResult> => world.coldStart(logType, settings)();
  return {
    ...world,
    log,
    run,
    runUntilCaughtUp: () => runUntilCaughtUp(world, run),
    files: folder.files,
    delivered: folder.delivered,
    reconciled: (): Reconciliation => reconcile(log.published(), folder.delivered()),
    async close(): Promise<void> {
      await world.close();
      folder.remove();
    },
  };
}
