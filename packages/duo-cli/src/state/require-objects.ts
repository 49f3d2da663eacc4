import { type LogType, logFolder } from 'duo-core';
import { UsageError } from '../operator/usage-error';
import { logOf, type Target } from '../store/target';

/** Throws a `UsageError` where no object of a log is in the store: of a store that is empty, or not there, nothing can be told. */
export async function requireObjects(
  target: Pick<Target, 'store' | 'account'>,
  { name }: LogType,
): Promise<void> {
  for await (const _ of target.store.list(logFolder(logOf(target, name)))) return;
  throw new UsageError(
    'This log was not collected into this store yet. Is it the right store? status shows what it has.',
  );
}
