import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { simulatorCredentials } from 'duo-simulator';
import { emptyReport } from '../src/delivery/run-report';
import type { DuoClient } from '../src/duo/duo-client';
import type { Store } from '../src/store/store';
import { createWorld } from './support/world';

let world: Awaited<ReturnType<typeof createWorld>>;
beforeEach(async () => {
  world = await createWorld();
  world.addRecords(15);
});
afterEach(() => world.close());

const down = async () => {
  throw new Error('the store is down');
};
const refused = async () => {
  throw new Error('no credentials');
};
const withGet = (get: Store['get']): Store => ({ ...world.store, get });
const withSource = (source: DuoClient['source']): DuoClient => ({ ...world.duo, source });

/** A promise, and what fulfils it. */
function latch() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe('the checkpoint and the credentials', () => {
  test('are asked for at once', async () => {
    const [checkpoint, credentials] = [latch(), latch()];
    const { outcome } = await world.run({
      store: withGet(async (key) => {
        checkpoint.open();
        await credentials.opened;
        return world.store.get(key);
      }),
      duo: withSource(async () => {
        credentials.open();
        await checkpoint.opened;
        return simulatorCredentials.apiHost;
      }),
    });
    expect(outcome).toBe('caught-up');
    world.expectEachOnce();
  });

  test.each<[string, { get?: Store['get']; source?: DuoClient['source'] }, string]>([
    ['the checkpoint', { get: down }, 'the store is down'],
    ['the credentials', { source: refused }, 'no credentials'],
    ['both, the checkpoint first', { get: down, source: refused }, 'the store is down'],
  ])('fail the run before it asks Duo or writes: %s', async (_what, { get, source }, message) => {
    let asked = 0;
    const duo: DuoClient = {
      source: source ?? world.duo.source,
      get: (...request) => {
        asked += 1;
        return world.duo.get(...request);
      },
    };
    await expect(world.run({ duo, ...(get && { store: withGet(get) }) })).rejects.toThrow(message);
    expect([asked, world.store.objects.size]).toEqual([0, 0]);
  });

  test('are both waited for when one fails, for a frozen function would break the other off', async () => {
    const answer = latch();
    let ended = false;
    const running = world
      .run({
        store: withGet(down),
        duo: withSource(async () => {
          await answer.opened;
          return simulatorCredentials.apiHost;
        }),
      })
      .catch((error: Error) => {
        ended = true;
        return error;
      });
    await new Promise(setImmediate);
    expect(ended).toBe(false);
    answer.open();
    expect(await running).toEqual(new Error('the store is down'));
  });

  test('that are not there leave everything as it was, and how far the log is is still reported', async () => {
    await world.run({ maxPages: 1 });
    const stored = new Map(world.store.objects);
    const report = emptyReport();
    await expect(world.run({ duo: withSource(refused), report })).rejects.toThrow('no credentials');
    expect(world.store.objects).toEqual(stored);
    expect(report.watermark).toBe(world.checkpoint().watermark);
  });
});
