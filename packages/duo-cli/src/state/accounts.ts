import type { KnownAccount } from 'duo-accounts/known-accounts';
import { accountsFolder, atMost, type Checkpoint, type LogType, loadCheckpoint } from 'duo-core';
import { saidBy } from '../operator/command';
import { storedAccounts } from '../stage/credentials/stored-accounts';
import type { Target } from '../store/target';

/** How a log of an account is, as its checkpoint says; times in ms. */
export interface AccountStanding {
  readonly account: string;
  readonly logType: string;
  /** Null if there is none, or if `problem` says why it cannot be used. */
  readonly checkpoint: Checkpoint | null;
  /** When a run has last saved it; null without one. */
  readonly savedAt: number | null;
  readonly problem: string | null;
}

/** How many checkpoints are read at once. */
const width = 32;

/** Whether what a command works on has accounts with names, as far as anything of them is stored. */
export async function hasAccounts(
  { store }: Pick<Target, 'store'>,
  logs: readonly LogType[],
): Promise<boolean> {
  for (const { name } of logs) for await (const _ of store.list(accountsFolder(name))) return true;
  return false;
}

/** The names of those logs of which something is stored of accounts with names. */
export async function logsOfAccounts(
  target: Pick<Target, 'store'>,
  logs: readonly LogType[],
): Promise<ReadonlySet<string>> {
  const has = await Promise.all(logs.map((log) => hasAccounts(target, [log])));
  return new Set(logs.filter((_, n) => has[n]).map(({ name }) => name));
}

/**
 * The accounts, by name: of a stage, those that it collects; of a store alone, those that have a checkpoint, of which nothing else is
 * known.
 */
export async function accountsIn(
  { stage, env, store }: Pick<Target, 'stage' | 'env' | 'store'>,
  logs: readonly LogType[],
): Promise<KnownAccount[]> {
  if (stage !== null) return storedAccounts(stage, env);
  const names = new Set<string>();
  for (const { name } of logs) for (const one of await namesIn(accountsFolder(name), store)) names.add(one);
  return [...names].sort().map((name) => ({ name, since: 0, accountId: null }));
}

/**
 * The names that have a checkpoint in the folder of a log's accounts, at most so many. By jumps: behind an account's checkpoint there
 * may be thousands of keys of its days.
 */
export async function namesIn(
  folder: string,
  store: Target['store'],
  most = Number.POSITIVE_INFINITY,
): Promise<string[]> {
  const names: string[] = [];
  for (let after: string | undefined; names.length < most; ) {
    let found: string | undefined;
    for await (const { key } of store.list(folder, after)) {
      found = key.slice(folder.length);
      break;
    }
    if (found === undefined) return names;
    const [, name] = /^([^/.]+)(?:\.json$|\/)/.exec(found) ?? [];
    if (name !== undefined && found === `${name}.json`) names.push(name);
    // '0' comes behind '/', with which all that is beside the checkpoint begins.
    after = name === undefined ? `${folder}${found}` : `${folder}${name}0`;
  }
  return names;
}

/** How each log of each account is, the worst first: what cannot be read, then what is furthest behind, then what has begun nothing. */
export async function accountStandings(
  { store }: Pick<Target, 'store'>,
  names: readonly string[],
  logs: readonly LogType[],
): Promise<AccountStanding[]> {
  const standings: AccountStanding[] = [];
  const all = names.flatMap((account) => logs.map(({ name }) => ({ account, logType: name })));
  await atMost(width, all, async (log) => {
    try {
      const saved = await loadCheckpoint(store, log);
      standings.push({
        ...log,
        checkpoint: saved?.state ?? null,
        savedAt: saved?.savedAt ?? null,
        problem: null,
      });
    } catch (error) {
      const problem = saidBy(error);
      standings.push({ ...log, checkpoint: null, savedAt: null, problem });
    }
  });
  return standings.sort((one, other) => rank(one) - rank(other) || nameOf(one).localeCompare(nameOf(other)));
}

function rank({ problem, checkpoint }: AccountStanding): number {
  if (problem !== null) return Number.NEGATIVE_INFINITY;
  return checkpoint === null ? Number.MAX_SAFE_INTEGER : checkpoint.watermark;
}

function nameOf({ account, logType }: AccountStanding): string {
  return `${account} ${logType}`;
}
