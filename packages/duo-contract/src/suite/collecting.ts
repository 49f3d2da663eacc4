import { describe, expect, test } from '@jest/globals';
import type { LogType } from 'duo-core';
import { noon, type PageForm, readTime, withOddTime } from 'duo-simulator';
import * as z from 'zod/mini';
import { pages, type Subject } from './subject';

const minute = 60_000;

/** The tests that every published record arrives, each once and byte for byte, also when it is late or dated absurdly. */
export function collectingTests({ logType, records, world, again, expectEachOnce }: Subject): void {
  describe('collecting', () => {
    test.each(formsOf(logType))(
      'three thousand records arrive, each once, where Duo answers with %j',
      async (form) => {
        const { log, run } = await again(form, logType);
        log.addAll(records(3_000));
        expect(await run()).toMatchObject({ logType: logType.name, outcome: 'caught-up', records: 3_000 });
        expectEachOnce(3_000);
      },
    );

    test('three thousand records in bursts of four hundred with one time arrive, each once', async () => {
      const { log, run } = await again({}, logType);
      log.addAll(records(3_000, { burst: 400 }));
      expect(await run()).toMatchObject({ outcome: 'caught-up', records: 3_000 });
      expectEachOnce(3_000);
    });

    test('records with absurd times arrive where Duo shows them, each once', async () => {
      const { clock, log, run } = world();
      for (const [n, text] of records(10 * pages + 5).entries()) {
        const filedAt = timeIn(text, logType.time);
        log.add(n % 7 === 0 ? withOddTime(text, logType, filedAt, n / 7) : text, { filedAt });
      }
      for (let runs = 0; runs < 3; runs++) {
        expect(await run()).toMatchObject({ outcome: 'caught-up', leftOut: 0 });
        clock.advance(5 * minute);
      }
      expectEachOnce(10 * pages + 5);
    });

    test('records are stored byte for byte', async () => {
      const { delivered, log, run } = world();
      const [first] = records(1);
      const odd =
        first?.replace('{', '{  "odd": [1.0, 12345678901234567890, "\\u00e9\\/é"], "odd": 1e0, ') ?? '';
      log.add(odd);
      await run();
      expect(delivered()).toEqual([odd]);
    });

    test('runs of one page each go on where the one before has ended', async () => {
      const { log, run } = world();
      log.addAll(records(10 * pages + 5));
      let runs = 1;
      while ((await run({ MAX_PAGES: '1' })).outcome === 'more') runs += 1;
      expect(runs).toBeGreaterThanOrEqual(pages);
      expectEachOnce(10 * pages + 5);
    });

    test('a record that Duo publishes late arrives with the next run, and only once', async () => {
      const { clock, log, run } = world();
      log.addAll(records(25));
      await run();
      const [late = ''] = records(1, { from: noon - 4 * minute, startIndex: 1_000 });
      log.add(late, { publishedAt: noon + minute });
      for (const expected of [1, 0]) {
        clock.advance(5 * minute);
        expect(await run()).toMatchObject({ outcome: 'caught-up', records: expected });
      }
      expectEachOnce(26);
    });
  });
}

function timeIn(record: string, { field, unit }: LogType['time']): number {
  return readTime(z.record(z.string(), z.unknown()).parse(JSON.parse(record))[field], unit);
}

/** What Duo leaves open about the pages of this log's style. */
function formsOf({ paging }: LogType): PageForm[] {
  if (paging.style === 'cursor') return [{ ending: 'cursor' }, { ending: 'null' }, { ending: 'absent' }];
  if (paging.style === 'offset') return [{ order: 'ascending' }, { order: 'descending' }];
  return [{}];
}
