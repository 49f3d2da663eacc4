import { logOf, type OfLog } from '../../account-log';
import type { Clock } from '../../clock';
import type { LogRecord } from '../../duo/record';
import { longestHeld } from '../../limits';
import type { Outbox } from '../outbox';
import { beginDraft, type Draft, type Named } from './draft';

/** Where the new records of a page would be stored by themselves; see `beginDraft`. */
export interface Place extends Named {
  readonly day: number | null;
}

/**
 * Pages that come without a pause and are stored together: what is new on them will be one object, and nobody believes it
 * before that is decided on. `After` is what a run has come to once it is.
 */
export interface Batch<After> {
  /** What the run has come to with all that is held; null if nothing is. */
  readonly after: After | null;
  /**
   * Adds a page, whose new records may be none if something is held. Decides at once if that is enough. Throws what a decision
   * has thrown that was made meanwhile.
   */
  add(records: readonly LogRecord[], place: Place, after: After): Promise<void>;
  /** Decides on all that is held, if anything is. Throws what that throws, or has thrown: then nothing is decided any more. */
  flush(): Promise<void>;
  /** Resolves when no decision is under way. Throws what one has thrown. */
  decided(): Promise<void>;
}

/** What a batch is made with; `mostHeld`: how much text it holds before it is decided on, in bytes. */
export interface BatchContext extends OfLog {
  readonly clock: Clock;
  readonly mostHeld: number;
}

/** A batch of nothing yet. `decide` saves what it is given, and puts the object. */
export function createBatch<After>(
  context: BatchContext,
  decide: (outbox: Outbox, after: After) => Promise<void>,
): Batch<After> {
  const { clock, mostHeld } = context;
  let held: { readonly draft: Draft; after: After; readonly timer: AbortController } | null = null;
  let deciding: Promise<void> = Promise.resolve();

  function begin(place: Place, after: After) {
    const timer = new AbortController();
    void clock.sleep(longestHeld, timer.signal).then(() => {
      // Whoever comes next is told of a failure.
      if (!timer.signal.aborted) flush().catch(() => {});
    });
    return { draft: beginDraft(logOf(context), place), after, timer };
  }

  async function decideOn(draft: Draft, after: After): Promise<void> {
    await decide(await draft.finish(), after);
  }

  function flush(): Promise<void> {
    if (held !== null) {
      const { draft, after, timer } = held;
      held = null;
      timer.abort();
      deciding = deciding.then(() => decideOn(draft, after));
      deciding.catch(() => {});
    }
    return deciding;
  }

  return {
    get after() {
      return held?.after ?? null;
    },
    async add(records, place, after) {
      await deciding;
      held ??= begin(place, after);
      held.after = after;
      if (records.length > 0) held.draft.add(records, place.day);
      if (held.draft.size >= mostHeld) await flush();
    },
    flush,
    decided: () => deciding,
  };
}
