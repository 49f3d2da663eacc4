import { describe, expect, test } from '@jest/globals';
import { reconcile } from 'duo-simulator';
import { startFailingS3 } from '../failing-s3';
import { createWorld, runUntilCaughtUp } from '../world';
import { dayEnd, ofDay, passesOf } from './reconciling';
import type { Subject } from './subject';

const minute = 60_000;
const hour = 60 * minute;

/** The tests that a pass may be killed at any of its writes: the next run goes on, and each record is stored once. */
export function killedPassTests({ short, account, records }: Subject): void {
  const [after = 0] = passesOf(short);

  /** A log of which late records are waiting to be reconciled. */
  async function late() {
    const s3 = await startFailingS3();
    const world = await createWorld(
      [{ logType: short }],
      's3://example-logs',
      account === null ? [] : [account],
    );
    const event = account === null ? {} : { account: account.name };
    const log = world.simulator.log(short.name, account?.name);
    const collect = () => world.coldStart(short)(event);
    await collect();
    log.addAll(records(15, ofDay));
    for (const text of records(25, { ...ofDay, startIndex: 1_000 }))
      log.add(text, { publishedAt: dayEnd + after });
    for (const moment of [dayEnd + after - hour, dayEnd + after + hour]) {
      world.clock.advance(moment - world.clock.now());
      await runUntilCaughtUp(world, collect);
    }
    return { s3, log, reconcilePass: () => world.coldReconcile(short)(event), ...world };
  }

  describe('a pass', () => {
    test.each([
      ['before', false],
      ['after', true],
    ])(
      'that is killed %s any of its writes is brought to its end by the next run',
      async (_, lastTakesEffect) => {
        for (let writes = 0; ; writes++) {
          const { s3, log, clock, reconcilePass, close } = await late();
          try {
            s3.failAfter(writes, { lastTakesEffect });
            const killed = await reconcilePass().then(
              () => false,
              () => true,
            );
            expect(s3.heal()).toBe(killed);
            clock.advance(15 * minute);
            expect(await reconcilePass()).toMatchObject({ outcome: 'caught-up', unreconciledDays: 0 });
            expect({ writes, ...reconcile(log.published(), s3.delivered()) }).toEqual({
              writes,
              published: 40,
              delivered: 40,
              lost: 0,
              doubled: 0,
            });
            if (!killed) {
              // What is missing, and the receipt: each is saved and put.
              expect(writes).toBeGreaterThanOrEqual(4);
              break;
            }
          } finally {
            await close();
            await s3.close();
          }
        }
      },
    );
  });
}
