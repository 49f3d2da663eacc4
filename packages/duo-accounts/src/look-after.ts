import { loadCheckpoint, type Store } from 'duo-core';
import type { KnownAccount } from './known-accounts';

/** How a log of an account is. */
export interface Standing {
  readonly account: string;
  /** How far behind it is, in ms; null where it has no checkpoint, or none that can be read. */
  readonly behind: number | null;
  /** Whether nothing was saved for four of its turns, and what is known of why. */
  readonly failing: string | null;
}

/** How long an account may save nothing, in ms: four turns, of which one may be lost and one may wait for Duo. */
const patience = 20 * 60_000;

/** Reads the checkpoint of a log of an account, and says how it stands at `now` (ms). Never throws: what cannot be read is failing. */
export async function standingOf(
  store: Store,
  logType: string,
  { name: account, since }: KnownAccount,
  now: number,
): Promise<Standing> {
  try {
    const saved = await loadCheckpoint(store, { logType, account });
    if (saved === null) {
      const isNew = now - since < patience;
      return { account, behind: null, failing: isNew ? null : 'no run has saved anything yet' };
    }
    const silent = now - (saved.savedAt ?? 0);
    return {
      account,
      behind: Math.max(0, now - saved.state.watermark),
      failing: silent < patience ? null : `nothing was saved for ${Math.round(silent / 60_000)} minutes`,
    };
  } catch (error) {
    return { account, behind: null, failing: error instanceof Error ? error.message : String(error) };
  }
}
