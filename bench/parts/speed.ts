import { type Figure, median } from '../figures';
import type { Counted, World } from '../runs/world';

const part = 'speed';
const rounds = 6;
const records = 100_000;

/** What a record costs where nothing is waited for, beside a bare loop with none of the guarantees. */
export async function measureSpeed(world: World) {
  const duo = await world.duo(records);
  const ours: Counted[] = [];
  const floor: Counted[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await world.run('ours', duo, records));
    floor.push(await world.run('floor', duo, records));
  }
  const cpu = median(ours.map((run) => run.cpu));
  const wall = median(ours.map((run) => run.wall));
  const floorCpu = median(floor.map((run) => run.cpu));
  const floorWall = median(floor.map((run) => run.wall));
  const figures: Figure[] = [
    { part, what: "CPU a record, of the floor's", value: cpu / floorCpu, unit: '', most: 1.3 },
    { part, what: 'CPU a record', value: (cpu / records) * 1000, unit: 'µs' },
    { part, what: 'CPU a record, floor', value: (floorCpu / records) * 1000, unit: 'µs' },
    { part, what: 'records a second', value: (records / wall) * 1000, unit: '' },
    { part, what: 'records a second, floor', value: (records / floorWall) * 1000, unit: '' },
  ];
  return { figures };
}
