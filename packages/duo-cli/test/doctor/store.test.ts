import dns from 'node:dns';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { simulatorCredentials } from 'duo-simulator';
import { createCollected } from '../support/collected';
import { duo } from '../support/operator';
import { said, widest } from '../support/said';

const hour = 3_600_000;
const minute = 60_000;
let collected: Awaited<ReturnType<typeof createCollected>>;
beforeEach(async () => {
  collected = await createCollected();
  await collected.collect('telephony');
});
afterEach(() => collected.close());

describe('duo doctor, of a store', () => {
  test('says of each check that it is in order', async () => {
    const { exitCode, out, err } = await collected.command('doctor');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(
      out.replace(/http\S+, /, '').replace(collected.store, 'file:…'),
    ).toBe(`✓ credentials     from the environment
✓ Duo reachable   in place of Duo
✓ clock           this machine's, 0 s ahead of Duo's
✓ signature       accepted
✓ store readable  file:…
✓ store writable  state/.doctor.json was put, and not put over itself

telephony
✓ permission      GET /admin/v2/logs/telephony answers
✓ checkpoint      up to 2026-03-01 11:58 UTC, 2 min behind
✓ last run        saved 0 s ago
✓ last day        0 records in 0 objects
✓ newest objects  none within 30 days
✓ doubled         none of 0 records of the last day
✓ days due        none
✓ days compared   none yet

What was looked at is in order.

Looked at: credentials, Duo reachable, clock, signature, store readable, store
writable, permission, checkpoint, last run, last day, newest objects, doubled,
days due, days compared (of telephony).

Not looked at: a stage's alarms, queues, schedules and functions' logs, and who
is told; objects older than a day, but for the newest three of a log, and what
is beyond 8 MB of a day; the functions' own permissions and network.
`);
  });

  test('may be repeated, and asks Duo for one record of each log', async () => {
    await collected.collect('activity');
    const before = collected.simulator.requests.length;
    expect(await collected.command('doctor')).toMatchObject({ exitCode: 0 });
    expect(await collected.command('doctor')).toMatchObject({ exitCode: 0 });
    const asked = collected.simulator.requests.slice(before);
    expect(asked.map(({ log, params }) => [log, params.limit])).toEqual([
      ['activity', '1'],
      ['telephony', '1'],
      ['activity', '1'],
      ['telephony', '1'],
    ]);
  });

  test('prints JSON', async () => {
    const { out } = await collected.command('doctor --no-write --json');
    expect(JSON.parse(out)).toContainEqual({
      logType: 'telephony',
      check: 'permission',
      state: 'ok',
      says: 'GET /admin/v2/logs/telephony answers',
    });
    expect(JSON.parse(out)).toContainEqual(
      expect.objectContaining({ check: 'store writable', state: 'unknown', says: 'not tried (--no-write)' }),
    );
  });

  test.each([
    [
      'the wrong secret',
      { DUO_SKEY: 'another-made-up-secret-of-forty-letters.' },
      'The secret key is not that of this integration key. Copy it anew',
    ],
    [
      'an unknown integration key',
      { DUO_IKEY: 'DIXXXXXXXXXXXXXXXXXX' },
      'Duo knows no such integration key at api-simulator.duosecurity.com. Copy it anew',
    ],
  ])('names %s, and asks no other log', async (_, env, text) => {
    await collected.collect('activity');
    const before = collected.simulator.requests.length;
    const { exitCode, out, err } = await collected.command('doctor', { env });
    expect([exitCode, err]).toEqual([1, '1 of 22 checks failed.\n']);
    expect(said(out, '✗', 'signature')).toContain(text);
    expect(said(out, '✓', 'Duo reachable')).not.toBe('');
    expect(said(out, '?', 'permission')).toBe('see above');
    expect(out).not.toContain('another-made-up-secret');
    expect(widest(out)).toBeLessThanOrEqual(80);
    expect(collected.simulator.requests.length).toBe(before + 1);
  });

  test('names credentials that are missing, and asks nothing', async () => {
    const { exitCode, out } = await collected.command('doctor', { env: { DUO_SKEY: '' } });
    expect(exitCode).toBe(1);
    expect(said(out, '✗', 'credentials')).toBe(
      'DUO_SKEY is not set. Export them, or name a stage with --stage.',
    );
    expect(said(out, '?', 'signature')).not.toBe('');
  });

  test.each([
    [10 * minute, "This machine's is 10 min ahead of Duo's. Set it (by NTP)"],
    [-minute, "This machine's is 60 s behind Duo's. Set it (by NTP)"],
  ])('names a clock that is %i ms ahead', async (ahead, text) => {
    const now = collected.clock.now() + ahead;
    const { exitCode, out } = await collected.command('doctor', {
      clock: { ...collected.clock, now: () => now },
    });
    expect(exitCode).toBe(1);
    expect(said(out, '✗', 'clock')).toContain(text);
  });

  test('names a checkpoint of another account, and says what to do', async () => {
    const source = 'api-other000.duosecurity.com';
    const file = collected.file('telephony');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), source }));
    const { exitCode, out } = await collected.command('doctor');
    expect(exitCode).toBe(1);
    expect(said(out, '✗', 'checkpoint')).toContain(
      `this checkpoint is of ${source}, and the credentials are of ${simulatorCredentials.apiHost}.`,
    );
    expect(said(out, '✗', 'checkpoint')).toContain('duo checkpoint set telephony --source');
  });

  test('does not send whoever has a wrong clock after the credentials', async () => {
    const now = collected.clock.now() + 10 * minute;
    const { out } = await collected.command('doctor', { clock: { ...collected.clock, now: () => now } });
    expect(said(out, '✗', 'signature')).toMatch(/40105 .*\. Set this machine's clock \(by NTP\): it says /);
    expect(said(out, '✗', 'signature')).not.toContain('Admin Panel');
  });

  test.each([
    [403, { stat: 'FAIL', code: 40301, message: 'Access forbidden' }, 'grant "Grant read log"'],
    [
      404,
      { stat: 'FAIL', code: 40401, message: 'Resource not found' },
      'remove this service if it was retired',
    ],
  ])('names the log that Duo answers with %i', async (status, body, text) => {
    await collected.collect('activity');
    collected.simulator.fail({ status, body }, { after: 1 });
    const { exitCode, out, err } = await collected.command('doctor');
    expect([exitCode, err]).toEqual([1, '1 of 22 checks failed.\n']);
    const [, activity, telephony] = out.split('\n\n');
    expect(said(activity ?? '', '✓', 'permission')).toBe('GET /admin/v2/logs/activity answers');
    expect(said(telephony ?? '', '✗', 'permission')).toContain(text);
    expect(said(out, '✓', 'signature')).toBe('accepted');
    expect(widest(out)).toBeLessThanOrEqual(80);
  });

  test('does not call it a failure that Duo asks to wait', async () => {
    collected.simulator.fail('throttle');
    const { exitCode, out } = await collected.command('doctor');
    expect(exitCode).toBe(0);
    expect(said(out, '?', 'permission')).toContain('Duo asks to wait: try again in two minutes.');
    expect(out).toContain('What was looked at is in order.');
  });

  test('names a Duo that cannot be reached', async () => {
    const { exitCode, out } = await collected.command('doctor', {
      env: { DUO_API_URL: 'http://127.0.0.1:2' },
    });
    expect(exitCode).toBe(1);
    expect(said(out, '✗', 'Duo reachable')).toMatch(/ECONNREFUSED .*; is the simulator running/);
    expect(said(out, '?', 'clock')).toBe('no answer of Duo to compare it with');
    const lookup = (_host: string, _options: unknown, done: (error: Error) => void) =>
      done(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }));
    const resolver = jest.spyOn(dns, 'lookup').mockImplementation(lookup as typeof dns.lookup);
    const away = await collected.command('doctor', { env: { DUO_API_URL: '' } });
    resolver.mockRestore();
    expect(said(away.out, '✗', 'Duo reachable')).toMatch(
      /ENOTFOUND .*Compare the API host with the Admin API application's, and see that this machine reaches it\.$/,
    );
  });

  test.each([
    ['is no JSON', '{', 'the checkpoint is not JSON, or cut off. Nothing was changed. To go on from now'],
    ['is of another project', '{"last_offset":null}', 'the checkpoint is damaged: '],
    [
      'is of another log',
      '{"version":1,"logType":"activity"}',
      'is of the log type "activity", not "telephony"',
    ],
  ])('names a checkpoint that %s', async (_, text, says) => {
    writeFileSync(collected.file('telephony'), text);
    const { exitCode, out } = await collected.command('doctor');
    expect(exitCode).toBe(1);
    expect(said(out, '✗', 'checkpoint')).toContain(says);
    expect(said(out, '✗', 'checkpoint')).toMatch(/: duo checkpoint reset telephony$/);
    expect(said(out, '?', 'last run')).toBe('see above');
  });

  test('names a log that has not been saved for more than an hour, and one that is far behind', async () => {
    collected.saved('telephony', 2 * hour);
    expect(said((await collected.command('doctor')).out, '✗', 'last run')).toBe(
      'The last one saved 2 h ago: run the collector, and see what it says.',
    );
    collected.publish('activity', 3000, 24);
    await collected.collect('activity', { MAX_PAGES: '1' });
    expect(said((await collected.command('doctor activity')).out, '✗', 'last run')).toMatch(
      /^The last one saved 0 s ago and was 16 h behind\. A backlog shrinks with every run/,
    );
    expect(said((await collected.command('doctor authentication')).out, '✗', 'last run')).toBe(
      'No run has saved anything yet: run the collector, and see what it says.',
    );
  });

  test('names days that were not compared with Duo in time, and the command that does it', async () => {
    collected.publish('activity', 100, 24 * 6);
    await collected.collect('activity', { LOOKBACK_HOURS: '150' });
    const { out } = await collected.command('doctor activity');
    expect(said(out, '✗', 'days due')).toBe(
      `4: 2026-02-24 to 2026-02-27 are to be compared with Duo. Do it: npx pnpm duo backfill activity --store ${collected.store} --local --from 2026-02-24 --to 2026-02-27`,
    );
    expect(said(out, '✓', 'days compared')).toBe('none yet');
    await collected.command('backfill activity --local --from 2026-02-24 --to 2026-02-27');
    const after = await collected.command('doctor activity');
    expect(said(after.out, '✓', 'days due')).toBe('none');
    expect(said(after.out, '✓', 'days compared')).toBe(
      '2026-02-24 to 2026-02-27: nothing doubled, astray or deleted. The newest receipt, written 0 s ago: Duo shows 15, 15 are stored.',
    );
  });

  test('names what the last receipts have found', async () => {
    for (const [day, found] of [
      ['26', { deleted: 2 }],
      ['27', { doubled: 1, astray: 1 }],
    ] as const) {
      const folder = `${collected.root}/receipts/telephony/2026/02/${day}`;
      mkdirSync(folder, { recursive: true });
      const counts = { shown: 9, stored: 9, repaired: 0, changed: 0, doubled: 0, astray: 0, deleted: 0 };
      const of = { version: 1, logType: 'telephony', source: simulatorCredentials.apiHost };
      const receipt = { ...of, day: `2026-02-${day}`, at: 5, ...counts, ...found };
      writeFileSync(`${folder}/5.json`, JSON.stringify(receipt));
    }
    const { out } = await collected.command('doctor');
    const again = `npx pnpm duo backfill telephony --store ${collected.store} --local --again`;
    expect(said(out, '✗', 'days compared')).toBe(
      `2 records of 2026-02-26 deleted. To store them again: ${again} --from 2026-02-26 --to 2026-02-26 1 record of 2026-02-27 astray. To store them again: ${again} --from 2026-02-27 --to 2026-02-27 1 record of 2026-02-27 doubled. Whoever reads them has to drop the repeats.`,
    );
    expect(widest(out.replaceAll(/npx .*/g, ''))).toBeLessThanOrEqual(80);
  });

  test('writes nothing where no collector has been', async () => {
    mkdirSync(`${collected.root}/elsewhere/logs/of-something-else`, { recursive: true });
    writeFileSync(`${collected.root}/elsewhere/logs/of-something-else/1.log`, '');
    const { exitCode, out } = await duo(`doctor --store file://${collected.root}/elsewhere`, collected);
    expect(exitCode).toBe(1);
    expect(said(out, '✗', 'store readable')).toContain('Is it the right one?');
    expect(said(out, '?', 'store writable')).toBe('not tried: see above');
    expect(said(out, '✓', 'signature')).toBe('accepted');
  });
});
