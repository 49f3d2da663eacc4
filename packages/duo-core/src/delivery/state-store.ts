import * as z from 'zod/mini';
import { $ZodError } from 'zod/v4/core';
import type { AccountLog } from '../account-log';
import { CheckpointError, StoreError } from '../errors';
import { conflictAttempts, type Patience, type Store, waitForOthers } from '../store/store';

/** What is saved again and again, one version after the other: `by` says which save it is, `<run>/<n>`. */
export interface State extends AccountLog {
  readonly by: string;
}

/**
 * A state and the version of the stored object it is; `etag` is null until its first save. `savedAt`: when that was, in ms by the
 * store's clock, of one that was loaded.
 */
export interface Saved<T extends State> {
  readonly state: T;
  readonly etag: string | null;
  readonly savedAt?: number;
}

/** A kind of state: how it is called in messages, and how a stored one is understood. */
export interface StateKind<T extends State> {
  readonly name: string;
  readonly versions: readonly number[];
  /** Reads the JSON of a stored one. Throws a `ZodError` that names the fields which are wrong. */
  parse(json: object): T;
  /** What to do about one that is damaged. */
  advice(log: AccountLog, store: Store): string;
}

const anyObject = z.looseObject({});

/** The stored state, or null if there is none. One that cannot be understood is a `CheckpointError`, never a fresh start. */
export async function loadState<T extends State>(
  store: Store,
  key: string,
  log: AccountLog,
  kind: StateKind<T>,
): Promise<Saved<T> | null> {
  const object = await store.get(key);
  if (object === undefined) return null;
  const problem = (what: string, advice = kind.advice(log, store)) =>
    new CheckpointError(`${store.url}/${key}: ${kind.name} ${what}. Nothing was changed. ${advice}`);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(object.body));
  } catch {
    throw problem(`is ${object.body.length === 0 ? 'empty' : 'not JSON, or cut off'}`);
  }
  const { data } = anyObject.safeParse(json);
  if (data === undefined) throw problem('is damaged: the whole');
  const { version, logType, account } = data;
  if (version !== undefined && !kind.versions.some((known) => known === version)) {
    throw problem(
      `has version ${typeof version === 'number' ? version : '?'}, and this collector reads version ${kind.versions.join(' and ')}`,
      'Deploy the collector that wrote it, or a newer one',
    );
  }
  if (typeof logType === 'string' && logType !== log.logType)
    throw problem(`is of the log type "${logType}", not "${log.logType}"`);
  if (account !== log.account && (account === undefined || typeof account === 'string'))
    throw problem(`is of ${accountText(account)}, not of ${accountText(log.account)}`);
  try {
    return { state: kind.parse(data), etag: object.etag, savedAt: object.putAt };
  } catch (error) {
    if (!(error instanceof $ZodError)) throw error;
    const places = error.issues.map(({ path }) => path.join('.') || 'the whole');
    throw problem(`is damaged: ${[...new Set(places)].slice(0, 5).join(', ')}`);
  }
}

/**
 * Saves with compare-and-swap. Returns the saved version, or `superseded` if another run has saved since `etag`. A
 * save whose answer was lost is recognised by `by`. Throws a `CheckpointError` if the object vanished meanwhile.
 */
export async function saveState<T extends State>(
  store: Store,
  key: string,
  state: T,
  etag: string | null,
  kind: StateKind<T>,
  patience: Patience,
): Promise<Saved<T> | 'superseded'> {
  // What the next run could not load must not be saved.
  const body = Buffer.from(JSON.stringify(kind.parse(state)));
  for (let attempt = 1; attempt <= conflictAttempts; attempt++) {
    const outcome = await store.put(key, body, etag === null ? 'absent' : { etag });
    if (outcome.kind === 'stored') return { state, etag: outcome.etag };
    if (outcome.kind === 'missing') throw vanished(store, key, kind);
    const current = await loadState(store, key, state, kind);
    if (current === null && etag !== null) throw vanished(store, key, kind);
    if (current !== null && current.state.by === state.by) return current;
    if (outcome.kind === 'changed' || (current?.etag ?? null) !== etag) return 'superseded';
    await waitForOthers(patience, attempt);
  }
  throw new StoreError(`${store.url}/${key}: still a conflict (409) after ${conflictAttempts} attempts`);
}

function accountText(account: string | undefined): string {
  return account === undefined ? "the stage's own account" : `the account "${account}"`;
}

function vanished<T extends State>(store: Store, key: string, { name }: StateKind<T>): CheckpointError {
  return new CheckpointError(
    `${store.url}/${key}: ${name} vanished during the run. The next run goes on with what is stored; find out what deletes it`,
  );
}
