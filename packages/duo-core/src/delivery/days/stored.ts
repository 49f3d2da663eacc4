import { type AccountLog, logFolder } from '../../account-log';
import { pagingStyles } from '../../duo/paging';
import { type LogRecord, nameOf, readTime } from '../../duo/record';
import { StoreError } from '../../errors';
import type { LogType } from '../../log-type';
import { recordsIn } from '../../store/object';
import type { Store } from '../../store/store';
import { utcDay } from '../../utc-day';
import { counts } from '../ledger';
import type { Outbox } from '../outbox';
import { identity } from '../records';
import { type Near, nearTo, unlikely } from './near';
import { createTally, type Tally } from './tally';

/** What is stored of a day. */
export interface Stored {
  readonly tally: Tally;
  /** How many records count for the day; see `counts`. */
  readonly count: number;
  /** How many objects were left out, since they hold nothing of the day as far as their names tell. */
  readonly left: number;
  /** Reads those as well. */
  readRest(): Promise<void>;
  /**
   * Looks for records that are dated in another day, in the objects whose windows have both: those are left out otherwise. Counts
   * those that it finds as stored.
   */
  lookFor(records: readonly Pick<LogRecord, 'text' | 'time'>[]): Promise<void>;
}

/**
 * Reads what is stored of a day, or of its part that is settled (`until` excluded, in ms): all objects whose windows come near it, and what was decided on and may not have been put yet.
 * Of a long window of a sorted log, at first only those in whose folders the day may be. Throws a `StoreError` for an object
 * whose records cannot be read.
 */
export async function readStored(
  store: Store,
  logType: LogType,
  log: AccountLog,
  span: { readonly since: number; readonly until: number },
  decided: readonly (Outbox | null)[],
): Promise<Stored> {
  const tally = createTally();
  let count = 0;
  const near: Near[] = [];
  for await (const { key } of store.list(logFolder(log))) {
    const one = nearTo(key, span);
    if (one !== null) near.push(one);
  }
  const keys = new Set(near.map(({ key }) => key));
  const outboxes = decided.flatMap((outbox) => {
    const one = outbox === null || keys.has(outbox.key) ? null : nearTo(outbox.key, span);
    return outbox === null || one === null ? [] : [{ one, body: Buffer.from(outbox.body, 'base64') }];
  });
  for (const { one, body } of outboxes) add(one, body);
  let rest = pagingStyles[logType.paging.style].sorted
    ? unlikely(near, utcDay(span.since), utcDay(span.since))
    : new Set<Near>();
  await readAll(
    near.filter((one) => !rest.has(one)),
    add,
  );
  return {
    tally,
    get count() {
      return count;
    },
    get left() {
      return rest.size;
    },
    async readRest() {
      const more = [...rest];
      rest = new Set();
      await readAll(more, add);
    },
    async lookFor(records) {
      const wanted = new Set(records.map(({ text }) => text));
      const look = (one: Near, body: Uint8Array) => {
        for (const { text, isKept } of recordsOf(one, body))
          if (!isKept && wanted.has(text)) tally.store(identity(text), null);
      };
      const mayHold = ({ name }: Near) => records.some(({ time }) => counts(time, name));
      for (const { one, body } of outboxes) if (mayHold(one)) look(one, body);
      await readAll(near.filter(mayHold), look);
    },
  };

  async function readAll(
    objects: readonly Near[],
    take: (one: Near, body: Uint8Array) => void,
  ): Promise<void> {
    const waiting = objects.values();
    const reader = async () => {
      for (const one of waiting) {
        const object = await store.get(one.key);
        // Deleted since it was listed: it counts as what was deleted before.
        if (object !== undefined) take(one, object.body);
      }
    };
    await Promise.all(Array.from({ length: readersAtOnce }, reader));
  }

  function add(one: Near, body: Uint8Array): void {
    for (const { text, name, isInWindow, isKept } of recordsOf(one, body)) {
      if (!isKept) continue;
      tally.store(identity(text), name);
      if (isInWindow) count += 1;
    }
  }

  /** What is dated in its window and not in the day is left out: it is a neighbour's, as far as anybody can say. */
  function* recordsOf({ key, name: { from, to } }: Near, body: Uint8Array) {
    for (const text of linesOf(store, key, body)) {
      const value = jsonOf(store, key, text);
      const time = readTime(value, logType.time, Number.POSITIVE_INFINITY);
      const isOfDay = time !== null && time >= span.since && time < span.until;
      const isInWindow = counts(time, { from, to });
      const isKept = isOfDay || !isInWindow;
      yield { text, name: isKept ? nameOf(value, time, logType) : null, isInWindow, isKept };
    }
  }
}

/** As many answers as may be under way at once. */
export const readersAtOnce = 8;

function linesOf(store: Store, key: string, body: Uint8Array): string[] {
  try {
    return recordsIn(body);
  } catch (error) {
    throw damaged(store, key, error instanceof Error ? error.message : String(error));
  }
}

function jsonOf(store: Store, key: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(store, key, 'it is damaged: one of its lines is not JSON');
  }
}

function damaged(store: Store, key: string, what: string): StoreError {
  return new StoreError(
    `${store.url}/${key}: ${what}. Put its earlier version back; or remove it, and let npx pnpm duo backfill --again store what Duo still has of it`,
  );
}
