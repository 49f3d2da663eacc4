import { command } from '../operator/command';
import { momentText } from '../operator/words';
import type { Target } from '../store/target';
import type { ClosedSpan } from './closed-span';

/** The command that collects a span of a log which the scheduled runs do not store, for messages. */
export function commandToBackfill(
  logType: string,
  { stage, store }: Pick<Target, 'stage' | 'store'>,
  { since, until }: ClosedSpan,
): string {
  const where = stage === null ? `--store ${store.url} --local` : `--stage ${stage}`;
  return `${command} backfill ${logType} ${where} --from ${momentText(since)} --to ${momentText(until)}`;
}
