import { once } from 'node:events';
import { join } from 'node:path';
import type { Delivered } from '../count';
import { type Collector, createProcesses, every } from './collector';
import { linesInto } from './lines';
import { python } from './python';

/** Duo's own client in the shortest loop, as a job every five minutes. */
export const shortestLoop: Collector = {
  name: "loop, Duo's client",
  missing: null,
  async start(world) {
    const processes = createProcesses(world);
    const delivered: Delivered[] = [];
    let failed = 0;
    const schedule = every(5 * 60_000, world, async () => {
      const child = processes.start(python(), [join(__dirname, '../python/shortest_loop.py')], {
        PYTHONPATH: join(__dirname, '../python'),
        COMPARE_STATE: join(world.folder, 'state.json'),
      });
      child.stdout?.on('data', linesInto(delivered, world.clock));
      await once(child, 'close');
      if (child.exitCode !== 0 && child.signalCode === null) failed += 1;
    });
    return {
      kill: processes.kill,
      async stop() {
        await schedule.stop();
        return { delivered, usage: await processes.end(), note: `every 5 minutes; ${failed} runs failed` };
      },
    };
  },
};
