import * as z from 'zod/mini';
import { CheckpointError, StoreError } from '../errors';
import { conflictAttempts, type Patience, type Store, waitForOthers } from '../store/store';
import { type Checkpoint, checkpointSchema, type Span, schemaBefore, upgraded } from './checkpoint';

/** A checkpoint and the version of the stored object it is; `etag` is null until its first save. */
export interface SavedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly etag: string | null;
}

/** Where the checkpoint of a log is stored, or that of a backfill of it. */
export function checkpointKey(logType: string, backfill: Span | null): string {
  return backfill === null
    ? `state/${logType}.json`
    : `state/${logType}/${backfill.since}-${backfill.until}.json`;
}

/** The stored checkpoint, or null if there is none. One that cannot be understood is an error, never a fresh start. */
export async function loadCheckpoint(
  store: Store,
  key: string,
  logType: string,
): Promise<SavedCheckpoint | null> {
  const object = await store.get(key);
  if (object === undefined) return null;
  const problem = (what: string, advice = restore) =>
    new CheckpointError(`${store.url}/${key}: ${what}. Nothing was changed. ${advice}`);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(object.body));
  } catch {
    throw problem(`the checkpoint is ${object.body.length === 0 ? 'empty' : 'not JSON, or cut off'}`);
  }
  const { version, logType: owner } = z.looseObject({}).safeParse(json).data ?? {};
  if (version !== undefined && version !== 1 && version !== 2) {
    throw problem(
      `the checkpoint has version ${typeof version === 'number' ? version : '?'}, and this collector reads versions 1 and 2`,
      'Deploy the collector that wrote it, or a newer one',
    );
  }
  if (typeof owner === 'string' && owner !== logType) {
    throw problem(`the checkpoint is of the log type "${owner}", not "${logType}"`);
  }
  const parsed = version === 1 ? schemaBefore.safeParse(json) : checkpointSchema.safeParse(json);
  if (!parsed.success) {
    const places = parsed.error.issues.map(({ path }) => path.join('.') || 'the whole');
    throw problem(`the checkpoint is damaged: ${[...new Set(places)].slice(0, 5).join(', ')}`);
  }
  const checkpoint = parsed.data.version === 1 ? upgraded(parsed.data) : parsed.data;
  return { checkpoint, etag: object.etag };
}

/**
 * Saves with compare-and-swap. Returns the saved version, or `superseded` if another run has saved since `etag`. A
 * save whose answer was lost is recognised by `by`. Throws a `CheckpointError` if the object vanished meanwhile.
 */
export async function saveCheckpoint(
  store: Store,
  key: string,
  checkpoint: Checkpoint,
  etag: string | null,
  patience: Patience,
): Promise<SavedCheckpoint | 'superseded'> {
  // What the next run could not load must not be saved.
  const body = Buffer.from(JSON.stringify(checkpointSchema.parse(checkpoint)));
  for (let attempt = 1; attempt <= conflictAttempts; attempt++) {
    const outcome = await store.put(key, body, etag === null ? 'absent' : { etag });
    if (outcome.kind === 'stored') return { checkpoint, etag: outcome.etag };
    if (outcome.kind === 'missing') throw vanished(store, key);
    const current = await loadCheckpoint(store, key, checkpoint.logType);
    if (current === null && etag !== null) throw vanished(store, key);
    if (current !== null && current.checkpoint.by === checkpoint.by) return current;
    if (outcome.kind === 'changed' || (current?.etag ?? null) !== etag) return 'superseded';
    await waitForOthers(patience, attempt);
  }
  throw new StoreError(`${store.url}/${key}: still a conflict (409) after ${conflictAttempts} attempts`);
}

function vanished(store: Store, key: string): CheckpointError {
  return new CheckpointError(
    `${store.url}/${key}: the checkpoint vanished during the run. Restore it before the next run`,
  );
}

const restore =
  'Restore an earlier version of this object. Deleting it starts over from the lookback and stores those records again';
