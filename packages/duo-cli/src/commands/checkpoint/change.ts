import type { Checkpoint } from 'duo-core';
import { UsageError } from '../../operator/usage-error';
import type { World } from '../../operator/world';
import type { Target } from '../../store/target';

/** Asks whether to go on. Throws if there is nobody to ask, or if the answer is no. */
export async function confirmSave(ask: World['ask']): Promise<void> {
  if (ask === undefined) throw new UsageError('There is no terminal to ask in: add --yes if you want that.');
  if (!(await ask.confirm('Save it?'))) throw new Error('Nothing was changed.');
}

/** Puts a copy beside the checkpoint and returns its key. */
export async function backUp(
  checkpoint: Checkpoint,
  store: Target['store'],
  clock: World['clock'],
): Promise<string> {
  const backup = `state/${checkpoint.logType}.backup-${clock.now()}.json`;
  await store.put(backup, Buffer.from(JSON.stringify(checkpoint)), 'absent');
  return backup;
}
