import { randomUUID } from 'node:crypto';
import { collect, emptyReport, type LogType, recordsIn, type Store } from 'duo-core';
import type { Progress } from '../../operator/progress';
import { plural } from '../../operator/words';
import type { World } from '../../operator/world';
import type { ClosedSpan } from '../../state/closed-span';
import type { Target } from '../../store/target';

/** The records of one page that were not met before, and the object that the collector would store them as. */
interface ShownPage {
  readonly key: string;
  readonly texts: readonly string[];
}

/**
 * Reads what Duo shows of a span: as a backfill of the collector's own, page by page and with all its patience, into a store
 * that keeps nothing.
 */
export async function readDuo(
  logType: LogType,
  span: ClosedSpan,
  { duo }: Target,
  { clock }: World,
  progress: Progress,
  onPage: (page: ShownPage) => Promise<void>,
): Promise<void> {
  const report = emptyReport();
  const length = span.until - span.since;
  const outcome = await collect({
    logType,
    duo,
    store: passingStore(async (page) => {
      await onPage(page);
      const read = (report.watermark ?? span.since) - span.since;
      progress.show(0.5 + read / length / 2, `Duo: ${plural(report.records, 'record')}`);
    }),
    clock,
    random: Math.random,
    renewCredentials: async () => {}, // They were read when the command began.
    lookback: 0, // not used: the span says where it begins
    backfill: span,
    overlap: (logType.overlapSeconds ?? 0) * 1000,
    maxPages: 0,
    deadline: Number.POSITIVE_INFINITY,
    cutoff: Number.POSITIVE_INFINITY,
    run: randomUUID(),
    log: { info() {}, warn: progress.say, error: progress.say },
    report,
  });
  if (outcome !== 'caught-up') throw new Error('Duo did not show all of the span: verify it again.');
}

/** Holds the checkpoint, and hands on what would be stored. */
function passingStore(onPage: (page: ShownPage) => Promise<void>): Store {
  let checkpoint: { readonly key: string; readonly body: Uint8Array; readonly etag: string } | undefined;
  let saves = 0;
  return {
    url: 'memory:',
    get: async (key) => (checkpoint?.key === key ? checkpoint : undefined),
    async put(key, body) {
      if (key.endsWith('.json')) {
        saves += 1;
        checkpoint = { key, body, etag: String(saves) };
      } else {
        await onPage({ key, texts: recordsIn(body) });
      }
      return { kind: 'stored', etag: checkpoint?.etag ?? '' };
    },
  };
}
