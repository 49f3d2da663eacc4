import { afterEach, describe, expect, test } from '@jest/globals';
import { ResponseTooLargeError, UnexpectedResponseError } from '../src/errors';
import { alarms, badges } from './support/test-log';
import { createWorld, hour, minute, noon, second } from './support/world';

let world: Awaited<ReturnType<typeof createWorld>>;
afterEach(() => world.close());

/** Every published record is in the store, as often as it is in the log. */
function expectEachAsOften(): void {
  expect(world.store.records().sort()).toEqual(world.log.published().sort());
}

describe('a log of the time style', () => {
  const badge = (time: number, door = 'main') => `{"timestamp": ${time / second}, "door": "${door}"}`;
  const start = noon - hour;

  test('has equal records as often as Duo has them, also where the end of a page cuts through them', async () => {
    world = await createWorld({ logType: badges });
    for (let n = 0; n < 7; n++) world.log.add(badge(start + n * second));
    for (let n = 0; n < 8; n++) world.log.add(badge(start + minute, n < 6 ? 'main' : 'back'));
    expect((await world.run()).report).toMatchObject({ records: 15, pages: 2 });
    expectEachAsOften();
  });

  test('stops at a second that fills a page, says so, and stores nothing after it', async () => {
    world = await createWorld({ logType: badges });
    world.log.add(badge(start));
    for (let n = 0; n < 12; n++) world.log.add(badge(start + minute));
    world.log.add(badge(start + 2 * minute));
    for (let runs = 0; runs < 2; runs++) {
      const run = world.run();
      await expect(run).rejects.toThrow(UnexpectedResponseError);
      await expect(run).rejects.toThrow('10 records have the same second, 2026-03-01T11:01:00.000Z');
      expect(world.store.records().sort()).toEqual(world.log.published().slice(0, 10).sort());
    }
  });

  test('leaves what lies after the window to the next one, without a word', async () => {
    world = await createWorld({ logType: badges });
    const span = { since: start, until: start + minute };
    for (let n = 0; n < 3; n++) world.log.add(badge(start + n * 30 * second));
    const { outcome, report, messages } = await world.run({ backfill: span });
    expect({ outcome, records: report.records }).toEqual({ outcome: 'caught-up', records: 2 });
    expect(messages.filter((message) => message !== 'stored')).toEqual([]);
    await world.run();
    expect(world.store.records()).toHaveLength(2 + 3);
  });

  test('asks for a second once it is over, since Duo cuts off what comes after the second', async () => {
    world = await createWorld({ logType: badges });
    world.clock.advance(500);
    await world.run();
    world.log.add(badge(noon - 2 * minute));
    world.clock.advance(5 * minute);
    await world.run({ overlap: 0 });
    expectEachAsOften();
  });

  test('with a page that is too large fails: Duo cannot be asked for less', async () => {
    world = await createWorld({ logType: badges });
    const requests: unknown[] = [];
    const duo = {
      async get(...request: unknown[]) {
        requests.push(request);
        throw new ResponseTooLargeError('too large');
      },
    };
    await expect(world.run({ duo })).rejects.toThrow(ResponseTooLargeError);
    expect(requests).toHaveLength(1);
  });
});

describe('a log of the offset style', () => {
  const alarm = (n: number, time: number) => `{"alarm_id": "${n}", "at": ${time}, "state": "new"}`;

  test.each(['ascending', 'descending'] as const)(
    'is read whole although a late record moves the others while it is read (%s)',
    async (order) => {
      world = await createWorld({ logType: alarms, order });
      for (let n = 0; n < 35; n++) world.log.add(alarm(n, noon - hour + n * minute));
      world.log.add(alarm(100, noon - hour + 30), { publishedAt: noon + 30 * second });
      await world.run({ overlap: hour, maxPages: 2 });
      world.clock.advance(minute);
      await world.run({ overlap: hour });
      world.clock.advance(5 * minute);
      await world.run({ overlap: hour });
      expectEachAsOften();
    },
  );
});
