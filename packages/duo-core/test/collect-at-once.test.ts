import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { disturbed } from './support/memory-store';
import { visit } from './support/test-log';
import { createWorld, minute, noon } from './support/world';

let world: Awaited<ReturnType<typeof createWorld>>;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

describe('two runs at once', () => {
  test.each([
    ['before', { mostHeld: 1 }, 9],
    ['after', { mostHeld: 1 }, 9],
    ['before', { mostHeld: 1_000 }, 5],
    ['after', { mostHeld: 1_000 }, 5],
  ] as const)(
    'wherever the second starts (%s a write of the first, %j), with a record published late in between',
    async (moment, held, writes) => {
      for (let n = 0; ; n++) {
        const trial = await createWorld();
        try {
          trial.addRecords(35);
          let second: string | undefined;
          const store = disturbed(trial.store, n, moment, async () => {
            trial.log.add(visit('late', noon - 6 * minute), { publishedAt: noon });
            second = (await trial.run(held)).outcome;
            return undefined;
          });
          const first = await trial.run({ store, ...held });
          if (store.puts <= n) {
            expect(n).toBeGreaterThanOrEqual(writes);
            break;
          }
          expect(second).toBe('caught-up');
          expect(['superseded', 'caught-up']).toContain(first.outcome);
          await trial.runUntilCaughtUp();
          expect({ n, records: trial.store.records().sort() }).toEqual({
            n,
            records: trial.log.published().sort(),
          });
        } finally {
          await trial.close();
        }
      }
    },
  );

  test('the one that is behind ends as superseded and stores nothing of its page', async () => {
    world.addRecords(35);
    const store = disturbed(world.store, 0, 'before', async () => {
      await world.run();
      return undefined;
    });
    expect(await world.run({ store })).toMatchObject({
      outcome: 'superseded',
      report: { records: 0, objects: 0 },
    });
    world.expectEachOnce();
  });
});
