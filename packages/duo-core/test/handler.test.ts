import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createSimulator, fakeClock, simulatorCredentials, simulatorEnvironment } from 'duo-simulator';
import { createHandler } from '../src/run/handler';
import { visit, visits } from './support/test-log';
import { noon } from './support/world';

const context = { getRemainingTimeInMillis: () => 280_000 };
let clock = fakeClock(noon);
const simulator = createSimulator({ logs: [{ logType: visits }], now: () => clock.now() });
let apiUrl: string;
let directory: string;
let printed: string[];

beforeAll(async () => {
  apiUrl = await simulator.listen();
  for (let i = 0; i < 15; i++) simulator.log('visits').add(visit(`id-${i}`, noon - 600_000 + i));
});
afterAll(() => simulator.close());
beforeEach(async () => {
  clock = fakeClock(noon);
  directory = await mkdtemp(join(tmpdir(), 'duo-handler-'));
  printed = [];
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    jest.spyOn(console, method).mockImplementation((text) => void printed.push(String(text)));
  }
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rm(directory, { recursive: true });
});

/** A handler in an environment of its own. In development mode Powertools prints through the console that we watch. */
function handlerWith(changes: Record<string, string | undefined> = {}) {
  process.env.POWERTOOLS_DEV = 'true';
  process.env.POWERTOOLS_METRICS_DISABLED = 'false';
  return createHandler(visits, {
    clock,
    random: () => 0.5,
    env: {
      STORE_URL: pathToFileURL(directory).href,
      ...simulatorEnvironment(apiUrl),
      ...changes,
    },
  });
}

const written = async () =>
  (await readdir(directory, { recursive: true })).filter((name) => /\.(json|gz)$/.test(name));

describe('an invocation', () => {
  test('collects into the store and returns the result, which is also the last line of the log', async () => {
    const result = await handlerWith()({}, context);
    expect(result).toEqual({
      logType: 'visits',
      outcome: 'caught-up',
      records: 15,
      duplicates: 0,
      pages: 3,
      objects: 1,
      leftOut: 0,
      behindSeconds: 120,
      lateSeconds: 0,
    });
    expect(JSON.parse(printed.at(-1) ?? '')).toMatchObject({ message: 'run ended', ...result });
    expect(await written()).toHaveLength(2);
  });

  test('reports its figures as metrics', async () => {
    await handlerWith()({}, context);
    const metrics = printed.map((line) => JSON.parse(line)).find((line) => '_aws' in line);
    expect(metrics).toMatchObject({
      service: 'visits',
      Records: 15,
      Objects: 1,
      BehindSeconds: 120,
    });
    expect(metrics._aws.CloudWatchMetrics[0].Namespace).toBe('DuoLogs');
  });

  test('that is throttled says how far behind the log is', async () => {
    simulator.fail('throttle', { times: 1 });
    const throttled = handlerWith({ LOOKBACK_HOURS: '2' })({}, { getRemainingTimeInMillis: () => 20_000 });
    expect(await throttled).toMatchObject({ outcome: 'throttled', behindSeconds: 7200 });
  });

  test('that fails still reports how far behind the log is', async () => {
    simulator.fail({ status: 403, body: {} });
    await expect(handlerWith({ LOOKBACK_HOURS: '2' })({}, context)).rejects.toThrow('Grant read log');
    const metrics = printed.map((line) => JSON.parse(line)).find((line) => '_aws' in line);
    expect(metrics).toMatchObject({ BehindSeconds: 7200 });
  });

  test('logs and throws texts of others as what they are, whoever reads them in a terminal', async () => {
    const foreign = '\u001b]0;x\u0007 \u009b2J \u202e';
    const printedForeign = '\\u001b]0;x\\u0007 \\u009b2J \\u202e';
    const obeyed = /(?!\n)[\p{Cc}\p{Bidi_Control}]/u;
    simulator.fail({ status: 500, body: { stat: 'FAIL', code: 50000, message: foreign } }, { times: 1 });
    await handlerWith()({}, context);
    const warning = printed.find((line) => line.includes('WARN')) ?? '';
    expect(JSON.parse(warning).message).toContain(printedForeign);
    expect(printed.join('\n')).not.toMatch(obeyed);
    clock.advance(600_000);
    simulator.fail({ status: 403, body: { stat: 'FAIL', code: 40301, message: foreign } });
    const failed = await handlerWith()({}, context).catch((error: Error) => error);
    expect(failed).toMatchObject({ message: expect.stringContaining(printedForeign) });
    expect(failed).toHaveProperty('stack', expect.not.stringMatching(obeyed));
    expect(failed).toHaveProperty('message', expect.not.stringMatching(obeyed));
  });

  test('prints no record, secret or signature', async () => {
    await handlerWith()({}, context);
    const text = printed.join('\n');
    expect(text).not.toContain(simulatorCredentials.skey);
    expect(text).not.toMatch(/Basic|"door"|id-1/);
  });
});

describe('an invocation that Duo leaves hanging', () => {
  test.each([280_000, 60_000, 20_000, 6_000])(
    'has ended by itself before its %d ms are over, with what it had stored saved',
    async (remaining) => {
      const clock = fakeClock(noon);
      // Each request that hangs takes as long as the client is willing to wait.
      const hanging = createSimulator({
        logs: [{ logType: visits }],
        now: clock.now,
        onRequest: ({ fault }) =>
          void (fault === 'hang' && setImmediate(() => clock.advance(Math.min(30_000, 0.71 * remaining)))),
      });
      for (let i = 0; i < 15; i++) hanging.log('visits').add(visit(`id-${i}`, noon - 600_000 + i));
      hanging.fail('hang', { after: 1, times: 99 });
      const handler = createHandler(visits, {
        clock,
        random: () => 0.5,
        env: {
          STORE_URL: pathToFileURL(directory).href,
          ...simulatorEnvironment(await hanging.listen()),
        },
      });
      const run = handler({}, { getRemainingTimeInMillis: () => remaining });
      await expect(run.finally(() => hanging.close())).rejects.toThrow('no complete answer within');
      expect(clock.now() - noon).toBeLessThan(remaining);
      const saved = JSON.parse(await readFile(join(directory, 'state', 'visits.json'), 'utf8'));
      expect(saved).toMatchObject({ outbox: null, window: { pages: 1 } });
    },
  );
});

describe('bad input gets one clear error, and nothing is written', () => {
  test.each([
    [
      'no settings',
      { STORE_URL: undefined, DUO_CREDENTIALS: undefined },
      /^STORE_URL is not set: .*\nDUO_CREDENTIALS is not set: /,
    ],
    ['a store that is none', { STORE_URL: 'bucket' }, /^STORE_URL is malformed: it must be s3:\/\/bucket/],
    ['a host outside Duo', { DUO_API_HOST: 'api.example.com' }, /^DUO_API_HOST is not a Duo API host/],
    [
      'another API URL than a loopback one',
      { DUO_API_URL: 'http://example.com' },
      /^DUO_API_URL is malformed/,
    ],
    [
      'a wrong secret key',
      { DUO_SKEY: 'another-made-up-secret' },
      /401 40103 Invalid signature in request credentials: compare DUO_IKEY, DUO_SKEY and DUO_API_HOST with .* and check this clock, which says /,
    ],
    ['a wrong integration key', { DUO_IKEY: 'DIOTHER' }, /401 40102 Invalid integration key/],
  ])('%s', async (_what, changes, message) => {
    await expect(handlerWith(changes)({}, context)).rejects.toThrow(message);
    expect(await written()).toEqual([]);
  });

  test('a mistyped event', async () => {
    await expect(handlerWith()({ backfil: {} }, context)).rejects.toThrow(/^the event must be \{\}, or /);
    expect(await written()).toEqual([]);
  });

  test('a missing permission', async () => {
    simulator.fail({ status: 403, body: { stat: 'FAIL', code: 40301, message: 'Access forbidden' } });
    await expect(handlerWith()({}, context)).rejects.toThrow(
      /403 40301 Access forbidden: in the Duo Admin Panel, .*"Grant read log"/,
    );
    expect(await written()).toEqual([]);
  });

  test.each([
    ['not JSON', '{', 'the checkpoint is not JSON'],
    ['of another version', '{"version":3}', 'the checkpoint has version 3'],
    [
      'of another log type',
      '{"version":1,"logType":"doors"}',
      'the checkpoint is of the log type "doors", not "visits"',
    ],
  ])('a checkpoint that is %s', async (_what, body, message) => {
    await mkdir(join(directory, 'state'));
    await writeFile(join(directory, 'state', 'visits.json'), body);
    await expect(handlerWith()({}, context)).rejects.toThrow(message);
    expect(await written()).toEqual(['state/visits.json']);
    expect(await readFile(join(directory, 'state', 'visits.json'), 'utf8')).toBe(body);
  });

  test('an answer that is not the described one', async () => {
    simulator.fail({ status: 200, body: { stat: 'OK', response: { authlogs: [] } } });
    await expect(handlerWith()({}, context)).rejects.toThrow(
      '/admin/v2/logs/visits: the answer is not as documented: response.items and response.metadata is missing or has another type',
    );
    expect(await written()).toEqual([]);
  });
});
