import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CheckpointError, UnavailableError } from '../src/errors';
import { disturbed } from './support/memory-store';
import { visit } from './support/test-log';
import { createWorld, minute, noon } from './support/world';

let world: Awaited<ReturnType<typeof createWorld>>;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

describe('whatever write fails', () => {
  const outcomes = {
    fails: async () => {
      throw new Error('the store is down');
    },
    'is answered by a conflict': async () => ({ kind: 'conflict' as const }),
  };

  test.each([
    ['before', { mostHeld: 1 }, 9],
    ['after', { mostHeld: 1 }, 9],
    ['before', { mostHeld: 1_000 }, 5],
    ['after', { mostHeld: 1_000 }, 5],
  ] as const)('%s it took effect, nothing is lost or doubled (%j)', async (moment, held, writes) => {
    for (const [what, event] of Object.entries(outcomes)) {
      for (let n = 0; ; n++) {
        const trial = await createWorld();
        try {
          trial.addRecords(35);
          const store = disturbed(trial.store, n, moment, event);
          await trial
            .run({ store, ...held })
            .catch((error: Error) => expect(error.message).toBe('the store is down'));
          if (store.puts <= n) {
            expect(n).toBeGreaterThanOrEqual(writes);
            break;
          }
          trial.log.add(visit('later', noon + minute));
          await trial.runUntilCaughtUp();
          expect({ what, n, records: trial.store.records().sort() }).toEqual({
            what,
            n,
            records: trial.log.published().sort(),
          });
        } finally {
          await trial.close();
        }
      }
    }
  });

  test('a save whose answer was lost is recognised as its own', async () => {
    world.addRecords(35);
    // The SDK repeats a put that got no answer, and the repeated one then finds the object changed.
    const store = disturbed(world.store, 2, 'after', async () => ({ kind: 'changed' }));
    expect(await world.run({ store })).toMatchObject({ outcome: 'caught-up', report: { records: 35 } });
    world.expectEachOnce();
  });

  test('a checkpoint that vanishes during a run is an error', async () => {
    world.addRecords(35);
    const store = disturbed(world.store, 2, 'before', async () => {
      world.store.objects.delete('state/visits.json');
      return undefined;
    });
    await expect(world.run({ store })).rejects.toThrow(CheckpointError);
  });

  test('so it is when the save met another one before', async () => {
    world.addRecords(35);
    const store = disturbed(world.store, 2, 'before', async () => {
      world.store.objects.delete('state/visits.json');
      return { kind: 'conflict' };
    });
    await expect(world.run({ store })).rejects.toThrow('the checkpoint vanished during the run');
  });

  test('an object that was stored and then deleted by its reader is not stored again', async () => {
    world.addRecords(5);
    await world.run();
    for (const key of world.store.objects.keys())
      if (key.startsWith('logs/')) world.store.objects.delete(key);
    await world.runUntilCaughtUp();
    expect(world.store.records()).toEqual([]);
  });
});

test('a run that fails lets go of what it has stored, so that it is not stored again after its reader deleted it', async () => {
  world.addRecords(15);
  world.simulator.fail('bad-gateway', { times: 5, after: 1 });
  await expect(world.run()).rejects.toThrow(UnavailableError);
  expect(world.checkpoint()).toMatchObject({ outbox: null, window: { pages: 1 } });
});

test('a run that fails and then cannot save either fails with the first reason', async () => {
  world.addRecords(15);
  world.simulator.fail('bad-gateway', { times: 5, after: 1 });
  const store = disturbed(world.store, 2, 'before', async () => {
    throw new Error('the store is down');
  });
  await expect(world.run({ store })).rejects.toThrow(UnavailableError);
  await world.runUntilCaughtUp();
  world.expectEachOnce();
});
