import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { simulatorCredentials } from 'duo-simulator';
import { disturbed } from './support/memory-store';
import { alarms, badges, visit, visits } from './support/test-log';
import { createWorld, hour, minute, noon, second } from './support/world';

const day = 24 * hour;
/** The day before the tests', which is closed as soon as the live log has caught up. */
const yesterday = '2026-02-28';
const midnight = Date.parse('2026-03-01');

let world: Awaited<ReturnType<typeof createWorld>>;
afterEach(() => world.close());

/** Some records of yesterday, of which the live log has stored all but the late ones. */
async function yesterdayWith({ punctual = 12, late = 3, logType = visits } = {}) {
  // Each page by itself, so that there are several objects.
  world = await createWorld({ logType, mostHeld: 1 });
  for (let n = 0; n < punctual; n++) world.log.add(visit(`on-time-${n}`, midnight - 10 * hour + n * minute));
  await world.run();
  for (let n = 0; n < late; n++)
    world.log.add(visit(`late-${n}`, midnight - 8 * hour + n * second), { publishedAt: noon + 5 * minute });
  world.clock.advance(hour);
  await world.runUntilCaughtUp();
}

const badge = (time: number, door = 'main') => `{"timestamp": ${time / 1000}, "door": "${door}"}`;

describe('a pass', () => {
  test('stores what Duo has published later than the overlap, and writes down what there is', async () => {
    await yesterdayWith();
    expect(world.store.records()).toHaveLength(12);
    const { receipt } = await world.pass(yesterday);
    world.expectEachOnce();
    expect(receipt).toEqual({
      version: 1,
      logType: 'visits',
      source: simulatorCredentials.apiHost,
      day: yesterday,
      at: world.clock.now(),
      shown: 15,
      stored: 15,
      repaired: 3,
      changed: 0,
      doubled: 0,
      astray: 0,
      deleted: 0,
    });
    expect(world.receipts()).toEqual([receipt]);
    expect(
      [...world.store.objects.keys()].filter((key) => key.startsWith('logs/visits/2026/02/28/')),
    ).toContainEqual(expect.stringContaining(`/${midnight - day - second}-${midnight - 1 + second}-000000-`));
  });

  test('that finds nothing missing stores nothing', async () => {
    await yesterdayWith({ late: 0 });
    const before = [...world.store.objects.keys()].filter((key) => key.startsWith('logs/'));
    expect((await world.pass(yesterday)).receipt).toMatchObject({ shown: 12, stored: 12, repaired: 0 });
    expect([...world.store.objects.keys()].filter((key) => key.startsWith('logs/'))).toEqual(before);
  });

  test('leaves to its neighbours what Duo shows of theirs', async () => {
    await yesterdayWith({ punctual: 0, late: 0 });
    for (const ms of [-1001, -1000, -1, 0, 999, 1000])
      for (const edge of [midnight - day, midnight])
        world.log.add(visit(`${edge}${ms}`, edge + ms), { publishedAt: world.clock.now() });
    for (const [of, count] of [
      ['2026-02-27', 3],
      [yesterday, 6],
    ] as const)
      expect((await world.pass(of)).receipt).toMatchObject({ shown: count, stored: count, repaired: count });
    expect((await world.pass('2026-03-01')).outcome).toEqual({ kind: 'open' });
  });

  // The puts: of what is new, of the state and of the receipt.
  test.each([0, 1, 2, 3].flatMap((n) => [[n, 'before'] as const, [n, 'after'] as const]))(
    'whose write %d fails %s it takes effect is made good by the next one',
    async (n, moment) => {
      await yesterdayWith();
      const denied = async () => {
        throw new Error('AccessDenied');
      };
      const store = disturbed(world.store, n, moment, denied);
      await expect(world.pass(yesterday, { store })).rejects.toThrow('AccessDenied');
      // Nothing is put before it is decided.
      const isPut = n > 1 || (n === 1 && moment === 'after');
      expect(world.store.records()).toHaveLength(isPut ? 15 : 12);
      await world.pass(yesterday);
      world.expectEachOnce();
      expect(world.receipts().at(-1)).toMatchObject({ shown: 15, stored: 15 });
    },
  );

  test('that is killed between its last page and its receipt counts each record once', async () => {
    world = await createWorld({ logType: badges });
    for (let n = 0; n < 15; n++) world.log.add(badge(midnight - 8 * hour + n * second));
    await world.run();
    world.log.add(badge(midnight - 7 * hour, 'late'), { publishedAt: noon + 5 * minute });
    world.clock.advance(hour);
    await world.runUntilCaughtUp();
    const killed = disturbed(world.store, 2, 'before', async () => {
      throw new Error('killed');
    });
    await expect(world.pass(yesterday, { store: killed })).rejects.toThrow('killed');
    expect((await world.pass(yesterday)).receipt).toMatchObject({ shown: 16, stored: 16, repaired: 1 });
  });

  test('beside another one of the same day stores nothing twice', async () => {
    await yesterdayWith({ late: 25 });
    const outcomes = await Promise.all([1, 2, 3].map(async () => (await world.pass(yesterday)).outcome.kind));
    expect(outcomes.filter((kind) => kind === 'done').length).toBeLessThanOrEqual(1);
    await world.pass(yesterday);
    world.expectEachOnce();
  });

  test('brings each of two equal late records without ids, published one after the other', async () => {
    world = await createWorld({ logType: badges });
    await world.run();
    world.clock.advance(hour);
    await world.runUntilCaughtUp();
    const record = badge(midnight - 8 * hour);
    for (const copies of [1, 2]) {
      world.log.add(record, { publishedAt: world.clock.now() });
      world.clock.advance(3 * minute);
      expect((await world.pass(yesterday)).receipt).toMatchObject({
        shown: copies,
        stored: copies,
        repaired: 1,
      });
    }
    world.expectEachOnce();
  });

  test('that is cut off after every two pages ends, with true counts', async () => {
    await yesterdayWith({ punctual: 40, late: 23 });
    let runs = 0;
    for (let kind = ''; kind !== 'done'; runs++) {
      kind = (await world.pass(yesterday, { maxPages: 2 })).outcome.kind;
      world.clock.advance(minute);
    }
    // Pages of 9, and an empty one.
    expect(runs).toBe(4);
    expect(world.receipts()).toMatchObject([{ shown: 63, stored: 63, repaired: 23, doubled: 0 }]);
    world.expectEachOnce();
  });

  test('counts once what Duo shows at the end of a page and at the beginning of the next one, also in another run', async () => {
    await yesterdayWith({ punctual: 4, late: 0 });
    const items = world.log.published().map((text): unknown => JSON.parse(text));
    const page = (from: number, to: number, next_offset: string | null) =>
      world.simulator.fail({
        status: 200,
        body: { stat: 'OK', response: { items: items.slice(from, to), metadata: { next_offset } } },
      });
    const cursor = `${midnight - 10 * hour + 2 * minute},on-time-2`;
    page(0, 3, cursor);
    expect((await world.pass(yesterday, { maxPages: 1 })).outcome.kind).toBe('more');
    page(2, 4, null);
    const { receipt } = await world.pass(yesterday);
    // As another program prints them, all texts are others.
    expect(receipt).toMatchObject({ shown: 4, changed: 4 });
    page(0, 3, cursor);
    page(2, 4, null);
    expect((await world.pass(yesterday)).receipt).toMatchObject({ shown: 4, changed: 4 });
  });

  test('of a log in seconds takes the last second of a page from the next one, which has it whole', async () => {
    world = await createWorld({ logType: badges });
    const at = midnight - 8 * hour;
    for (let n = 0; n < 9; n++) world.log.add(badge(at - minute, `door-${n}`));
    // The page ends between the two: the late one must not be taken for the other with another text.
    world.log.add(badge(at, 'late'), { publishedAt: noon + minute });
    world.log.add(badge(at, 'on time'));
    await world.run();
    world.clock.advance(hour);
    await world.runUntilCaughtUp();
    expect((await world.pass(yesterday)).receipt).toMatchObject({
      shown: 11,
      stored: 11,
      repaired: 1,
      changed: 0,
    });
    world.expectEachOnce();
  });

  test('of a log that is not sorted begins anew in each run', async () => {
    world = await createWorld({ logType: alarms });
    for (let n = 0; n < 20; n++)
      world.log.add(`{"alarm_id": "a-${n}", "at": ${midnight - 10 * hour + n * minute}, "state": "new"}`);
    await world.run();
    world.clock.advance(4 * hour);
    await world.run();
    await world.pass(yesterday, { maxPages: 1 });
    const before = world.simulator.requests.length;
    expect((await world.pass(yesterday)).receipt).toMatchObject({ shown: 20, stored: 20 });
    expect(world.simulator.requests.slice(before)[0]?.params.offset).toBeUndefined();
  });

  test('that is cut off after it has stored something does not store that again, should a SIEM have deleted it by then', async () => {
    await yesterdayWith({ punctual: 0, late: 12 });
    expect((await world.pass(yesterday, { maxPages: 1 })).outcome.kind).toBe('more');
    const stored = world.store.records();
    expect(stored).toHaveLength(9);
    for (const key of world.store.objects.keys())
      if (key.startsWith('logs/')) world.store.objects.delete(key);
    expect((await world.pass(yesterday)).receipt).toMatchObject({ stored: 0, deleted: 9 });
    expect(world.store.records()).toEqual([]);
  });

  test('is of one account, also after credentials were fetched anew', async () => {
    await yesterdayWith();
    const duo = {
      ...world.duo,
      get: async (...request: Parameters<typeof world.duo.get>) => ({
        ...(await world.duo.get(...request)),
        source: 'api-other000.duosecurity.com',
      }),
    };
    const before = new Map(world.store.objects);
    await expect(world.pass(yesterday, { duo })).rejects.toThrow('the credentials belong to api-other000');
    expect(world.store.objects).toEqual(before);
  });

  test('that was begun before it became due is begun anew', async () => {
    await yesterdayWith({ punctual: 40, late: 0 });
    await world.pass(yesterday, { maxPages: 2 });
    world.log.add(visit('later', midnight - 10 * hour), { publishedAt: world.clock.now() });
    world.clock.advance(3 * minute);
    await world.pass(yesterday, {}, { due: world.clock.now() });
    expect(world.receipts()).toMatchObject([{ shown: 41, stored: 41, repaired: 1 }]);
  });

  test('whose cursor Duo no longer takes is begun anew', async () => {
    await yesterdayWith({ punctual: 40 });
    await world.pass(yesterday, { maxPages: 2 });
    world.simulator.fail({ status: 400, body: { stat: 'FAIL', code: 40002, message: 'Invalid' } });
    expect((await world.pass(yesterday)).outcome).toEqual({ kind: 'more' });
    expect((await world.pass(yesterday)).receipt).toMatchObject({ shown: 43, stored: 43, repaired: 3 });
  });

  test.each(['throttle', { retryAfter: '1' }] as const)(
    'ends at the first 429 (%j), for the live log comes first',
    async (fault) => {
      await yesterdayWith();
      world.simulator.fail(fault);
      expect((await world.pass(yesterday)).outcome).toEqual({ kind: 'throttled' });
      expect((await world.pass(yesterday)).receipt).toMatchObject({ repaired: 3 });
      expect(world.clock.slept.filter((ms) => ms > second)).toEqual([]);
    },
  );

  test('asks with other pages than the live log', async () => {
    await yesterdayWith();
    const before = world.simulator.requests.length;
    await world.pass(yesterday);
    expect(world.simulator.requests.slice(before).map(({ params }) => params.limit)).toEqual(['9', '9', '9']);
  });

  test('that is dry says what there is, also of a day that is still open, and writes nothing', async () => {
    await yesterdayWith();
    const before = new Map(world.store.objects);
    const found: string[] = [];
    const dry = { dry: true, onFound: (standing: string) => void found.push(standing) };
    expect((await world.pass(yesterday, {}, dry)).receipt).toMatchObject({ shown: 15, stored: 12 });
    expect(found).toEqual(['missing', 'missing', 'missing']);
    world.log.add(visit('of today', midnight + hour), { publishedAt: world.clock.now() });
    world.clock.advance(3 * minute);
    expect((await world.pass('2026-03-01', {}, dry)).receipt).toMatchObject({ shown: 1, stored: 0 });
    expect(world.store.objects).toEqual(before);
  });
});

describe('of a day that is still open, a dry pass', () => {
  test('says nothing of deleted records: the log has counted more of that day than is settled', async () => {
    world = await createWorld();
    for (let n = 0; n < 20; n++) world.log.add(visit(`v-${n}`, noon - 70 * minute + n * 3 * minute));
    await world.run();
    world.clock.advance(10 * minute);
    world.log.add(visit('at last', noon + 8 * minute));
    await world.runUntilCaughtUp();
    const { receipt } = await world.pass('2026-03-01', {}, { dry: true });
    expect(receipt).toMatchObject({ shown: 20, stored: 20, deleted: 0 });
  });
});

describe('what is stored', () => {
  test('in the outbox of the live log counts, and is put first: a checkpoint may be lost with its outbox', async () => {
    world = await createWorld();
    for (let n = 0; n < 8; n++) world.log.add(visit(`v-${n}`, midnight - 4 * hour + n * hour));
    const killed = disturbed(world.store, 1, 'before', async () => {
      throw new Error('killed');
    });
    await expect(world.run({ store: killed })).rejects.toThrow('killed');
    expect(world.store.records()).toEqual([]);
    expect((await world.pass(yesterday, {}, { dry: true })).receipt).toMatchObject({ shown: 4, stored: 4 });
    expect(world.store.records()).toEqual([]);
    expect((await world.pass(yesterday)).receipt).toMatchObject({ shown: 4, stored: 4, repaired: 0 });
    world.expectEachOnce();
    await world.run();
    world.expectEachOnce();
  });

  test('under another text, by its id, has changed and is not stored again', async () => {
    await yesterdayWith({ late: 0 });
    const texts = world.log.published();
    const answer = (changed: number) => ({
      status: 200,
      body: {
        stat: 'OK',
        response: {
          items: texts.map((text, n) => ({ ...JSON.parse(text), ...(n < changed && { added: true }) })),
          metadata: {},
        },
      },
    });
    world.simulator.fail(answer(2));
    const { receipt } = await world.pass(yesterday);
    // As another program prints them, all texts are others.
    expect(receipt).toMatchObject({ shown: 12, stored: 12, repaired: 0, changed: 12 });
    world.simulator.fail(answer(2));
    expect((await world.pass(yesterday, {}, { again: true })).receipt).toMatchObject({
      repaired: 12,
      changed: 0,
    });
  });

  test('more often than Duo shows it is doubled, and said so', async () => {
    await yesterdayWith({ late: 0 });
    const [key = '', body = new Uint8Array()] =
      [...world.store.objects].find(([one]) => one.startsWith('logs/visits/2026/02/28/')) ?? [];
    world.store.objects.set(key.replace(/-000000-/, '-000009-'), body);
    const { receipt, messages } = await world.pass(yesterday);
    expect(receipt).toMatchObject({ shown: 12, stored: 22, doubled: 10 });
    expect(messages).toContain(`${yesterday}: 10 records are stored more often than Duo shows them`);
  });

  test('and was deleted is not missing: nothing is stored, and that is said', async () => {
    await yesterdayWith();
    const [key = ''] = [...world.store.objects.keys()].filter((one) => one.startsWith('logs/'));
    world.store.objects.delete(key);
    const { receipt, messages } = await world.pass(yesterday);
    expect(receipt).toMatchObject({ shown: 15, stored: 2, repaired: 0, deleted: 10 });
    expect(messages.join('\n')).toContain(
      '10 records that were stored once are gone (2 are there, Duo shows 15). Nothing of this day is stored',
    );
    const again = await world.pass(yesterday, {}, { again: true });
    expect(again.receipt).toMatchObject({ shown: 15, stored: 15, repaired: 13, deleted: 0 });
    world.expectEachOnce();
    // From now on, what is there now is what there has to be.
    world.clock.advance(minute);
    expect((await world.pass(yesterday)).receipt).toMatchObject({ stored: 15, repaired: 0, deleted: 0 });
  });

  test('and was deleted after it had been brought is not missing either', async () => {
    await yesterdayWith({ punctual: 0 });
    await world.pass(yesterday);
    for (const key of world.store.objects.keys())
      if (key.startsWith('logs/')) world.store.objects.delete(key);
    expect((await world.pass(yesterday)).receipt).toMatchObject({ stored: 0, repaired: 0, deleted: 3 });
  });

  test('of a window that is weeks long is read in part where the counts agree, and else as a whole', async () => {
    world = await createWorld({ mostHeld: 1 });
    for (let n = 0; n < 300; n++)
      world.log.add(visit(`v-${String(n).padStart(3, '0')}`, noon - 20 * day + n * 90 * minute));
    await world.run({ lookback: 21 * day });
    world.clock.advance(hour);
    await world.runUntilCaughtUp();
    const read: string[] = [];
    const store = {
      ...world.store,
      get(key: string) {
        read.push(key);
        return world.store.get(key);
      },
    };
    expect((await world.pass('2026-02-20', { store })).receipt).toMatchObject({ shown: 16, stored: 16 });
    expect(read.filter((key) => key.startsWith('logs/')).length).toBeLessThan(5);
    read.length = 0;
    world.log.add(visit('late', noon - 9 * day), { publishedAt: world.clock.now() });
    world.clock.advance(3 * minute);
    expect((await world.pass('2026-02-20', { store })).receipt).toMatchObject({ shown: 17, repaired: 1 });
    expect(read.filter((key) => key.startsWith('logs/')).length).toBeGreaterThan(25);
  });

  test('and is dated in another day than it was shown in does not count for that day', async () => {
    world = await createWorld();
    world.log.add(visit('elsewhere', midnight - 3 * day), { filedAt: midnight - hour });
    await world.run();
    world.clock.advance(hour);
    await world.runUntilCaughtUp();
    expect(world.store.records()).toHaveLength(1);
    expect((await world.pass('2026-02-26')).receipt).toMatchObject({ shown: 0, stored: 0, deleted: 0 });
    expect((await world.pass(yesterday)).receipt).toMatchObject({ shown: 0, stored: 0, astray: 0 });
  });

  test('without a time of the day is astray where it is not stored, and is stored when asked for', async () => {
    await yesterdayWith({ late: 0 });
    const soon = visit('astray', midnight - 9 * hour).replace(/"ts": "[^"]*"/, '"ts": "soon"');
    world.log.add(soon, { filedAt: midnight - 9 * hour, publishedAt: world.clock.now() });
    world.clock.advance(3 * minute);
    const { receipt, messages } = await world.pass(yesterday);
    expect(receipt).toMatchObject({ shown: 12, stored: 12, repaired: 0, astray: 1 });
    expect(messages.join('\n')).toContain(
      'Duo shows 1 records without a time of this day that are not stored',
    );
    expect((await world.pass(yesterday, {}, { again: true })).receipt).toMatchObject({
      repaired: 1,
      astray: 0,
    });
    world.clock.advance(minute);
    expect((await world.pass(yesterday)).receipt).toMatchObject({ repaired: 0, astray: 0 });
    world.expectEachOnce();
  });
});

describe('bad input is one clear error, and nothing moves', () => {
  const expectNothingMoved = async (running: Promise<unknown>, message: string) => {
    const before = new Map(world.store.objects);
    await expect(running).rejects.toThrow(message);
    expect(world.store.objects).toEqual(before);
  };
  const stateKey = `state/visits/days/${yesterday}.json`;

  test.each([
    [
      'cut off',
      '{"version":1',
      "the day's state is not JSON, or cut off. Nothing was changed. Remove this object",
    ],
    [
      'of a newer collector',
      '{"version":2}',
      "the day's state has version 2, and this collector reads version 1",
    ],
    ['of another log', '{"version":1,"logType":"doors"}', 'is of the log type "doors", not "visits"'],
  ])("a day's state that is %s", async (_what, body, message) => {
    await yesterdayWith();
    world.store.objects.set(stateKey, Buffer.from(body));
    await expectNothingMoved(world.pass(yesterday), message);
  });

  test('a state of another day, and of another account', async () => {
    await yesterdayWith();
    await world.pass(yesterday);
    const state = Buffer.from(world.store.objects.get(stateKey) ?? '').toString();
    world.store.objects.set('state/visits/days/2026-02-27.json', Buffer.from(state));
    await expectNothingMoved(world.pass('2026-02-27'), 'this state belongs to another day, 2026-02-28');
    world.store.objects.set(
      stateKey,
      Buffer.from(state.replaceAll(simulatorCredentials.apiHost, 'api-other000.duosecurity.com')),
    );
    await expectNothingMoved(
      world.pass(yesterday),
      'this day was reconciled with api-other000.duosecurity.com',
    );
  });

  test('a receipt that is damaged', async () => {
    await yesterdayWith();
    world.store.objects.set('receipts/visits/2026/02/28/1.json', Buffer.from('{"stored":'));
    await expectNothingMoved(
      world.pass(yesterday),
      'receipts/visits/2026/02/28/1.json: the receipt is damaged',
    );
  });

  test('an object that is damaged', async () => {
    await yesterdayWith();
    const key = [...world.store.objects.keys()].find((one) => one.startsWith('logs/')) ?? '';
    world.store.objects.set(key, Buffer.from(world.store.objects.get(key) ?? '').subarray(0, 40));
    await expectNothingMoved(world.pass(yesterday), `${key}: it is cut off: its gzip has no end`);
  });

  test('an object with a line that is no JSON, which is not quoted', async () => {
    await yesterdayWith();
    const key = [...world.store.objects.keys()].find((one) => one.startsWith('logs/')) ?? '';
    world.store.objects.set(key, gzipSync('+15555550100\n'));
    await expectNothingMoved(world.pass(yesterday), `${key}: it is damaged: one of its lines is not JSON`);
    await expect(world.pass(yesterday)).rejects.not.toThrow('5555');
  });

  test('a day in which the live log will begin, where it has not begun yet', async () => {
    world = await createWorld();
    expect((await world.pass(yesterday)).outcome).toEqual({ kind: 'open' });
    expect((await world.pass('2026-02-27')).outcome).toMatchObject({ kind: 'done' });
  });

  test('a day that is not closed, and one that Duo no longer has', async () => {
    await yesterdayWith();
    const before = new Map(world.store.objects);
    expect((await world.pass('2026-03-01')).outcome).toEqual({ kind: 'open' });
    expect((await world.pass('2026-03-02')).outcome).toEqual({ kind: 'open' });
    expect((await world.pass('2025-09-02')).outcome).toEqual({ kind: 'past' });
    expect(world.store.objects).toEqual(before);
  });
});
