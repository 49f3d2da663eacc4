import {
  changeWanted,
  createDirectoryStore,
  type LogType,
  type ReconcileResult,
  type RunResult,
} from 'duo-core';
import { type AccountSetup, type PageForm, type Reconciliation, reconcile } from 'duo-simulator';
import { receiptsIn } from './receipts';
import { createStoreFolder } from './store-folder';
import { createWorld, runUntilCaughtUp } from './world';

/** See `createContractWorld`. */
export type ContractWorld = Awaited<ReturnType<typeof createContractWorld>>;

/**
 * A world with one log and a directory as the store, in which every run is a cold start, and of the account if one is given: then `log`
 * and all else is that account's.
 */
export async function createContractWorld(logType: LogType, form: PageForm = {}, account?: AccountSetup) {
  const folder = createStoreFolder();
  const world = await createWorld([{ logType, ...form }], folder.url, account === undefined ? [] : [account]);
  const event = account === undefined ? {} : { account: account.name };
  const of = { logType: logType.name, ...event };
  const log = world.simulator.log(logType.name, account?.name);
  const run = (settings: NodeJS.ProcessEnv = {}): Promise<RunResult> =>
    world.coldStart(logType, settings)(event);
  const store = createDirectoryStore(folder.path);
  return {
    ...world,
    log,
    run,
    reconcile: (): Promise<ReconcileResult> => world.coldReconcile(logType)(event),
    receipts: () => receiptsIn(store, of),
    /** Has a day (`YYYY-MM-DD`) reconciled once more, and with `again` all of it stored that is not there. */
    want: (day: string, again: boolean) =>
      changeWanted(store, of, (wanted) => ({ ...wanted, [day]: { at: world.clock.now(), again } }), {
        clock: world.clock,
        random: () => 0.5,
      }),
    runUntilCaughtUp: () => runUntilCaughtUp(world, run),
    files: folder.files,
    delivered: folder.delivered,
    deleteFirst: folder.deleteFirst,
    reconciled: (): Reconciliation => reconcile(log.published(), folder.delivered()),
    async close(): Promise<void> {
      await world.close();
      folder.remove();
    },
  };
}
