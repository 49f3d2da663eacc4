import { statSync } from 'node:fs';
import { type Figure, median } from '../figures';
import { loadOnce } from '../runs/run-once';
import type { World } from '../runs/world';

const part = 'load';
const rounds = 21;

/**
 * How large the bundle is and how long a fresh process takes to load it: a part of every cold start. The ratio is taken
 * round by round, since that is short enough for whatever else this machine does to weigh on both.
 */
export async function measureLoad({ bundles }: World) {
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
    { part, what: 'bundle', value: statSync(bundles.ours).size, unit: 'bytes', most: 540_000 },
    { part, what: "time to load, of the default bundle's", value: ratio, unit: '', most: 0.45 },
    { part, what: 'default bundle', value: statSync(bundles.byDefault).size, unit: 'bytes' },
    { part, what: 'time to load', value: load, unit: 'ms' },
    { part, what: 'time to load the default bundle', value: byDefault, unit: 'ms' },
    { part, what: 'time to load an empty handler', value: empty, unit: 'ms' },
  ];
  return { load, figures };
}
