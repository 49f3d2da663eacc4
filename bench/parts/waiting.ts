import { type Figure, median } from '../figures';
import type { Counted, World } from '../runs/world';

const part = 'waiting';
const rounds = 3;
const pages = 200;

/** In ms: what Duo takes for a page, and S3 for an object. */
export const latency = [100, 30] as const;

/** The wall time of a backlog, beside that of Duo's answers alone: everything else should happen meanwhile. */
export async function measureWaiting(world: World) {
  const records = pages * 1000;
  const duo = await world.duo(records);
  const runs: Counted[] = [];
  for (let round = 0; round < rounds; round++) {
    runs.push(await world.run('ours', duo, records, { latency, pages }));
  }
  const wall = median(runs.map((run) => run.wall));
  const cpu = median(runs.map((run) => run.cpu));
  const figures: Figure[] = [
    { part, what: 'wall time, of pages × 100 ms', value: wall / (pages * latency[0]), unit: '', most: 1.1 },
    { part, what: 'a page', value: wall / pages, unit: 'ms' },
  ];
  return { figures, wall, cpu, records };
}
