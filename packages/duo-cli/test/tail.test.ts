import { afterEach, expect, test } from '@jest/globals';
import { fakeClock } from 'duo-simulator';
import { noon } from './support/operator';
import { createStage } from './support/stage';

const hour = 3_600_000;
const day = 24 * hour;
let stage: Awaited<ReturnType<typeof createStage>>;
afterEach(() => stage.close());

/** Tails the store; at each look for new objects `story` goes on, and when it has been told, Ctrl-C is pressed. */
async function tail(flags: string, story: (() => Promise<unknown>)[] = []) {
  let stop = () => {};
  const waiting = fakeClock(noon);
  const clock = {
    now: stage.clock.now,
    async sleep(ms: number, signal?: AbortSignal) {
      expect(ms).toBe(10_000);
      const next = story.shift();
      if (next === undefined) stop();
      await next?.();
      if (signal?.aborted) await waiting.sleep(ms, signal);
    },
  };
  const { exitCode, out, err } = await stage.duo(
    `tail ${stage.logType.name} --store s3://logs-of-prod ${flags}`.trim(),
    {
      clock,
      onInterrupt(then) {
        stop = then;
      },
    },
  );
  return { exitCode, err, lines: out.split('\n').slice(0, -1) };
}

const hidden = (text: string) => text.replace(/\+\d+/g, '+*');

test('the newest records come first, then those that land, once, until Ctrl-C', async () => {
  stage = await createStage();
  stage.add(300, noon - 20 * hour, noon + 5 * hour);
  await stage.collect({});
  const before = stage.delivered();
  const { exitCode, err, lines } = await tail('--lines 3 --raw', [
    async () => {},
    async () => {
      stage.clock.advance(hour);
      await stage.collect({});
    },
    async () => {
      stage.clock.advance(hour);
      await stage.collect({});
    },
  ]);
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  const landed = stage.delivered().slice(before.length);
  expect(landed.length).toBeGreaterThan(10);
  expect(lines).toEqual([...before.slice(-3), ...landed]);
});

test('phone numbers are hidden unless they are asked for', async () => {
  stage = await createStage();
  stage.add(20, noon - 20 * hour, noon - hour);
  await stage.collect({});
  const { lines } = await tail('--json');
  expect(lines).toHaveLength(10);
  expect(lines.join('\n')).not.toMatch(/\+\d{3}/);
  const raw = await tail('--raw');
  expect(raw.lines).toEqual(stage.delivered().slice(-10));
  expect(raw.lines.map(hidden)).not.toEqual(raw.lines);
});

test('the newest records are not those that were stored last', async () => {
  stage = await createStage('telephony', { LOOKBACK_HOURS: '2' });
  stage.add(300, noon - 20 * hour, noon + hour);
  await stage.collect({});
  stage.clock.advance(hour);
  await stage.collect({});
  const newest = stage.delivered().slice(-10);
  const { exitCode } = await stage.duo(
    'backfill telephony --store s3://logs-of-prod --local --from 2026-02-28 --to 2026-02-28',
  );
  expect(exitCode).toBe(0);
  for (const [n, [key]] of [...stage.aws.objects].entries()) stage.aws.putAt.set(key, noon + n);
  expect((await tail('--raw')).lines).toEqual(newest);
});

test('where little was logged, older records come first, and as many as were asked for', async () => {
  stage = await createStage('telephony', { LOOKBACK_HOURS: '2400' });
  stage.add(40, noon - 90 * day, noon - 60 * day);
  await stage.collect({});
  stage.add(2, noon, noon + hour, { startIndex: 50 });
  stage.clock.advance(2 * hour);
  await stage.collect({});
  expect((await tail('--lines 7 --raw')).lines).toEqual(stage.delivered().slice(-7));
  expect((await tail('--lines 0')).lines).toEqual([]);
});

test('a backlog of days is printed as it lands, and so is the object that waited in the checkpoint', async () => {
  stage = await createStage('telephony', { LOOKBACK_HOURS: '480', MAX_PAGES: '1' });
  stage.add(4000, noon - 19 * day, noon);
  await stage.collect({});
  // The run was killed between its save and its put.
  const [key = '', body = ''] = [...stage.aws.objects].find(([name]) => name.includes('/logs/')) ?? [];
  const state = JSON.parse(stage.aws.objects.get('logs-of-prod/state/telephony.json') ?? '');
  stage.aws.objects.delete(key);
  const outbox = {
    key: key.replace('logs-of-prod/', ''),
    body: Buffer.from(body, 'latin1').toString('base64'),
  };
  stage.aws.objects.set('logs-of-prod/state/telephony.json', JSON.stringify({ ...state, outbox }));
  const { lines } = await tail('--raw', [() => stage.collect({}), () => stage.collect({})]);
  expect(lines).toHaveLength(3000);
  expect(lines.toSorted()).toEqual(stage.delivered().toSorted());
});

test('before anything is stored, it says so and waits', async () => {
  stage = await createStage();
  stage.add(5, noon - hour, noon - hour / 2);
  expect(await tail('--raw', [() => stage.collect({})])).toEqual({
    exitCode: 0,
    err: 's3://logs-of-prod has nothing of telephony yet: waiting. Is it the right store?\n',
    lines: expect.any(Array),
  });
  expect(stage.delivered()).toHaveLength(5);
});

test.each([
  ['--lines many', 'Write a whole number.'],
  ['--stage prod', 'Give either --stage (what is deployed) or --store (where the logs are)'],
])('it is called the wrong way with %s', async (flags, said) => {
  stage = await createStage();
  expect(await tail(flags)).toMatchObject({ exitCode: 2, err: expect.stringContaining(said) });
});
