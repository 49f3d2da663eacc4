import { command } from '../operator/command';
import type { DaySpan } from '../operator/day-span';
import type { Target } from '../store/target';

/** The command that reconciles days of a log, for messages; `flags` are its own options, like `--again`. */
export function backfillCommand(
  logType: string,
  { stage, store, account }: Pick<Target, 'stage' | 'store' | 'account'>,
  { first, last }: DaySpan,
  flags = '',
): string {
  const of = account === undefined ? '' : ` --account ${account}`;
  const where = stage === null ? `--store ${store.url}${of} --local` : `--stage ${stage}${of}`;
  const options = flags === '' ? where : `${where} ${flags}`;
  return `${command} backfill ${logType} ${options} --from ${first} --to ${last}`;
}
