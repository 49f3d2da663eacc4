import { randomUUID } from 'node:crypto';
import {
  type Checkpoint,
  checkpointKey,
  isApiHost,
  type LogType,
  loadCheckpoint,
  saveCheckpoint,
} from 'duo-core';
import { UsageError } from '../../operator/usage-error';
import type { World } from '../../operator/world';
import { savedBackfills } from '../../state/saved-checkpoints';
import type { Target } from '../../store/target';
import { backUp, confirmSave } from './change';

/**
 * `checkpoint set --source`: the checkpoint of a log, and those of its backfills, are of this API host from now on. Throws a
 * `UsageError` for what is no host of Duo's.
 */
export async function setSource(
  logType: LogType,
  host: string,
  { yes, json }: { readonly yes: true | undefined; readonly json: true | undefined },
  target: Target,
  { clock, ask, print, complain }: World,
): Promise<void> {
  const { store } = target;
  const { name } = logType;
  const source = host.toLowerCase();
  if (!isApiHost(source)) {
    throw new UsageError(
      `--source ${host} is no Duo API host: it must look like api-xxxxxxxx.duosecurity.com (or duofederal.com).`,
    );
  }
  const saved = await loadCheckpoint(store, checkpointKey(name, null), name);
  const live = saved?.checkpoint ?? null;
  // One without a source takes that of its first answer; and what is prepared for a gap is known by the name of its save.
  const backfills = (await savedBackfills(target, logType)).filter((one) => one.source !== null);
  const others = [...backfills, ...(live === null ? [] : [live])].filter((one) => one.source !== source);
  if (others.length === 0) {
    throw new UsageError(
      live === null
        ? `There is no ${store.url}/${checkpointKey(name, null)}: the first run takes the account whose credentials it has.`
        : `The checkpoint is of ${source} already.`,
    );
  }
  const from = live?.source ?? others[0]?.source ?? null;
  (json ? complain : print)(
    `From now on, ${name} is collected from ${source}${from === null ? '' : ` instead of ${from}`}, which has to be the same Duo account: another one's records would be skipped.\n`,
  );
  if (!yes) await confirmSave(ask);
  const backup = live === null ? null : await backUp(live, store, clock);
  for (const one of others) await saveSource(one);
  print(
    json
      ? `${JSON.stringify({ logType: name, from, to: source, backup: backup && `${store.url}/${backup}` })}\n`
      : `Saved: the next run goes on with ${source}.${backup === null ? '' : ` The old checkpoint is kept as ${store.url}/${backup}.`}\n`,
  );

  async function saveSource(one: Checkpoint): Promise<void> {
    const key = checkpointKey(name, one.until === null ? null : { since: one.since, until: one.until });
    // As it is now: a run may have saved since it was listed.
    const current = await loadCheckpoint(store, key, name);
    if (current === null) return;
    const changed = { ...current.checkpoint, source, by: `set-${randomUUID()}/1` };
    const result = await saveCheckpoint(store, key, changed, current.etag, { clock, random: Math.random });
    if (result === 'superseded') {
      throw new Error(`A run of ${name} has saved ${key} meanwhile: run this again.`);
    }
  }
}
