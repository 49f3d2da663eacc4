import { describe, expect, test } from '@jest/globals';
import { dayLength, defaultOverlap, type LogType, midnightOf, utcDay } from 'duo-core';
import { noon } from 'duo-simulator';
import type { Subject } from './subject';

const hour = 3_600_000;

/** The first day that a log reconciles which begins at `noon`. */
export const day = utcDay(noon);

/** When that day ends, in ms. */
export const dayEnd = midnightOf(day) + dayLength;

/** The time of that day in which the tests' records lie, in ms. */
export const ofDay = { from: dayEnd - 10 * hour, to: dayEnd - 2 * hour };

/** How long after a day's end its passes are, in ms: a log that looks back for a week has only the later one left. */
export function passesOf({ overlapSeconds = 0 }: LogType): number[] {
  const overlap = Math.max(defaultOverlap, overlapSeconds * 1000);
  return [dayLength, 7 * dayLength].filter((after) => after > overlap || after === 7 * dayLength);
}

/** The tests that each day is compared with Duo's, that what came late is brought in, and that a receipt says what is there. */
export function reconcilingTests({ logType, records, world, expectEachOnce }: Subject): void {
  const passes = passesOf(logType);

  /** Has records published on time, and before each pass some that are later than the live log looks; then calls `then`. */
  async function live(then: (n: number) => Promise<void>): Promise<void> {
    const { clock, log, run, runUntilCaughtUp } = world();
    await run();
    log.addAll(records(25, ofDay));
    for (const [n, after] of passes.entries()) {
      for (const text of records(12, { ...ofDay, startIndex: 1_000 * (n + 1) }))
        log.add(text, { publishedAt: dayEnd + after });
      for (const moment of [dayEnd + after - hour, dayEnd + after + hour]) {
        clock.advance(moment - clock.now());
        await runUntilCaughtUp();
      }
      await then(n);
    }
  }

  describe('reconciling', () => {
    test('records that Duo publishes too late for the live log are brought by the next pass of their day, each once', async () => {
      await live(async () => {
        const { reconcile, reconciled } = world();
        expect(reconciled()).toMatchObject({ lost: 12, doubled: 0 });
        const clean = { changed: 0, doubled: 0, astray: 0, deleted: 0, unreconciledDays: 0 };
        expect(await reconcile()).toMatchObject({ outcome: 'caught-up', repaired: 12, ...clean });
        expect(await reconcile()).toMatchObject({ outcome: 'caught-up', days: 0, pages: 0 });
      });
      expectEachOnce(25 + 12 * passes.length);
    });

    test('the receipts count what Duo shows and what is stored, day by day', async () => {
      const { log, reconcile, receipts } = world();
      const next = { from: dayEnd + hour, to: dayEnd + 2 * hour };
      log.addAll(records(7, { ...next, startIndex: 9_000 }));
      await live(async (n) => {
        await reconcile();
        for (const receipt of await receipts()) {
          const isOfDay = receipt.day === day;
          const visible = log.visible().filter(({ ms }) => utcDay(ms) === receipt.day);
          if (isOfDay && receipt.at < dayEnd + (passes[n] ?? 0)) continue;
          expect(receipt).toMatchObject({ shown: visible.length, stored: visible.length, deleted: 0 });
        }
      });
      const ofTheDay = (await receipts()).filter((receipt) => receipt.day === day);
      expect(ofTheDay.map(({ shown, repaired }) => [shown, repaired])).toEqual(
        passes.map((_, n) => [25 + 12 * (n + 1), 12]),
      );
      expectEachOnce(7 + 25 + 12 * passes.length);
    });

    test.each([false, true])(
      'a day that is reconciled twice stores nothing the second time (again: %s)',
      async (again) => {
        const { clock, reconcile, want, delivered } = world();
        await live(async () => void (await reconcile()));
        const before = delivered();
        clock.advance(hour);
        await want(day, again);
        expect(await reconcile()).toMatchObject({ days: 1, repaired: 0, changed: 0, doubled: 0, deleted: 0 });
        expect(delivered()).toEqual(before);
      },
    );

    test('what somebody has deleted is told and not stored again, unless it is asked for', async () => {
      const { clock, reconcile, want, deleteFirst, receipts } = world();
      await live(async () => void (await reconcile()));
      const deleted = deleteFirst();
      expect(deleted).toBeGreaterThan(0);
      clock.advance(hour);
      await want(day, false);
      expect(await reconcile()).toMatchObject({ days: 1, repaired: 0, deleted });
      expect((await receipts()).filter((receipt) => receipt.day === day).at(-1)).toMatchObject({ deleted });
      clock.advance(hour);
      await want(day, true);
      expect(await reconcile()).toMatchObject({ days: 1, repaired: deleted, deleted: 0 });
      expectEachOnce(25 + 12 * passes.length);
    });
  });
}
