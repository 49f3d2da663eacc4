import type { LogType } from 'duo-core';
import { UsageError } from '../operator/usage-error';
import type { Target } from '../store/target';
import { storedLogs } from './gone-checkpoint';

/** Throws a `UsageError` where no object of a log is in the store: of a store that is empty, or not there, nothing can be told. */
export async function requireObjects(target: Pick<Target, 'store' | 'account'>, log: LogType): Promise<void> {
  if ((await storedLogs([log], target)).size > 0) return;
  throw new UsageError(
    'This log was not collected into this store yet. Is it the right store? status shows what it has.',
  );
}
