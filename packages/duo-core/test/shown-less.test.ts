import { afterEach, describe, expect, test } from '@jest/globals';
import type { LogType } from '../src/log-type';
import { page } from './support/answers';
import { alarms, visit, visits } from './support/test-log';
import { createWorld, hour, minute, noon, second } from './support/world';

/*
 * Answers that show less than there is: what Duo has said and shown before counts, and the log neither skips the rest nor waits
 * for it for ever.
 */

let world: Awaited<ReturnType<typeof createWorld>>;
afterEach(() => world.close());

const open = async (logType: LogType = visits) => {
  world = await createWorld({ logType });
};

function answers(...bodies: string[]): void {
  for (const body of bodies) world.simulator.fail({ status: 200, body });
}

const alarm = (id: string, time: number) => `{"alarm_id": "${id}", "at": ${time}, "state": "new"}`;
const backlog = (count: number) =>
  Array.from({ length: count }, (_, n) => visit(`id-${n}`, noon - 20 * hour + n * minute));

describe('an answer that shows less than there is', () => {
  test.each([
    ['total_objects 0', page([], null, 0)],
    ['no total_objects', page([], null)],
  ])('an empty page with %s does not end a window of which an earlier page said 90', async (_what, body) => {
    await open();
    const records = backlog(90);
    for (const record of records) world.log.add(record);
    world.simulator.fail({ status: 200, body }, { after: 3 });
    await world.run();
    await world.runUntilCaughtUp();
    world.expectEachOnce();
  });

  test.each([0, 1])(
    'a page that begins with the last record of the one before it does not make up for one that was not shown (a run of %d pages)',
    async (maxPages) => {
      await open();
      const records = backlog(7);
      for (const record of records) world.log.add(record);
      const [first, second] = [records.slice(0, 3), records.slice(2, 6)];
      answers(page(first, '1,a', 7), page(second, '2,b', 7), page([], null, 7));
      for (let runs = 0; runs < 4; runs++) await world.run({ maxPages });
      await world.runUntilCaughtUp();
      world.expectEachOnce();
    },
  );

  test('what the first answer has shown is not thrown away for a second one that shows less', async () => {
    await open();
    const records = backlog(3);
    answers(page(records, null, 5), page([], null, 0));
    await world.run();
    expect(world.store.records()).toEqual(records);
  });

  test('a record of the last page that is dated late does not hide that the window ended early', async () => {
    await open();
    for (const record of backlog(90)) world.log.add(record);
    const odd = visit('odd', noon - 3 * minute);
    const body = page([...backlog(19).slice(10), odd], null, 91);
    world.simulator.fail({ status: 200, body }, { after: 1 });
    await world.run();
    await world.runUntilCaughtUp();
    expect(world.store.records().sort()).toEqual([...world.log.published(), odd].sort());
  });

  test('an answer that shows less than it says costs nothing, although the overlap is lowered afterwards', async () => {
    await open();
    await world.run({ lookback: 30 * minute });
    const record = visit('late', noon - 4 * minute);
    world.log.add(record, { publishedAt: noon + second });
    world.clock.advance(3 * minute + 1);
    answers(page([], null, 1));
    await world.run({ overlap: 15 * minute });
    world.clock.advance(5 * minute);
    await world.run({ overlap: 5 * minute });
    expect(world.store.records()).toEqual([record]);
  });
});

describe('a log of the offset style', () => {
  test('ends where a position shows nothing, although next_offset leads on for ever', async () => {
    await open(alarms);
    const record = alarm('a', noon - hour);
    const duo = {
      ...world.duo,
      async get(...request: Parameters<typeof world.duo.get>) {
        const answer = await world.duo.get(...request);
        const offset = Number(request[1].offset ?? 0);
        const around = { events: [], metadata: { next_offset: offset + 10, total_objects: 1 } };
        return {
          ...answer,
          likely: undefined,
          read: <T>(read: (value: unknown, text: string) => T) => ({
            records: offset === 0 ? [read(JSON.parse(record), record)] : [],
            response: around,
          }),
        };
      },
    };
    const outcomes: string[] = [];
    for (let runs = 0; runs < 20; runs++) {
      outcomes.push((await world.run({ duo, overlap: hour })).outcome);
      world.clock.advance(5 * minute);
    }
    expect(outcomes).toContain('caught-up');
  });
});
