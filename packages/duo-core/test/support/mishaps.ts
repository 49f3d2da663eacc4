import fc from 'fast-check';
import * as z from 'zod/mini';
import type { DuoAnswer } from '../../src/duo/answer';
import type { DuoClient } from '../../src/duo/duo-client';
import { BadRequestError, ThrottledError, UnavailableError } from '../../src/errors';
import type { PutOutcome, Store } from '../../src/store/store';
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
      'empty',
      '400',
      '502',
      '429',
    ),
  }),
  { maxLength: 2 },
);

type Mishap = typeof mishaps extends fc.Arbitrary<(infer T)[]> ? T : never;

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
  const next = () => {
    const at = n++;
    return mishaps.find((mishap) => mishap.at === at)?.what;
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
