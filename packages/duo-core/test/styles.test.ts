import { afterEach, describe, expect, test } from '@jest/globals';
import { ResponseTooLargeError, UnexpectedResponseError } from '../src/errors';
import { alarms, badges } from './support/test-log';
import { createWorld, hour, minute, noon, second } from './support/world';

let world: Awaited<ReturnType<typeof createWorld>>;
afterEach(() => world.close());

const start = noon - hour;

/** Every published record is in the store, as often as it is in the log. */
function expectEachAsOften(): void {
  expect(world.store.records().sort()).toEqual(world.log.published().sort());
}

describe('a log of the time style', () => {
  const badge = (time: number, door = 'main') => `{"timestamp": ${time / second}, "door": "${door}"}`;

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
    world.clock.advance(500);
    for (let n = 0; n < 3; n++) world.log.add(badge(noon - 2 * minute - n * 30 * second));
    const { outcome, report, messages } = await world.run();
    expect({ outcome, records: report.records }).toEqual({ outcome: 'caught-up', records: 2 });
    expect(messages.filter((message) => message !== 'stored')).toEqual([]);
    world.clock.advance(5 * minute);
    await world.run();
    expect(world.store.records()).toHaveLength(3);
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

  test('has an equal late record although the window was refused and opened again', async () => {
    world = await createWorld({ logType: badges });
    world.log.add(badge(noon - 5 * minute));
    world.log.add(badge(noon - 5 * minute), { publishedAt: noon + 30 * second });
    await world.run({ maxPages: 1 });
    world.clock.advance(minute);
    world.simulator.fail({ status: 400, body: { stat: 'FAIL', code: 40002, message: 'Invalid' } });
    await world.run();
    expectEachAsOften();
  });

  test('is stored and counted as drift, not skipped as still to come, when its seconds become milliseconds', async () => {
    world = await createWorld({ logType: badges });
    world.log.add(badge(start));
    const changed = `{"timestamp": ${start}, "door": "main"}`;
    world.simulator.fail({ status: 200, body: `{"stat":"OK","response":[${badge(start)},${changed}]}` });
    expect((await world.run()).report).toMatchObject({ records: 2, drifted: 1 });
    expect(world.store.records()).toEqual([badge(start), changed]);
  });

  test('with a page that is too large fails: Duo cannot be asked for less', async () => {
    world = await createWorld({ logType: badges });
    const requests: unknown[] = [];
    const duo = {
      source: world.duo.source,
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

  test('goes on after a pause that is longer than Duo keeps records, and says what is missing', async () => {
    world = await createWorld({ logType: alarms });
    await world.run({ overlap: hour });
    world.clock.advance(190 * 24 * hour);
    world.log.add(alarm(1, world.clock.now() - hour));
    // A window of this style is short: it takes many to catch up, all in one run.
    const { outcome, report } = await world.run({ overlap: 24 * hour });
    expect({ outcome, gaps: report.gaps }).toEqual({ outcome: 'caught-up', gaps: 1 });
    expectEachAsOften();
  });

  test('that leads back to records which were read stops the run instead of going round', async () => {
    world = await createWorld({ logType: alarms });
    for (const next_offset of [0, 10, 'on']) {
      world.simulator.fail(
        {
          status: 200,
          body: {
            stat: 'OK',
            response: { events: [JSON.parse(alarm(1, start))], metadata: { next_offset } },
          },
        },
        { times: 2 },
      );
      await expect(world.run()).rejects.toThrow(/next_offset .* leads back/);
    }
  });

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
