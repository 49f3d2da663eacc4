import * as z from 'zod/mini';
import { type AccountLog, asArguments, stateFolder } from '../../account-log';
import { CheckpointError, StoreError } from '../../errors';
import { conflictAttempts, type Patience, type Store, waitForOthers } from '../../store/store';

const schema = z.record(
  z.iso.date(),
  z.strictObject({ at: z.int().check(z.minimum(0)), again: z.boolean() }),
);

/** The days (`YYYY-MM-DD`) that somebody has asked to be reconciled, when (ms), and whether to store all anew that is not there. */
export type Wanted = z.infer<typeof schema>;

/** Where a log's wanted days are stored. */
export function wantedKey(log: AccountLog): string {
  return `${stateFolder(log)}wanted.json`;
}

/** The wanted days of a log. Throws a `CheckpointError` if they cannot be understood. */
export async function loadWanted(store: Store, log: AccountLog): Promise<Wanted> {
  return (await load(store, log)).wanted;
}

/** Replaces the wanted days by what `change` makes of them, with compare-and-swap; once more if somebody else has changed them. */
export async function changeWanted(
  store: Store,
  log: AccountLog,
  change: (wanted: Wanted) => Wanted,
  patience: Patience,
): Promise<void> {
  const key = wantedKey(log);
  for (let attempt = 1; attempt <= conflictAttempts; attempt++) {
    const { wanted, etag } = await load(store, log);
    const body = JSON.stringify(schema.parse(change(wanted)));
    // Also where the answer to this very change was lost.
    if (body === JSON.stringify(wanted)) return;
    const outcome = await store.put(key, Buffer.from(body), etag === null ? 'absent' : { etag });
    if (outcome.kind === 'stored') return;
    await waitForOthers(patience, attempt);
  }
  throw new StoreError(`${store.url}/${key}: others keep changing it; ${conflictAttempts} attempts`);
}

async function load(store: Store, log: AccountLog): Promise<{ wanted: Wanted; etag: string | null }> {
  const key = wantedKey(log);
  const object = await store.get(key);
  if (object === undefined) return { wanted: {}, etag: null };
  try {
    return { wanted: schema.parse(JSON.parse(Buffer.from(object.body).toString())), etag: object.etag };
  } catch {
    throw new CheckpointError(
      `${store.url}/${key}: the wanted days cannot be understood. Nothing was changed. Remove this object, and ask for the days again: npx pnpm duo backfill ${asArguments(log)}`,
    );
  }
}
