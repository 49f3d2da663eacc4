import { randomUUID } from 'node:crypto';
import {
  type AccountLog,
  checkpointKey,
  type Day,
  isApiHost,
  loadCheckpoint,
  loadDay,
  type Saved,
  type Store,
  saveCheckpoint,
  saveDay,
  stateFolder,
} from 'duo-core';
import { UsageError } from '../../operator/usage-error';
import { plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { logOf, type Target } from '../../store/target';
import { backUp, confirmSave, overtaken } from './change';
import type { CheckpointSetJson } from './json';

/**
 * `checkpoint set --source`: the checkpoint of a log, and its days, are of this API host from now on. Throws a `UsageError` for
 * what is no host of Duo's.
 */
export async function setSource(
  name: string,
  host: string,
  { yes, json }: { readonly yes: true | undefined; readonly json: true | undefined },
  target: Target,
  { clock, ask, print, complain }: World,
): Promise<void> {
  const source = host.toLowerCase();
  if (!isApiHost(source)) {
    throw new UsageError(
      `--source ${host} is not a Duo API host: it must look like api-xxxxxxxx.duosecurity.com (or duofederal.com).`,
    );
  }
  const { store } = target;
  const of = logOf(target, name);
  const saved = await loadCheckpoint(store, of);
  // One without a source takes that of its first answer.
  const days = (await savedDays(store, of)).filter(({ state }) => state.source !== source);
  const live = saved?.state.source === source ? null : saved;
  if (live === null && days.length === 0) {
    throw new UsageError(
      saved === null
        ? `There is no ${store.url}/${checkpointKey(of)}: the first run uses the account of its credentials.`
        : `The checkpoint already belongs to ${source}.`,
    );
  }
  const from = live?.state.source ?? days[0]?.state.source ?? null;
  (json ? complain : print)(
    `From now on, ${name} is collected from ${source}${from === null ? '' : ` instead of ${from}`}. It must be the same Duo account: records of another account would be skipped.\n`,
  );
  if (!yes) await confirmSave(ask);
  const patience = { clock, random: Math.random };
  const by = `set-${randomUUID()}/1`;
  const backup = live && (await backUp(of, Buffer.from(JSON.stringify(live.state)), store, clock));
  // The days first: once the checkpoint is of the new host, the function goes on with them.
  for (const { state, etag } of days) {
    const result = await saveDay(store, { ...state, source, by }, etag, patience);
    if (result === 'superseded')
      throw new Error(`A pass of ${state.day} has saved meanwhile: run this again.`);
  }
  if (live !== null) {
    const result = await saveCheckpoint(store, { ...live.state, source, by }, live.etag, patience);
    if (result === 'superseded') throw overtaken(name);
  }
  const done: CheckpointSetJson = {
    logType: name,
    from,
    to: source,
    days: days.length,
    backup: backup && `${store.url}/${backup}`,
  };
  print(
    json
      ? `${JSON.stringify(done)}\n`
      : `Saved, with ${plural(days.length, 'day')}: the next run goes on with ${source}.${backup === null ? '' : ` The old checkpoint is kept as ${store.url}/${backup}.`}\n`,
  );
}

async function savedDays(store: Store, log: AccountLog): Promise<Saved<Day>[]> {
  const found: Saved<Day>[] = [];
  for await (const { key } of store.list(`${stateFolder(log)}days/`)) {
    const [, day] = /\/(\d{4}-\d\d-\d\d)\.json$/.exec(key) ?? [];
    const saved = day === undefined ? null : await loadDay(store, log, day);
    if (saved !== null) found.push(saved);
  }
  return found;
}
