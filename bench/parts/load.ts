import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Figure, median } from '../figures';
import { loadOnce } from '../runs/run-once';
import type { World } from '../runs/world';

const part = 'load';
const rounds = 21;
const runs = 11;
const page = 1_000;

/**
 * How large the bundle is, how long a fresh process takes to load it, a part of every cold start, and until it asks Duo. The
 * ratio is taken round by round, since that is short enough for whatever else this machine does to weigh on both.
 */
export async function measureLoad(world: World) {
  const { bundles } = world;
  const taken: { ours: number; byDefault: number; empty: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    taken.push({
      ours: await loadOnce(bundles.ours),
      byDefault: await loadOnce(bundles.byDefault),
      empty: await loadOnce(bundles.empty),
    });
  }
  const load = median(taken.map(({ ours }) => ours));
  const ratio = median(taken.map(({ ours, byDefault }) => ours / byDefault));
  const byDefault = median(taken.map((round) => round.byDefault));
  const empty = median(taken.map((round) => round.empty));
  const figures: Figure[] = [
    { part, what: 'bundle', value: statSync(bundles.ours).size, unit: 'bytes', most: 450_000 },
    { part, what: "time to load, of the default bundle's", value: ratio, unit: '', most: 0.45 },
    { part, what: 'default bundle', value: statSync(bundles.byDefault).size, unit: 'bytes' },
    { part, what: 'time to load', value: load, unit: 'ms' },
    { part, what: 'time to load the default bundle', value: byDefault, unit: 'ms' },
    { part, what: 'time to load an empty handler', value: empty, unit: 'ms' },
    ...(await measureFirstRequest(world)),
  ];
  return { load, figures };
}

/** From the start of a process to its first request to Duo: it loads, and reads in its store where it stopped. */
async function measureFirstRequest(world: World): Promise<Figure[]> {
  const duo = await world.duo(page);
  const folder = mkdtempSync(join(tmpdir(), 'duo-bench-store-'));
  const asked: { s3: number; directory: number }[] = [];
  try {
    for (let run = 0; run < runs; run++) {
      const store = pathToFileURL(join(folder, String(run))).href;
      asked.push({
        s3: (await world.run('ours', duo, page)).asked,
        directory: (await world.run('ours', duo, page, { store })).asked,
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const what = "from a process's start to its first request to Duo";
  return [
    { part, what: `${what}, S3`, value: median(asked.map(({ s3 }) => s3)), unit: 'ms' },
    { part, what: `${what}, directory`, value: median(asked.map(({ directory }) => directory)), unit: 'ms' },
  ];
}
