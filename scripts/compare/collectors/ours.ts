import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageService } from 'duo-contract/package-service';
import { openBucket } from './bucket';
import { type Collector, createProcesses, every } from './collector';

const root = join(__dirname, '../../..');

/** The bundle that is deployed, every five minutes, in a process that stays warm until it is killed. */
export const ours: Collector = {
  name: 'this collector',
  missing: null,
  async start(world) {
    const bundle = join(world.folder, 'handler.js');
    writeFileSync(bundle, packageService(join(root, 'services/telephony')).files['src/handler.js'] ?? '');
    const bucket = await openBucket(world);
    const processes = createProcesses(world);
    const environment = {
      ...bucket.environment,
      STORE_URL: 's3://logs/duo',
      LOOKBACK_HOURS: '24',
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      NODE_OPTIONS: `--require "${join(__dirname, '../fast-time.cjs')}"`,
    };
    const start = () => {
      const child = processes.start(
        process.execPath,
        [join(__dirname, '../invoke.cjs'), bundle],
        environment,
      );
      return { child, gone: once(child, 'exit') };
    };
    let warm = start();
    const schedule = every(5 * 60_000, world, async () => {
      const { exitCode, signalCode } = warm.child;
      if (exitCode !== null || signalCode !== null) warm = start();
      const { child, gone } = warm;
      const done = new Promise((resolve) => child.stdout?.once('data', resolve));
      child.stdin?.write('\n');
      await Promise.race([done, gone]);
    });
    return {
      kill: processes.kill,
      async stop() {
        await schedule.stop();
        const usage = await processes.end();
        const delivered = bucket.delivered('duo/logs/', '.json');
        await bucket.close();
        return { delivered, usage, note: 'every 5 minutes' };
      },
    };
  },
};
