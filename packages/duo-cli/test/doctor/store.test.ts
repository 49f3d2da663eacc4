import dns from 'node:dns';
import { mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createCollected } from '../support/collected';
import { duo } from '../support/operator';
import { said, widest } from '../support/said';

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
✓ Duo reachable   instead of Duo
✓ clock           this machine's, 0 s ahead of Duo's
✓ signature       accepted
✓ store readable  file:…
✓ store writable  state/.doctor.json was put, and not overwritten

telephony
✓ permission      GET /admin/v2/logs/telephony answers
✓ checkpoint      up to 2026-03-01 11:58 UTC, 2 min behind
✓ last run        saved 0 s ago
✓ last day        0 records in 0 objects
✓ newest objects  none within 30 days
✓ today           nothing yet
✓ doubled         none of 0 records of the last day
✓ days due        none
✓ days compared   none yet

Everything that was checked is in order.

Looked at: credentials, Duo reachable, clock, signature, store readable, store
writable, permission, checkpoint, last run, last day, newest objects, today,
doubled, days due, days compared (of telephony).

Not checked: a stage's alarms, queues, schedules and functions' logs, and who is
told; objects older than a day except the newest three of a log, and more than 8
MB of a day; the functions' own permissions and network.
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
      'The secret key does not belong to this integration key. Copy it again',
    ],
    [
      'an unknown integration key',
      { DUO_IKEY: 'DIXXXXXXXXXXXXXXXXXX' },
      'Duo does not know this integration key at api-simulator.duosecurity.com. Copy it again',
    ],
  ])('names %s, and asks no other log', async (_, env, text) => {
    await collected.collect('activity');
    const before = collected.simulator.requests.length;
    const { exitCode, out, err } = await collected.command('doctor', { env });
    expect([exitCode, err]).toEqual([1, '1 of 24 checks failed.\n']);
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
      'remove this service if Duo has retired the log',
    ],
  ])('names the log that Duo answers with %i', async (status, body, text) => {
    await collected.collect('activity');
    collected.simulator.fail({ status, body }, { after: 1 });
    const { exitCode, out, err } = await collected.command('doctor');
    expect([exitCode, err]).toEqual([1, '1 of 24 checks failed.\n']);
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
    expect(out).toContain('Everything that was checked is in order.');
  });

  test('names a Duo that cannot be reached', async () => {
    const { exitCode, out } = await collected.command('doctor', {
      env: { DUO_API_URL: 'http://127.0.0.1:2' },
    });
    expect(exitCode).toBe(1);
    expect(said(out, '✗', 'Duo reachable')).toMatch(/ECONNREFUSED .*; is the simulator running/);
    expect(said(out, '?', 'clock')).toBe('no answer from Duo to compare it with');
    const lookup = (_host: string, _options: unknown, done: (error: Error) => void) =>
      done(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }));
    const resolver = jest.spyOn(dns, 'lookup').mockImplementation(lookup as typeof dns.lookup);
    const away = await collected.command('doctor', { env: { DUO_API_URL: '' } });
    resolver.mockRestore();
    expect(said(away.out, '✗', 'Duo reachable')).toMatch(
      /ENOTFOUND .*compare the API host with the Admin API application's, and check that this machine can reach it \(behind a proxy: docs\/networks\.md\)\.$/,
    );
  });

  test('writes nothing where no collector has been', async () => {
    mkdirSync(`${collected.root}/elsewhere/logs/of-something-else`, { recursive: true });
    writeFileSync(`${collected.root}/elsewhere/logs/of-something-else/1.log`, '');
    const { exitCode, out } = await duo(`doctor --store file://${collected.root}/elsewhere`, collected);
    expect(exitCode).toBe(1);
    expect(said(out, '✗', 'store readable')).toContain('Is it the right store?');
    expect(said(out, '?', 'store writable')).toBe('not tried: see above');
    expect(said(out, '✓', 'signature')).toBe('accepted');
  });
});
