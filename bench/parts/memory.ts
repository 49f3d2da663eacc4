import { type Figure, median } from '../figures';
import type { World } from '../runs/world';

const part = 'memory';

/** How often each backlog is collected: the longest for a minute, so once. */
const backlogs = [
  [10_000, 3],
  [100_000, 3],
  [1_000_000, 1],
] as const;

/**
 * Without limits V8 takes more of the machine's memory the longer it runs, before it collects its garbage: then this
 * would measure V8. With these (in MB) it measures what a run needs.
 */
const nodeOptions = ['--max-old-space-size=26', '--max-semi-space-size=2'];

/** The peak memory of one run over backlogs of several lengths: it must not grow with them. */
export async function measureMemory(world: World) {
  const peaks: number[] = [];
  for (const [records, rounds] of backlogs) {
    const duo = await world.duo(records);
    const runs: number[] = [];
    for (let round = 0; round < rounds; round++) {
      runs.push((await world.run('ours', duo, records, { nodeOptions })).peak / 1024);
    }
    peaks.push(median(runs));
  }
  const [least = Number.NaN, , most = Number.NaN] = peaks;
  const figures: Figure[] = [
    { part, what: 'peak at 1,000,000 records, of that at 10,000', value: most / least, unit: '', most: 1.2 },
    ...backlogs.map(([records], index) => ({
      part,
      what: `peak at ${records.toLocaleString('en-US')} records`,
      value: peaks[index] ?? Number.NaN,
      unit: 'MB',
    })),
  ];
  return { figures };
}
