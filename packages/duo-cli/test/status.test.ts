import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createDirectoryStore, type Store } from 'duo-core';
import { findLogs, logNamed } from 'duo-simulator';
import { createLastDay } from '../src/store/last-day';
import { startAws } from './support/aws';
import { createCollected } from './support/collected';
import { duo, noon } from './support/operator';

const hour = 3_600_000;
const minute = 60_000;
let collected: Awaited<ReturnType<typeof createCollected>>;
beforeEach(async () => {
  collected = await createCollected();
});
afterEach(() => collected.close());

const utf8 = { screen: true, columns: 80, env: { LANG: 'en_US.UTF-8' } };

/** The bars of a log in the last line that begins with it. */
const barsOf = (out: string, name: string) =>
  out
    .split('\n')
    .findLast((line) => line.startsWith(name))
    ?.slice(17, 17 + 48);

const rowOf = (out: string, name: string) => out.split('\n').find((line) => line.startsWith(name));

describe('duo status', () => {
  test('has a row for each log that is collected, in 80 columns', async () => {
    for (const name of ['telephony', 'trust-monitor', 'offline-enrollment']) {
      collected.publish(name, 1500, 30);
      await collected.collect(name, { LOOKBACK_HOURS: '48' });
    }
    const { exitCode, out, err } = await collected.command('status');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toBe(`${collected.store} at 2026-03-01 12:00 UTC

LOG TYPE            WATERMARK    BEHIND  RECORDS  COMPARED  DUE  GAPS  LAST RUN
offline-enrollment  03-01 11:57   2 min    1,199      none    0     0  caught up
telephony           03-01 11:58   2 min    1,199      none    0     0  caught up
trust-monitor       03-01 11:58   2 min    1,199      none    0     0  caught up
`);
  });

  test('shows the log that is named, and how much of its open window is read', async () => {
    collected.publish('telephony', 3000, 24);
    await collected.collect('telephony', { MAX_PAGES: '1' });
    collected.clock.advance(3 * minute);
    const { out } = await collected.command('status telephony');
    expect(out).toMatch(/^telephony .* 16 h +993 .* more$/m);
    expect(out).toContain('    window 2026-02-28 12:00 to 2026-03-01 11:58: 33 % read, 1 page\n');
    expect(out).toContain('    last saved 3 min ago\n');
  });

  test('counts the records of the last 24 hours by their own time', async () => {
    collected.publish('telephony', 2400, 24);
    await collected.collect('telephony');
    collected.clock.advance(12 * hour);
    expect(rowOf((await collected.command('status')).out, 'telephony')).toMatch(/ 12 h .* 1,1\d\d /);
    collected.clock.advance(13 * hour);
    expect(rowOf((await collected.command('status')).out, 'telephony')).toMatch(/ 25 h +0 +none +0 /);
  });

  test('counts those of the last 24 hours in an object that begins days earlier, as after days without a run', async () => {
    collected.publish('telephony', 300, 24 * 9);
    await collected.collect('telephony', { LOOKBACK_HOURS: '240' });
    expect(readdirSync(join(collected.root, 'logs/telephony/2026/02'))).toEqual(['20']);
    // A ninth of them.
    expect(rowOf((await collected.command('status')).out, 'telephony')).toMatch(/ [23]\d +none /);
    expect((await collected.command('doctor telephony')).out).toMatch(/✓ today +all of \d+ records counted/);
  });

  test('says that it counted only the newest objects where there are too many', async () => {
    await collected.collect('telephony');
    const lines = Array.from(
      { length: 30_000 },
      (_, n) => `{"ts":"2026-03-01T11:00:00Z","n":"${Math.sin(n)}"}\n`,
    );
    const body = gzipSync(lines.join(''), { level: 0 });
    for (let n = 0; n < 8; n++) {
      const key = `logs/telephony/2026/03/01/${noon - hour}-${noon - n}-000000-${String(n).repeat(32)}.ndjson.gz`;
      mkdirSync(dirname(`${collected.root}/${key}`), { recursive: true });
      writeFileSync(`${collected.root}/${key}`, body);
    }
    expect(rowOf((await collected.command('status')).out, 'telephony')).toMatch(/ ≥150,000 /);
    const { out } = await collected.command('status', utf8);
    // Windows of the last hour, and records may be dated a second before theirs.
    expect(barsOf(out, 'telephony')).toBe(`${'· '.repeat(22)}? ? `);
  });

  test('shows the gaps, and a log that fell silent in red', async () => {
    await collected.collect('telephony');
    const checkpoint = JSON.parse(readFileSync(collected.file('telephony'), 'utf8'));
    const gaps = [4, 3, 2, 1].map((days) => [noon - days * 24 * hour, noon - days * 24 * hour + hour]);
    writeFileSync(collected.file('telephony'), JSON.stringify({ ...checkpoint, gaps }));
    collected.saved('telephony', 3 * hour);
    collected.clock.advance(2 * hour);
    const { out } = await collected.command('status', { screen: true });
    expect(out).toContain('\x1b[31mtelephony ');
    expect(out).toContain('last saved 5 h ago');
    expect(out).toContain('gap 2026-02-28 12:00 to 2026-02-28 13:00: not compared with Duo yet');
    expect(out).toContain('and 1 earlier gap: --json has them all');
  });

  test('shows the last day that was compared with Duo, and how many are due', async () => {
    await collected.collect('telephony', { LOOKBACK_HOURS: '120' });
    const status = async () => rowOf((await collected.command('status')).out, 'telephony');
    expect(await status()).toMatch(/ none +3 +0 {2}caught up$/);
    await collected.command('backfill telephony --local --from 2026-02-25 --to 2026-02-26');
    expect(await status()).toMatch(/ 02-26 +1 +0 {2}caught up$/);
  });

  test('says that a run was cut off before its object was surely stored', async () => {
    await collected.collect('telephony');
    const checkpoint = JSON.parse(readFileSync(collected.file('telephony'), 'utf8'));
    const outbox = { key: 'logs/telephony/2026/03/01/1-2-000000-x.ndjson.gz', body: '' };
    writeFileSync(collected.file('telephony'), JSON.stringify({ ...checkpoint, outbox }));
    expect(rowOf((await collected.command('status')).out, 'telephony')).toMatch(/ cut off$/);
  });

  test('tells what it cannot read beside what it can', async () => {
    await collected.collect('telephony');
    await collected.collect('activity');
    writeFileSync(collected.file('activity'), '{}');
    const { exitCode, out, err } = await collected.command('status');
    expect([exitCode, err]).toEqual([1, 'Of 1 of 2 logs, something cannot be read: see above.\n']);
    expect(out).toMatch(/^telephony .*caught up$/m);
    expect(out).toMatch(/^activity .* \?\n {4}file:.*activity\.json: the\s+checkpoint\s+is\s+damaged:/m);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('has a bar for each of the last 24 hours in a terminal, against the busiest one', async () => {
    for (const [count, ago] of [
      [80, 20],
      [40, 10],
      [10, 9],
      [1, 2],
    ] as const)
      collected.publishAt('telephony', count, noon - ago * hour + 10 * minute);
    await collected.collect('telephony');
    const { out } = await collected.command('status', utf8);
    expect(out.split('\n').slice(-3)).toEqual([
      `\u001b[2mRECORDS AN HOUR  02-28 12:00${' '.repeat(26)}03-01 12:00  MOST\u001b[22m`,
      `telephony        ${'· '.repeat(4)}██${'· '.repeat(9)}▄▄▁▁${'· '.repeat(6)}▁▁${'· '.repeat(1)}    80`,
      '',
    ]);
  });

  test.each([
    ['en_US.UTF-8', undefined, 'xterm', '██'],
    ['de_DE.utf8', 'C', 'xterm', '8 '],
    ['C', undefined, 'xterm', '8 '],
    [undefined, undefined, 'xterm', '8 '],
    [undefined, 'C.UTF-8', 'xterm', '██'],
    ['en_US.UTF-8', undefined, 'linux', '8 '],
  ])('draws with what the terminal has: LANG %s, LC_ALL %s, TERM %s', async (LANG, LC_ALL, TERM, most) => {
    collected.publishAt('telephony', 5, noon - 20 * hour);
    await collected.collect('telephony');
    const { out } = await collected.command('status', { ...utf8, env: { LANG, LC_ALL, TERM } });
    expect(barsOf(out, 'telephony')?.slice(8, 10)).toBe(most);
    expect(barsOf(out, 'telephony')?.slice(0, 8)).toBe((most === '8 ' ? '0 ' : '· ').repeat(4));
  });

  test('has no bar, and no sign of nothing either, for hours that were not collected', async () => {
    collected.publish('telephony', 100, 6);
    await collected.collect('telephony', { LOOKBACK_HOURS: '18' });
    const checkpoint = JSON.parse(readFileSync(collected.file('telephony'), 'utf8'));
    const gaps = [[noon - 16 * hour, noon - 14 * hour]];
    writeFileSync(collected.file('telephony'), JSON.stringify({ ...checkpoint, gaps }));
    collected.clock.advance(3 * hour);
    const { out } = await collected.command('status', utf8);
    expect(barsOf(out, 'telephony')).toMatch(/^ {6}(· ){2} {4}(· ){2}/);
    expect(barsOf(out, 'telephony')?.slice(-8)).toMatch(/^(\S\S) {6}$/);
  });

  test('has no bars in a pipe', async () => {
    collected.publish('telephony', 100, 6);
    await collected.collect('telephony');
    const { out } = await collected.command('status', { env: { LANG: 'C.UTF-8' } });
    expect(out).not.toContain('RECORDS AN HOUR');
  });

  test('asks the store for the hours no more often than for the count', async () => {
    collected.publish('telephony', 3000, 24);
    await collected.collect('telephony');
    const { logType } = logNamed(await findLogs(), 'telephony');
    const asked: string[] = [];
    const store = createDirectoryStore(collected.root);
    const counted: Store = {
      url: store.url,
      put: store.put,
      get: (key) => {
        asked.push('get');
        return store.get(key);
      },
      list: (prefix, startAfter) => {
        asked.push('list');
        return store.list(prefix, startAfter);
      },
    };
    const lastDay = createLastDay({ stage: null, store: counted });
    const { hours, records, objects } = await lastDay(logType, noon, 0);
    expect(hours).toHaveLength(24);
    expect(hours.reduce((sum: number, one) => sum + (one ?? 0), 0)).toBe(records);
    expect(asked).toEqual(['list', ...Array(objects).fill('get')]);
    await lastDay(logType, noon + minute, 0);
    expect(asked.slice(objects + 1)).toEqual(['list']);
  });

  test('prints JSON for other programs', async () => {
    collected.publish('telephony', 100, 1);
    await collected.collect('telephony');
    expect(JSON.parse((await collected.command('status --json')).out)).toEqual([
      {
        logType: 'telephony',
        deployed: null,
        watermark: '2026-03-01T11:58:00.000Z',
        behindSeconds: 120,
        window: null,
        lastDay: { records: 97, hours: [...Array(23).fill(0), 97], objects: 1, unread: 0 },
        compared: null,
        due: 0,
        gaps: [],
        lastRun: 'caught-up',
        savedAt: '2026-03-01T12:00:00.000Z',
        problem: null,
      },
    ]);
  });

  test('looks again and again with --watch, on a screen that it clears', async () => {
    await collected.collect('telephony');
    let looks = 0;
    const clock = {
      ...collected.clock,
      sleep: async (ms: number) => {
        looks += 1;
        if (looks === 3) throw new Error(`Ctrl-C after waiting ${ms}`);
      },
    };
    const { out, err } = await collected.command('status --watch', { clock, screen: true });
    expect(err).toBe('Ctrl-C after waiting 15000\n');
    expect(out.split('\x1b[2J\x1b[H').length).toBe(4);
  });

  test('goes on with --watch after what cannot be read, and shows it in its place', async () => {
    const story = [
      async () => void (await collected.collect('telephony')),
      async () => {
        throw new Error('Ctrl-C');
      },
    ];
    const clock = { ...collected.clock, sleep: async () => void (await story.shift()?.()) };
    const { out, err } = await collected.command('status --watch', { clock });
    expect(err).toMatch(/^2026-03-01 12:00 UTC: Nothing was collected into file:.* yet: .*\?\nCtrl-C\n$/);
    expect(rowOf(out, 'telephony')).toMatch(/ caught up$/);
  });

  test.each([
    ['status telefony --watch', 'Did you mean telephony?'],
    ['status --watch --stage prod', 'Give either --stage (what is deployed) or --store (where the logs are)'],
  ])('does not begin to watch what was asked for the wrong way: %s', async (command, said) => {
    expect(await collected.command(command)).toEqual({
      exitCode: 2,
      out: '',
      err: expect.stringContaining(said),
    });
  });

  test('says of a bucket that is not there that there is none', async () => {
    const aws = await startAws();
    Object.assign(process.env, aws.env);
    const told = [];
    for (const command of [
      'status',
      'checkpoint show telephony',
      'tail telephony',
      'verify telephony --from 2026-02-20',
    ])
      told.push(await duo(`${command} --store s3://no-such-bucket`, { env: aws.env }));
    aws.close();
    for (const { exitCode, err } of told)
      expect({ exitCode, err }).toEqual({
        exitCode: 1,
        err: expect.stringMatching(
          /^(reading |listing )s3:\/\/no-such-bucket.*: 404 NoSuchBucket No\.: there is no bucket no-such-bucket, asked for in eu-west-1: compare its name, the region and the account\.?\n$/,
        ),
      });
  });

  test('says of a store without a checkpoint that nothing was collected there', async () => {
    expect(await collected.command('status')).toMatchObject({
      exitCode: 1,
      err: `Nothing was collected into ${collected.store} yet: there is neither a checkpoint below state/ nor an object below logs/. Is it the right store?\n`,
    });
  });

  test('of a stage, shows what is deployed and what is not', async () => {
    await collected.collect('activity');
    const aws = await startAws();
    Object.assign(process.env, aws.env);
    aws.exports.set('duo-storage-prod-BucketName', 'a-bucket');
    aws.stacks.add('duo-telephony-prod');
    aws.objects.set('a-bucket/state/activity.json', readFileSync(collected.file('activity'), 'utf8'));
    const { exitCode, out } = await duo('status --stage prod', { env: aws.env });
    aws.denied.add('cloudformation:DescribeStacks');
    const denied = await duo('status --stage prod', { env: aws.env });
    aws.close();
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^telephony +- +- +0 +- +- +- +none yet$/m);
    expect(out).toContain('    not deployed: nothing collects it\n');
    expect(denied.err).toMatch(
      /^The stacks of prod cannot be looked up: .* It needs cloudformation:DescribeStacks/,
    );
  });
});
