import { boundsTolerance, type LogType, readObjectName } from 'duo-core';
import { atMost } from '../store/at-most';
import { believed, markOf, type RecordMark } from '../store/record-mark';
import { recordsAt, recordsOf } from '../store/records-at';
import type { Target } from '../store/target';
import type { ClosedSpan } from './closed-span';
import type { SavedCheckpoints } from './saved-checkpoints';

/** The objects that may hold records of a span. */
export interface StoredSpan {
  readonly keys: readonly string[];
  /** Objects whose names are not the collector's, which are not read. */
  readonly others: readonly string[];
  /**
   * Calls `use` for every record of the span, and for those that may be of it because their time is not readable or not believed:
   * they come without one.
   */
  read(use: (mark: RecordMark, key: string) => void, onObject: (read: number) => void): Promise<void>;
}

const day = 86_400_000;

/** No window is longer than Duo looks back; one day more for the day that an object's folder begins with. In ms. */
const longestWindow = 181 * day;

/**
 * Finds them by the windows in their names: an object's folder is the day of its first record only, and that of a long
 * window may be months before its last one. The object that the checkpoint has decided on counts as stored.
 */
export async function storedSpan(
  logType: LogType,
  span: ClosedSpan,
  { objects }: Target,
  { live }: SavedCheckpoints,
  now: number,
): Promise<StoredSpan> {
  const folder = `logs/${logType.name}/`;
  const outbox = live?.outbox ?? null;
  const keys = new Set(outbox === null || !mayHold(outbox.key, span) ? [] : [outbox.key]);
  const others: string[] = [];
  const first = new Date(Math.max(0, span.since - longestWindow)).toISOString().slice(0, 10);
  for await (const { key } of objects.list(folder, `${folder}${first.replaceAll('-', '/')}`)) {
    if (readObjectName(key) === null) others.push(key);
    else if (mayHold(key, span)) keys.add(key);
  }
  return { keys: [...keys], others, read };

  async function read(use: Parameters<StoredSpan['read']>[0], onObject: (read: number) => void) {
    let done = 0;
    await atMost(16, keys, async (key) => {
      const texts =
        key === outbox?.key
          ? recordsOf(Buffer.from(outbox.body, 'base64'), `${objects.url}/${key}`)
          : await recordsAt(objects, key);
      for (const text of texts) {
        const mark = believed(markOf(text, logType, now), readObjectName(key));
        if (mark.time === null || (mark.time >= span.since && mark.time < span.until)) use(mark, key);
      }
      done += 1;
      onObject(done);
    });
  }
}

function mayHold(key: string, { since, until }: ClosedSpan): boolean {
  const window = readObjectName(key);
  return window !== null && window.to + boundsTolerance >= since && window.from - boundsTolerance < until;
}
