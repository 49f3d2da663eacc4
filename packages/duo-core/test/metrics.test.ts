import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createSimulator, fakeClock, simulatorEnvironment } from 'duo-simulator';
import * as z from 'zod/mini';
import { emptyReport } from '../src/delivery/run-report';
import { createHandler, createReconcileHandler } from '../src/run/handler';
import { addRunMetrics, leftOutMetrics } from '../src/run/metrics';
import { visit, visits } from './support/test-log';
import { hour, minute, noon } from './support/world';

const published = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.tuple([z.object({ Metrics: z.array(z.object({ Name: z.string() })) })]),
  }),
});
const context = { getRemainingTimeInMillis: () => 280_000 };

let clock = fakeClock(noon);
let simulator = createSimulator({ logs: [{ logType: visits }], now: () => clock.now() });
let directory: string;
let printed: string[];
let surroundings: { env: NodeJS.ProcessEnv; clock: typeof clock; random: () => number };

beforeEach(async () => {
  clock = fakeClock(noon);
  simulator = createSimulator({ logs: [{ logType: visits }], now: () => clock.now() });
  directory = await mkdtemp(join(tmpdir(), 'duo-metrics-'));
  const apiUrl = await simulator.listen();
  const env = { STORE_URL: pathToFileURL(directory).href, ...simulatorEnvironment(apiUrl) };
  surroundings = { env, clock, random: () => 0.5 };
  // In development mode Powertools prints through the console that we watch.
  process.env.POWERTOOLS_DEV = 'true';
  process.env.POWERTOOLS_METRICS_DISABLED = 'false';
  printed = [];
  for (const method of ['log', 'info', 'warn', 'error'] as const)
    jest.spyOn(console, method).mockImplementation((text) => void printed.push(String(text)));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await simulator.close();
  await rm(directory, { recursive: true });
});

/** What an invocation has published, name by name; null if that is nothing at all. Throws for a line that is not JSON. */
async function metricsOf(run: Promise<unknown>): Promise<Record<string, unknown> | null> {
  await run.catch(() => undefined);
  const line = printed
    .splice(0)
    .map((text) => JSON.parse(text))
    .find((one) => '_aws' in one);
  if (line === undefined) return null;
  const { _aws, ...values } = published.parse(line);
  return Object.fromEntries(_aws.CloudWatchMetrics[0].Metrics.map(({ Name }) => [Name, values[Name]]));
}

const collect = () => metricsOf(createHandler(visits, surroundings)({}, context));
const reconcile = () => metricsOf(createReconcileHandler(visits, surroundings)({}, context));

/** Collects until the days before the tests' are closed and due. */
async function liveUntil(at: number) {
  while (clock.now() < at) {
    clock.advance(6 * hour);
    await collect();
  }
}

describe('a run publishes', () => {
  test('how far behind the log is and nothing else where it finds nothing', async () => {
    expect(await collect()).toEqual({ BehindSeconds: 120 });
    clock.advance(5 * minute);
    expect(await collect()).toEqual({ BehindSeconds: 120 });
  });

  test('each count that is not 0', async () => {
    for (let n = 0; n < 15; n++) simulator.log('visits').add(visit(`id-${n}`, noon - 4 * minute + n));
    simulator.log('visits').add('{"visit_id": "odd", "ts": "2026-03-01T11:57:00.000000+00:00", "door": 1}');
    expect(await collect()).toEqual({ Records: 16, Objects: 1, SchemaDrift: 1, BehindSeconds: 120 });
    clock.advance(minute);
    expect(await collect()).toEqual({ Duplicates: 16, BehindSeconds: 120 });
  });

  test('how often it was throttled, and how far behind it leaves the log', async () => {
    await collect();
    clock.advance(5 * minute);
    simulator.fail('throttle', { times: 1 });
    expect(await collect()).toEqual({ Throttles: 1, BehindSeconds: 133 });
  });

  test('how far behind the log is when it fails', async () => {
    await collect();
    clock.advance(2 * hour);
    simulator.fail({ status: 403, body: {} });
    expect(await collect()).toEqual({ BehindSeconds: 2 * 3600 + 120 });
  });

  test('how far behind the log is where that is no time at all', () => {
    const told: unknown[] = [];
    addRunMetrics({ addMetric: (...metric) => told.push(metric) }, emptyReport(), 0);
    expect(told).toEqual([['BehindSeconds', 'Seconds', 0]]);
  });

  test('nothing where it fails before it knows, and says nothing of that', async () => {
    surroundings.env.STORE_URL = 'nowhere';
    expect(await collect()).toBeNull();
    expect(printed).toEqual([]);
  });
});

describe('a run of reconciliations publishes', () => {
  test('nothing where nothing is due, and says nothing of that', async () => {
    await collect();
    expect(await reconcile()).toBeNull();
  });

  test('that no day is left where it got them done, and nothing in the next run', async () => {
    await collect();
    await liveUntil(noon + 42 * hour);
    expect(await reconcile()).toEqual({ UnreconciledDays: 0 });
    expect(await reconcile()).toBeNull();
  });

  test('what it brings, and how many days are left where Duo fails', async () => {
    await collect();
    simulator.log('visits').add(visit('late', noon + hour), { publishedAt: noon + 20 * hour });
    await liveUntil(noon + 42 * hour);
    simulator.fail({ status: 403, body: {} });
    expect(await reconcile()).toEqual({ UnreconciledDays: 1 });
    expect(await reconcile()).toEqual({ Repaired: 1, UnreconciledDays: 0 });
  });
});

test('all that a run may leave out is known by name', () => {
  expect([...leftOutMetrics].sort()).toEqual([
    'Astray',
    'Deleted',
    'Doubled',
    'Duplicates',
    'Gaps',
    'LakeFiles',
    'LakeProblems',
    'LakeRecords',
    'LakeStopped',
    'Objects',
    'Records',
    'Repaired',
    'SchemaDrift',
    'Throttles',
    'UnreconciledDays',
  ]);
});
