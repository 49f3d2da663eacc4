import { type AccountLog, asArguments, checkpointKey } from '../account-log';
import type { Patience, Store } from '../store/store';
import { type Checkpoint, storedSchema, upgraded } from './checkpoint';
import { loadState, type Saved, type StateKind, saveState } from './state-store';

const checkpoints: StateKind<Checkpoint> = {
  name: 'the checkpoint',
  versions: [1, 2],
  parse: (json) => upgraded(storedSchema(json).parse(json)),
  advice: (log, { url }) =>
    `To go on from now, and have the earlier days reconciled with what is stored: npx pnpm duo checkpoint reset ${asArguments(log)} --store ${url}`,
};

/** The checkpoint of a log, or null if there is none; see `loadState`. */
export function loadCheckpoint(store: Store, log: AccountLog): Promise<Saved<Checkpoint> | null> {
  return loadState(store, checkpointKey(log), log, checkpoints);
}

/** Saves the checkpoint of a log in the place of the version `etag`; see `saveState`. */
export function saveCheckpoint(
  store: Store,
  checkpoint: Checkpoint,
  etag: string | null,
  patience: Patience,
): Promise<Saved<Checkpoint> | 'superseded'> {
  return saveState(store, checkpointKey(checkpoint), checkpoint, etag, checkpoints, patience);
}
