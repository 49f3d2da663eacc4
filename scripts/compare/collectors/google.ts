import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { close, listen } from 'duo-simulator';
import { createRelay } from '../../../tools/google-function/relay';
import { openBucket } from './bucket';
import { type Collector, createProcesses, every } from './collector';
import { python } from './python';

const root = join(__dirname, '../../..');
const { SEED_FUNCTION } = process.env;
const missing = SEED_FUNCTION ? null : 'SEED_FUNCTION names no guide of Google';

/** Google's function as its guide shows it, every hour. */
export const google: Collector = collectorOf("Google's function", false);

/** The same with a relay in between, which completes its second request: Duo wants the bounds of the window with each. */
export const googleCompleted: Collector = collectorOf('same, completed', true);

function collectorOf(name: string, isCompleted: boolean): Collector {
  return {
    name,
    missing,
    async start(world) {
      const bucket = await openBucket(world);
      const relay = isCompleted ? createRelay(world.apiUrl, 'ts:asc', world.clock.now) : null;
      const apiUrl = relay === null ? world.apiUrl : await listen(relay);
      const processes = createProcesses(world);
      let failed = 0;
      const schedule = every(60 * 60_000, world, async () => {
        const child = processes.start(python(), [join(__dirname, '../python/google.py')], {
          ...bucket.environment,
          AWS_CONFIG_FILE: join(root, 'bench/runs/python/aws-config'),
          PYTHONPATH: [join(__dirname, '../python'), join(root, 'tools/google-function')].join(delimiter),
          SEED_FUNCTION: SEED_FUNCTION ?? '',
          DUO_API_URL: apiUrl,
          S3_BUCKET: 'logs',
          S3_PREFIX: 'duo-telephony/',
          STATE_KEY: 'duo-telephony/state.json',
        });
        child.stdout?.resume();
        await once(child, 'close');
        if (child.exitCode !== 0 && child.signalCode === null) failed += 1;
      });
      return {
        kill: processes.kill,
        async stop() {
          await schedule.stop();
          const usage = await processes.end();
          const delivered = bucket.delivered('duo-telephony/', 'state.json');
          if (relay !== null) await close(relay);
          await bucket.close();
          return {
            delivered,
            usage,
            note: `every hour; ${failed} runs failed`,
          };
        },
      };
    },
  };
}
