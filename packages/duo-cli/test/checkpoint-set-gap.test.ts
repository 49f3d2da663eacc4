import { afterEach, describe, expect, test } from '@jest/globals';
import { generate } from 'duo-simulator';
import * as z from 'zod';
import { eventually } from './support/eventually';
import { answers, noon } from './support/operator';
import { createStage } from './support/stage';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

type Stage = Awaited<ReturnType<typeof createStage>>;
let stage: Stage;
afterEach(() => stage.close());

/** Five records on a page, one page a run, and three records in each moment, so that pages end in the middle of it. */
async function start(name: string, runs: number): Promise<void> {
  stage = await createStage(name, { MAX_PAGES: '1' }, 5);
  const { add, clock, collect, log, logType } = stage;
  add(24, noon - 5 * hour + 123, noon - hour, { burst: 3 });
  // At the end of the window that begins at noon; one of them comes late.
  const [sample = ''] = log.published();
  const from = noon - 2 * minute;
  const last = generate({ logType, samples: [sample], count: 3, from, to: from, seed: 2, burst: 3 });
  log.addAll(last.slice(0, 2));
  log.add(last[2] ?? '', { publishedAt: noon + minute });
  add(12, noon + minute, noon + 2 * hour, { burst: 3, startIndex: 100 });
  for (let run = 0; run < runs; run++) await collect({});
  clock.advance(3 * hour);
}

const set = (to: number) =>
  stage.duo(
    `checkpoint set ${stage.logType.name} --stage prod --yes --watermark ${new Date(to).toISOString()}`,
  );

/** A second before what is read: all of it is remembered. */
function remembered(): number {
  const { watermark, since } = z
    .object({ watermark: z.number(), since: z.number() })
    .parse(stage.state(`state/${stage.logType.name}.json`));
  return Math.max(since, (Math.floor(watermark / second) - 1) * second);
}

async function catchUp(): Promise<void> {
  await eventually(async () => (await stage.collect({})).outcome === 'caught-up');
}

/** Runs the command to collect what is skipped, as `checkpoint set` has printed it. */
async function collectSkipped({ out }: { readonly out: string }, flags = ''): Promise<string> {
  const [, command = ''] = /To collect it: npx pnpm duo (.*)/.exec(out) ?? [];
  const backfill = await stage.duo(command + flags);
  expect(backfill).toMatchObject({ exitCode: 0 });
  return backfill.out;
}

async function verified(): Promise<unknown> {
  const from = new Date(noon - 24 * hour).toISOString();
  const { out, err } = await stage.duo(
    `verify ${stage.logType.name} --store s3://logs-of-prod --from ${from} --json`,
  );
  if (out === '') throw new Error(err);
  const { missing, doubled, foreign } = JSON.parse(out);
  return { missing, doubled, foreign };
}

const nothing = { missing: 0, doubled: 0, foreign: 0 };

describe.each(['telephony', 'trust-monitor', 'administrator'])('of the %s log, what is skipped', (name) => {
  // With the eighth run each log has caught up: more of them change nothing.
  const moments = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((runs) =>
    ['1 s', '30 min', '150 min'].map((ahead) => ({ runs, ahead })),
  );
  test.each(moments)(
    'after $runs runs and by $ahead is stored once by its backfill',
    async ({ runs, ahead }) => {
      await start(name, runs);
      const ms = { '1 s': second, '30 min': hour / 2 }[ahead] ?? 2.5 * hour;
      const skipped = await set(remembered() + second + ms);
      await catchUp();
      await collectSkipped(skipped, ahead === '150 min' ? ' --parallel 2' : '');
      expect(await verified()).toEqual(nothing);
    },
  );

  test.each([1, 2, 3, 5])('after %i runs in two steps is stored once', async (runs) => {
    await start(name, runs);
    const first = await set(remembered() + hour / 2);
    const next = await set(noon + hour);
    await catchUp();
    await collectSkipped(first);
    await collectSkipped(next);
    expect(await verified()).toEqual(nothing);
  });

  test.each([1, 2, 3, 5])(
    'after %i runs is left to the scheduled runs once they are set back',
    async (runs) => {
      await start(name, runs);
      const back = remembered();
      const skipped = await set(noon + hour);
      await set(back);
      await catchUp();
      expect(await collectSkipped(skipped)).toMatch(/^Left out, .*\nNothing is left to do\.\n$/);
      expect(await verified()).toEqual(nothing);
    },
  );

  test.each([1, 2, 3, 5])('after %i runs is stored once when it is cut off later', async (runs) => {
    await start(name, runs);
    const skipped = await set(noon + hour);
    await set(noon - hour / 2);
    await catchUp();
    expect(await collectSkipped(skipped)).toMatch(/^Left out, /);
    expect(await verified()).toEqual(nothing);
  });

  test.each([1, 2, 3, 5])(
    'after %i runs, set back and skipped again further on, is stored once',
    async (runs) => {
      await start(name, runs);
      const back = remembered();
      await set(noon + hour);
      await set(back);
      for (let run = 0; run < 2; run++) await stage.collect({});
      const skipped = await set(noon + 1.5 * hour);
      await catchUp();
      await collectSkipped(skipped);
      expect(await verified()).toEqual(nothing);
    },
  );
});

test('what was prepared for a gap that was not made is in nobody’s way', async () => {
  await start('telephony', 2);
  const confirm = async () => (await stage.collect({})).records > 0;
  const raced = await stage.duo('checkpoint set telephony --stage prod --watermark 2026-03-01T13:00:00Z', {
    ask: { ...answers({}), confirm },
  });
  expect(raced).toMatchObject({ exitCode: 1, err: expect.stringContaining('nothing was changed') });
  expect([...stage.aws.objects.keys()].some((key) => key.includes('/state/telephony/'))).toBe(true);
  const { out } = await stage.duo('checkpoint show telephony --stage prod --json');
  expect(JSON.parse(out)).toMatchObject({ backfills: [] });
  const skipped = await set(noon + hour);
  await catchUp();
  await collectSkipped(skipped);
  expect(await verified()).toEqual(nothing);
});

test('of a log in order, only the first second is a part of its own', async () => {
  await start('telephony', 2);
  const skipped = await set(noon + hour);
  const [from] = /--from \S+/.exec(skipped.out) ?? [];
  expect(await collectSkipped(skipped)).toMatch(/, in 2 parts\.$/m);
  const states = [...stage.aws.objects.keys()].filter((key) => key.includes('/state/telephony/'));
  const spans = states.map((key) => /(\d+)-(\d+)\.json$/.exec(key)?.slice(1).map(Number) ?? []);
  const [[since = 0, cut = 0] = [], [rest = 0] = []] = spans.sort();
  expect(from).toBe(`--from ${new Date(since).toISOString().replace('.000Z', 'Z')}`);
  expect([cut % 1000, cut - since <= 1000, rest]).toEqual([0, true, cut]);
});
