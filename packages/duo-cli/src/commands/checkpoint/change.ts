import { type AccountLog, type Store, stateFolder } from 'duo-core';
import { UsageError } from '../../operator/usage-error';
import type { World } from '../../operator/world';

/** Asks whether to go on. Throws if there is nobody to ask, or if the answer is no. */
export async function confirmSave(ask: World['ask']): Promise<void> {
  if (ask === undefined)
    throw new UsageError('Nothing was changed: there is no terminal to ask in. Add --yes if you want that.');
  if (!(await ask.confirm('Save it?'))) throw new Error('Nothing was changed.');
}

/** Puts a copy of a checkpoint's bytes beside it and returns its key. Throws if another one was kept at the same moment. */
export async function backUp(
  log: AccountLog,
  body: Uint8Array,
  store: Store,
  clock: World['clock'],
): Promise<string> {
  const backup = `${stateFolder(log)}checkpoint-${clock.now()}.json`;
  const outcome = await store.put(backup, body, 'absent');
  if (outcome.kind !== 'stored') throw new Error(`${store.url}/${backup} exists already: run this again.`);
  return backup;
}

/** The error of a change that a run was faster than. */
export function overtaken(logType: string): Error {
  return new Error(`A run of ${logType} has saved meanwhile: nothing was changed. Run this again.`);
}
