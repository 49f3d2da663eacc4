import { join } from 'node:path';
import { createWorld, type Storing, type World } from './world';

/** Measures in a world of its own, of this log, and closes it whatever happens. */
export async function inWorld<T>(
  logName: string,
  storing: Storing,
  measure: (world: World) => Promise<T>,
): Promise<T> {
  const world = await createWorld(join(__dirname, '../..'), logName, storing);
  try {
    return await measure(world);
  } finally {
    world.close();
  }
}
