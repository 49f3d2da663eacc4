import { type AccountLog, stateFolder } from '../../account-log';
import { CheckpointError } from '../../errors';
import type { Patience, Store } from '../../store/store';
import { loadState, type Saved, type StateKind, saveState } from '../state-store';
import { type Day, daySchema } from './day';

const days: StateKind<Day> = {
  name: "the day's state",
  versions: [1],
  parse: (json) => daySchema.parse(json),
  advice: () => advice,
};

const advice = 'Remove this object: the next pass begins again from what is stored';

/** Where the state of a log's day (`YYYY-MM-DD`) is stored. */
export function dayKey(log: AccountLog, day: string): string {
  return `${stateFolder(log)}days/${day}.json`;
}

/** The state of a log's day, or null if it was never reconciled; see `loadState`. */
export async function loadDay(store: Store, log: AccountLog, day: string): Promise<Saved<Day> | null> {
  const key = dayKey(log, day);
  const saved = await loadState(store, key, log, days);
  if (saved === null || saved.state.day === day) return saved;
  throw new CheckpointError(
    `${store.url}/${key}: this state belongs to another day, ${saved.state.day}. Nothing was changed. ${advice}`,
  );
}

/** Saves the state of a log's day in the place of the version `etag`; see `saveState`. */
export function saveDay(
  store: Store,
  state: Day,
  etag: string | null,
  patience: Patience,
): Promise<Saved<Day> | 'superseded'> {
  return saveState(store, dayKey(state, state.day), state, etag, days, patience);
}
