import fc from 'fast-check';
import * as z from 'zod/mini';
import { identity } from '../../src/delivery/records';
import type { DuoAnswer } from '../../src/duo/answer';
import type { DuoClient } from '../../src/duo/duo-client';
import { BadRequestError, ThrottledError, UnavailableError } from '../../src/errors';
import { recordsIn } from '../../src/store/object';
import type { PutOutcome, Store } from '../../src/store/store';
import type { MemoryStore } from './memory-store';
import type { Dated, ModelLog, ModelRecord, Whims } from './model-duo';

/** Something that goes wrong at the n-th request or write of a run. */
export const mishaps = fc.array(
  fc.record({
    at: fc.nat({ max: 9 }),
    what: fc.constantFrom(
      'fails before',
      'fails after',
      'conflict',
      'conflict after',
      'lost answer',
      'killed',
      'empty',
      '400',
      '502',
      '429',
    ),
  }),
  { maxLength: 2 },
);

type Mishap = typeof mishaps extends fc.Arbitrary<(infer T)[]> ? T : never;

/** How much text a run holds: a page by itself, two or three of them, all of them. In bytes. */
export const mostHeld = fc.constantFrom(1, 150, 1_000_000);

/** What Duo documents nowhere. */
export const whims = fc.record<Whims>({
  rounding: fc.constantFrom('down', 'up', 'raw'),
  order: fc.constantFrom('ascending', 'descending', 'published'),
  total: fc.constantFrom('window', 'rest', 'account', 'absent'),
  blanks: fc.boolean(),
  repeats: fc.boolean(),
});

/** Whether an error is one that a story itself has made to happen. */
export function isOfStory(error: unknown): boolean {
  return (
    error instanceof Mishappened || error instanceof BadRequestError || error instanceof UnavailableError
  );
}

class Mishappened extends Error {}

/** The store and Duo of one run of a story, which lets others have their turn wherever it waits. */
export function disturb(
  store: Store,
  duo: DuoClient,
  mishaps: readonly Mishap[],
  turn: () => Promise<void>,
  isTold: boolean,
) {
  let n = 0;
  let isDead = false;
  const next = () => {
    const at = n++;
    const what = mishaps.find((mishap) => mishap.at === at)?.what;
    // What is dead asks nobody and saves nothing any more.
    isDead ||= what === 'killed';
    if (isDead) throw new Mishappened();
    return what;
  };
  const itsDuo: DuoClient = {
    source: duo.source,
    async get(...request) {
      const what = next();
      await turn();
      if (what === '400') throw new BadRequestError('400');
      if (what === '502') throw new UnavailableError('502');
      if (what === '429') throw new ThrottledError('429');
      const answer = await duo.get(...request);
      return what === 'empty' && isTold ? endedEarly(answer) : answer;
    },
  };
  const itsStore: Store = {
    url: store.url,
    list: (...prefix) => store.list(...prefix),
    async get(key) {
      await turn();
      return store.get(key);
    },
    async put(...put): Promise<PutOutcome> {
      const what = next();
      await turn();
      if (what === 'fails before') throw new Mishappened();
      if (what === 'conflict') return { kind: 'conflict' };
      const outcome = await store.put(...put);
      await turn();
      if (what === 'fails after') throw new Mishappened();
      if (what === 'conflict after') return { kind: 'conflict' };
      // The SDK repeats a put that had no answer, and the repeated one finds the object changed.
      if (what === 'lost answer' && outcome.kind === 'stored') return { kind: 'changed' };
      return outcome;
    },
  };
  return { store: itsStore, duo: itsDuo };
}

const counted = z.object({ items: z.array(z.unknown()), metadata: z.object({ total_objects: z.number() }) });

/** The answer without its records and its cursor, if it says how many there are: the page is as empty as the last one. */
function endedEarly(answer: DuoAnswer): DuoAnswer {
  const { data } = counted.safeParse(answer.read(() => {}).response);
  if (data === undefined) return answer;
  return { ...answer, likely: undefined, read: () => ({ records: [], response: data }) };
}

/**
 * The store, which does not let a checkpoint be saved that remembers a record which is neither stored nor in its outbox, nor one
 * that has counted more than there are.
 */
export function believing(store: MemoryStore, logType: string): Store {
  return {
    ...store,
    async put(key, body, condition) {
      if (key === `state/${logType}.json`) {
        const { seen, outbox, ledger } = believed.parse(JSON.parse(Buffer.from(body).toString()));
        const decided = [
          ...store.records(),
          ...(outbox === null ? [] : recordsIn(Buffer.from(outbox.body, 'base64'))),
        ];
        const known = new Set(decided.map(identity));
        const unknown = Object.keys(seen).filter((id) => !known.has(id));
        if (unknown.length > 0)
          throw new Error(`${unknown.length} records are believed that nothing has decided on`);
        const counted = Object.values(ledger).reduce((sum, count) => sum + count, 0);
        if (counted > decided.length)
          throw new Error(`${counted} records are counted, and there are ${decided.length}`);
      }
      return store.put(key, body, condition);
    },
  };
}

const believed = z.object({
  seen: z.record(z.string(), z.unknown()),
  outbox: z.nullable(z.object({ body: z.string() })),
  ledger: z.record(z.string(), z.number()),
});

/**
 * Of the `time` style, fewer records of one second than a page has room for, even beside those whose times say nothing: a page
 * that ends with the second which it begins with is an error.
 */
export function thinned<T extends { readonly records: readonly ModelRecord[] }>(
  { logType }: ModelLog,
  told: T,
): T {
  if (logType.paging.style !== 'time') return told;
  const perSecond = new Map<number, number>();
  let odd = 0;
  const records = told.records.flatMap((record) => {
    // Nothing else than its own time says where such a log goes on: a lie that lies in the log is believed.
    const isOdd = record.dated !== 'right' && record.dated !== 'elsewhere' && odd < mostOdd;
    const dated: Dated = isOdd && record.dated !== undefined ? record.dated : 'right';
    odd += isOdd ? 1 : 0;
    const second = Math.floor(record.micros / 1_000_000);
    const count = (perSecond.get(second) ?? 0) + 1;
    perSecond.set(second, count);
    return count < logType.paging.limit - mostOdd ? [{ ...record, dated }] : [];
  });
  return { ...told, records };
}

const mostOdd = 2;
