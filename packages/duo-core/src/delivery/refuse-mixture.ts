import { type AccountLog, accountsFolder, checkpointKey } from '../account-log';
import { ConfigError } from '../errors';
import type { Store } from '../store/store';

/**
 * A log is of the stage's own account, or of accounts with names, never both: whoever reads the folder of all would take one for the
 * other. Asked for before a first checkpoint or a pass without one. Throws a `ConfigError` if the store has the other kind.
 */
export async function refuseMixture(store: Store, { logType, account }: AccountLog): Promise<void> {
  const folders = [`logs/${logType}/`, `receipts/${logType}/`];
  const found =
    account === undefined
      ? ((await first(store, accountsFolder(logType))) ??
        // Years begin with digits and accounts with letters, which come after ':'.
        (await firstOf(folders, (folder) => first(store, folder, `${folder}:`, /\/[a-z][a-z\d-]*\/\d{4}\//))))
      : ((await first(store, checkpointKey({ logType }))) ??
        (await firstOf(folders, (folder) => first(store, folder, undefined, /^\w+\/[^/]+\/\d{4}\//))));
  if (found === null) return;
  const problem =
    account === undefined
      ? 'this stage has accounts with names, and so none of its own: the event must say which, as {"account": "<name>"}'
      : `this stage has collected ${logType} of its own account, and so it cannot have accounts with names: take another stage for them`;
  throw new ConfigError(`${store.url}/${found}: ${problem}. Nothing was changed`);
}

/** The first key below a prefix, behind another one if that is given; null if there is none, or it has another form. */
async function first(store: Store, prefix: string, after?: string, form = /./): Promise<string | null> {
  for await (const { key } of store.list(prefix, after)) return form.test(key) ? key : null;
  return null;
}

async function firstOf(
  folders: readonly string[],
  find: (folder: string) => Promise<string | null>,
): Promise<string | null> {
  for (const folder of folders) {
    const found = await find(folder);
    if (found !== null) return found;
  }
  return null;
}
