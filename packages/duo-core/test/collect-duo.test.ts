import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { simulatorCredentials } from 'duo-simulator';
import { createDuoClient, type DuoClient } from '../src/duo/duo-client';
import {
  BadRequestError,
  ClockError,
  ResponseTooLargeError,
  UnavailableError,
  UnexpectedResponseError,
} from '../src/errors';
import type { Onlooker, Pause } from '../src/onlooker';
import { memoryStore } from './support/memory-store';
import { visit } from './support/test-log';
import { createWorld, hour, minute, noon, second } from './support/world';

let world: Awaited<ReturnType<typeof createWorld>>;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

describe('when Duo', () => {
  const odd = (response: string) => ({ status: 200, body: `{"stat":"OK","response":${response}}` });

  test.each(['error', 'bad-gateway', 'reset', 'truncate', 'not-json'] as const)(
    'fails once (%s), the page is asked for again',
    async (fault) => {
      world.addRecords(12);
      world.simulator.fail(fault, { after: 1 });
      expect((await world.run()).outcome).toBe('caught-up');
      expect(world.clock.slept).toHaveLength(1);
      world.expectEachOnce();
    },
  );

  test('sends a record that is not JSON, the page is asked for again, and the one after it was not taken for it', async () => {
    world.addRecords(35);
    const items = `{"visit_id":"a",}, ${visit('b', noon - hour)}`;
    world.simulator.fail(odd(`{"items":[${items}],"metadata":{"next_offset":"1,a"}}`));
    const { messages } = await world.run();
    expect(messages[0]).toMatch(/is not JSON.*\? trying again in/);
    world.expectEachOnce();
  });

  test('shows another list behind the records that begins as they do, the cursor before it counts', async () => {
    world.addRecords(35);
    const items = `"items":[${world.log.published().slice(0, 10).join(',')}]`;
    const cursor = `"metadata":{"next_offset":"${noon - 12 * minute},id-0009"}`;
    const others = '"warnings":[{"code":7},{"visit_id":"q"}]';
    world.simulator.fail(odd(`{"metadata":{"next_offset":"1,a"},${items},${cursor},${others}}`));
    expect(await world.run()).toMatchObject({ outcome: 'caught-up', report: { records: 35, pages: 5 } });
    world.expectEachOnce();
  });

  test('keeps failing, the run fails with nothing moved', async () => {
    world.addRecords(12);
    world.simulator.fail('bad-gateway', { times: 5, after: 1 });
    await expect(world.run()).rejects.toThrow(UnavailableError);
    expect(world.store.records()).toHaveLength(10);
    await world.run();
    world.expectEachOnce();
  });

  test('throttles in the middle of a run, it waits at least a minute and goes on', async () => {
    world.addRecords(12);
    world.simulator.fail('throttle', { after: 1 });
    expect(await world.run()).toMatchObject({ outcome: 'caught-up', report: { throttles: 1 } });
    expect(world.clock.slept).toEqual([75 * second]);
    world.expectEachOnce();
  });

  test("throttles a run's first request, it waits a short time once, and then a minute", async () => {
    world.addRecords(12);
    world.simulator.fail('throttle', { times: 3 });
    expect(await world.run()).toMatchObject({ outcome: 'caught-up', report: { throttles: 3 } });
    expect(world.clock.slept).toEqual([12.5 * second, 75 * second, 75 * second]);
    world.expectEachOnce();
  });

  test('throttles after a failure of another kind, that was a request as well', async () => {
    world.addRecords(12);
    world.simulator.fail('error');
    world.simulator.fail('throttle');
    expect((await world.run()).outcome).toBe('caught-up');
    expect(world.clock.slept).toEqual([1 * second, 75 * second]);
    world.expectEachOnce();
  });

  test.each([
    [minute, 75 * second],
    [minute + 1, 12.5 * second],
  ])(
    'throttles a request that comes %d ms after the one before it, the run waits %d ms',
    async (apart, wait) => {
      world.addRecords(12);
      await world.run({ maxPages: 1 });
      world.clock.advance(apart);
      world.simulator.fail('throttle');
      expect((await world.run()).outcome).toBe('caught-up');
      expect(world.clock.slept).toEqual([wait]);
      world.expectEachOnce();
    },
  );

  test.each([
    ['7', 8 * second],
    ['0', 2 * second],
    ['Sun, 01 Mar 2026 12:00:30 GMT', 31 * second],
    ['soon', 75 * second],
  ])(
    'throttles and sends the Retry-After %j, the run waits that long and goes on',
    async (retryAfter, wait) => {
      world.addRecords(12);
      world.simulator.fail({ retryAfter }, { after: 1 });
      const { outcome, report, messages } = await world.run();
      expect({ outcome, throttles: report.throttles }).toEqual({ outcome: 'caught-up', throttles: 1 });
      expect(world.clock.slept).toEqual([wait]);
      expect(messages).toContainEqual(
        expect.stringMatching(`: 429 42901 Too Many Requests; trying again in ${wait / second} s$`),
      );
      world.expectEachOnce();
    },
  );

  test('throttles while somebody looks on, they are told of the wait, and the log is not', async () => {
    world.addRecords(25);
    world.simulator.fail({ retryAfter: '7' }, { after: 1 });
    const shares: (number | null)[] = [];
    const waits: [string, Pause][] = [];
    const onlooker: Onlooker = {
      page: ({ share }) => void shares.push(share),
      wait: ({ name }, pause) => void waits.push([name, pause]),
    };
    const { messages } = await world.run({ onlooker });
    expect(waits).toEqual([['ThrottledError', { wait: 8 * second, failed: 1, most: null }]]);
    expect(messages).not.toContainEqual(expect.stringContaining('trying again'));
    expect(shares).toEqual(shares.toSorted((one, other) => Number(one) - Number(other)));
    expect(shares[0]).toBeGreaterThan(0);
    expect(shares.at(-1)).toBe(1);
  });

  test('is read while somebody looks on who stops it, what has come is stored, and the next run goes on', async () => {
    world.addRecords(35);
    let pages = 0;
    const onlooker: Onlooker = {
      page() {
        pages += 1;
        if (pages === 3) throw new Error('stopped');
      },
      wait() {},
    };
    await expect(world.run({ onlooker })).rejects.toThrow('stopped');
    expect(world.store.records()).toHaveLength(20);
    await world.run();
    world.expectEachOnce();
  });

  test('throttles and asks to wait for longer than there is time, the run ends at once without an error', async () => {
    world.addRecords(25);
    world.simulator.fail({ retryAfter: '240' }, { after: 1 });
    expect(await world.run({ deadline: noon + 4 * minute })).toMatchObject({
      outcome: 'throttled',
      report: { records: 10, throttles: 1 },
      messages: expect.arrayContaining([expect.stringMatching(/; there is no time left to try again$/)]),
    });
    expect(world.clock.slept).toEqual([]);
    expect(world.simulator.requests).toHaveLength(2);
    await world.run();
    world.expectEachOnce();
  });

  test('throttles for more than a minute, the run goes on to what came in meanwhile', async () => {
    world.addRecords(12);
    world.log.add(visit('meanwhile', noon - minute));
    world.simulator.fail('throttle', { after: 2 });
    expect(await world.run()).toMatchObject({ outcome: 'caught-up', report: { records: 13 } });
    world.expectEachOnce();
  });

  test('throttles for longer than there is time, the run ends without an error and the next one goes on', async () => {
    world.addRecords(25);
    world.simulator.fail('throttle', { times: 3, after: 2 });
    expect(await world.run({ deadline: noon + 3 * minute })).toMatchObject({
      outcome: 'throttled',
      report: { records: 20 },
    });
    expect(world.checkpoint()).toMatchObject({ outbox: null, window: { pages: 2 } });
    await world.run();
    world.expectEachOnce();
  });

  test('no longer accepts the cursor of an earlier run, a new window is opened and nothing is read twice', async () => {
    world.addRecords(35);
    await world.run({ maxPages: 2 });
    world.clock.advance(5 * minute);
    world.simulator.fail({
      status: 400,
      body: {
        stat: 'FAIL',
        code: 40002,
        message: 'Invalid request parameters',
        message_detail: 'next_offset',
      },
    });
    expect(await world.run()).toMatchObject({ outcome: 'caught-up', report: { records: 15 } });
    world.expectEachOnce();
  });

  test("refuses a window that this run opened, the run fails with Duo's own reason", async () => {
    world.simulator.fail({
      status: 400,
      body: { stat: 'FAIL', code: 40002, message: 'Invalid request parameters', message_detail: 'limit' },
    });
    const failed = world.run();
    await expect(failed).rejects.toThrow(BadRequestError);
    await expect(failed).rejects.toThrow('400 40002 Invalid request parameters (limit)');
    expect(world.store.objects.size).toBe(0);
  });

  test('hands back the cursor that it was asked with, the run fails', async () => {
    world.addRecords(25);
    const page = odd(`{"items":[${visit('x', noon - hour)}],"metadata":{"next_offset":"1,x"}}`);
    world.simulator.fail(page, { times: 2 });
    await expect(world.run()).rejects.toThrow(UnexpectedResponseError);
  });

  test.each([
    ['a list', '[]'],
    ['no list of records', '{"metadata":{}}'],
    ['a list under another name', '{"events":[],"metadata":{}}'],
    ['no metadata', '{"items":[]}'],
    ['a cursor of another type', '{"items":[],"metadata":{"next_offset":{"ts":1}}}'],
  ])('answers with %s, the run fails with nothing written', async (_what, response) => {
    world.simulator.fail(odd(response));
    await expect(world.run()).rejects.toThrow(UnexpectedResponseError);
    expect(world.store.objects.size).toBe(0);
  });

  test('sends a record on two pages, it is stored once', async () => {
    const twice = visit('twice', noon - hour);
    world.simulator.fail(odd(`{"items":[${twice}],"metadata":{"next_offset":"1,a"}}`));
    world.simulator.fail(
      odd(`{"items":[${twice},${visit('b', noon - hour + 1)}],"metadata":{"next_offset":null}}`),
    );
    expect((await world.run()).report).toMatchObject({ records: 2, duplicates: 1 });
    expect(world.store.records()).toEqual([twice, visit('b', noon - hour + 1)]);
  });

  test('ignores the order, the watermark waits for the end of the window', async () => {
    const page = odd(
      `{"items":[${visit('b', noon - 3 * minute)},${visit('a', noon - hour)}],"metadata":{"next_offset":"1,a"}}`,
    );
    world.simulator.fail(page);
    await world.run({ maxPages: 1 });
    expect(world.checkpoint()).toMatchObject({ watermark: noon - 24 * hour, window: { cursor: '1,a' } });
  });

  test('sends a page that is too large, it is asked for in halves', async () => {
    world.addRecords(35);
    const duo = await tooLargeAbove(4);
    expect(await world.run({ duo })).toMatchObject({ outcome: 'caught-up', report: { records: 35 } });
    world.expectEachOnce();
    const limits = world.simulator.requests.map(({ params }) => Number(params.limit));
    expect(limits[0]).toBe(3);
    await expect(world.run({ duo: await tooLargeAbove(0), store: memoryStore() })).rejects.toThrow(
      ResponseTooLargeError,
    );
  });

  async function tooLargeAbove(most: number): Promise<DuoClient> {
    const client = createDuoClient({
      credentials: { source: '', get: async () => simulatorCredentials, renew() {} },
      clock: world.clock,
      apiUrl: world.apiUrl,
    });
    return {
      source: client.source,
      get: async (log, params, giveUpAt) => {
        if (Number(params.limit) > most) throw new ResponseTooLargeError('too large');
        return client.get(log, params, giveUpAt);
      },
    };
  }
});

describe('the clock', () => {
  test("being ahead of Duo's stops the run before a record is missed", async () => {
    world.addRecords(5);
    const ahead = { now: () => world.clock.now() + 3 * minute, sleep: world.clock.sleep };
    await expect(world.run({ clock: ahead })).rejects.toThrow(ClockError);
    expect(world.store.objects.size).toBe(0);
  });

  test('may be ahead as far as is tolerated: with the least overlap, no punctual record is missed', async () => {
    for (let n = 0; n < 600; n++) world.log.add(visit(`id-${n}`, noon - 3 * minute + n * second));
    const ahead = { now: () => world.clock.now() + 29 * second, sleep: world.clock.sleep };
    for (let runs = 0; runs < 15; runs++) {
      const deadline = ahead.now() + 4 * minute;
      await world.run({ clock: ahead, overlap: minute, deadline, cutoff: deadline + minute });
      world.clock.advance(minute);
    }
    world.expectEachOnce();
  });

  test('having jumped back stops the run', async () => {
    await world.run();
    world.clock.advance(-10 * minute);
    await expect(world.run()).rejects.toThrow(ClockError);
  });
});
