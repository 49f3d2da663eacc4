import { describe, expect, test } from '@jest/globals';
import { fakeClock } from 'duo-simulator';
import { withRetries } from '../src/duo/retry';
import { BadRequestError, ThrottledError, UnauthorizedError, UnavailableError } from '../src/errors';

/** Attempts that fail in the given ways and then succeed; tells what happened meanwhile. */
async function attempts(
  failures: Error[],
  { deadline = Number.POSITIVE_INFINITY, random = 0.5, waitsWhenThrottled = true } = {},
) {
  const clock = fakeClock(0);
  let renewals = 0;
  const told: string[] = [];
  let made = 0;
  const result = await withRetries(
    async () => {
      const failure = failures[made++];
      if (failure !== undefined) throw failure;
      return 'done';
    },
    {
      clock,
      random: () => random,
      deadline,
      waitsWhenThrottled,
      renewCredentials: async () => void renewals++,
      onRetry: ({ message }, { wait, failed, most }) =>
        void told.push(`${message} ${wait} ${failed} of ${most}`),
    },
  ).catch((error: Error) => error);
  return { result, made, waits: clock.slept, renewals, told };
}

const times = (n: number, error: Error) => Array.from({ length: n }, () => error);

describe('what is tried again', () => {
  test('Duo not being there: four more times, with full jitter that grows to 20 s', async () => {
    const error = new UnavailableError('502');
    expect(await attempts(times(4, error), { random: 0.999 })).toMatchObject({
      result: 'done',
      waits: [1998, 3996, 7992, 15984],
    });
    expect(await attempts(times(9, error))).toMatchObject({ result: error, made: 5 });
    expect((await attempts(times(1, error), { random: 0 })).waits).toEqual([0]);
  });

  const minute = 60_000;
  const never = Number.POSITIVE_INFINITY;

  test('429: after what Duo asks for and a little more, however often', async () => {
    const asks = [0, 400, 1_000, 7_000, 120_000].map((asked) => new ThrottledError('429', asked, never));
    expect((await attempts(asks, { random: 0 })).waits).toEqual([1_000, 1_000, 1_000, 7_000, 120_000]);
    expect((await attempts(asks, { random: 0.5 })).waits).toEqual([2_000, 2_000, 2_000, 8_000, 121_000]);
  });

  test('429: no more, where Duo asks for longer than there is time', async () => {
    const deadline = 100_000;
    const error = new ThrottledError('429', deadline, never);
    expect(await attempts([error], { deadline })).toMatchObject({
      result: error,
      made: 1,
      waits: [],
      told: [],
    });
    const endless = new ThrottledError('429', never, never);
    expect(await attempts([endless], { deadline })).toMatchObject({ result: endless, made: 1, waits: [] });
  });

  test('429: sooner where this client had asked nothing for a minute, and the second in a row after a minute', async () => {
    const alone = new ThrottledError('429', undefined, never);
    expect(await attempts([alone], { random: 0 })).toMatchObject({ result: 'done', waits: [10_000] });
    expect(await attempts([alone], { random: 0.999 })).toMatchObject({ waits: [14_995] });
    const idle = new ThrottledError('429', undefined, minute + 1);
    expect((await attempts(times(3, idle), { random: 0 })).waits).toEqual([10_000, minute, minute]);
    const busy = new ThrottledError('429', undefined, minute);
    expect((await attempts([busy], { random: 0 })).waits).toEqual([minute]);
  });

  test('429: after a minute where Duo has asked for less before, and does not say any more', async () => {
    const asks = [new ThrottledError('429', 5_000, never), new ThrottledError('429', undefined, never)];
    expect((await attempts(asks, { random: 0 })).waits).toEqual([5_000, minute]);
  });

  test('429: else after a minute or more, as long as there is time', async () => {
    const error = new ThrottledError('429');
    expect(await attempts(times(3, error), { random: 0 })).toMatchObject({
      result: 'done',
      waits: [60_000, 60_000, 60_000],
      told: ['429 60000 1 of null', '429 60000 2 of null', '429 60000 3 of null'],
    });
    expect(await attempts(times(9, error), { deadline: 200_000 })).toMatchObject({
      result: error,
      waits: [75_000, 75_000],
      told: ['429 75000 1 of null', '429 75000 2 of null'],
    });
  });

  test('401: once, at once, with credentials that are fetched anew', async () => {
    const error = new UnauthorizedError('401');
    expect(await attempts([error])).toMatchObject({ result: 'done', renewals: 1 });
    expect(await attempts([error, error])).toMatchObject({ result: error, made: 2, renewals: 1 });
  });

  test('no 429 where the live log comes first', async () => {
    const error = new ThrottledError('429');
    expect(await attempts([error], { waitsWhenThrottled: false })).toMatchObject({
      result: error,
      made: 1,
      waits: [],
    });
  });

  test('nothing after the deadline', async () => {
    const error = new UnavailableError('502');
    expect(await attempts([error], { deadline: 999 })).toMatchObject({ result: error, made: 1, waits: [] });
  });

  test('nothing else: a refusal or a fault of the program fails at once', async () => {
    for (const error of [new BadRequestError('400'), new TypeError('a bug')]) {
      expect(await attempts([error])).toMatchObject({ result: error, made: 1, waits: [] });
    }
  });
});
