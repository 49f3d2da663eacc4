import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join, resolve } from 'node:path';
import { simulatorCredentials } from 'duo-simulator';
import type { Delivered } from '../count';
import { type Collector, createProcesses } from './collector';
import { linesInto } from './lines';
import { pythonOfLogSync } from './python';

const folder = process.env.LOG_SYNC ? resolve(process.env.LOG_SYNC) : undefined;

/**
 * Duo's log sync, unchanged, with a checkpoint, to a receiver over TCP; a supervisor starts it again a minute after it has ended. It
 * waits 120 s before each page: of this time, like everybody.
 */
export const logSync: Collector = {
  name: "Duo's log sync",
  missing: missing(),
  async start(world) {
    const processes = createProcesses(world);
    const delivered: Delivered[] = [];
    const receiver = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', linesInto(delivered, world.clock));
    });
    await once(receiver.listen(0, '127.0.0.1'), 'listening');
    const address = receiver.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const config = join(world.folder, 'config.yml');
    writeFileSync(config, JSON.stringify(settings(world.folder, port)));
    let starts = 0;
    let isStopped = false;
    const supervising = (async () => {
      while (!isStopped) {
        starts += 1;
        const child = processes.start(
          pythonOfLogSync(),
          ['-c', 'from duologsync.app import main; main()', config],
          { PYTHONPATH: [join(__dirname, '../python'), folder].join(delimiter) },
        );
        child.stdout?.resume();
        await once(child, 'close');
        await world.clock.until(world.clock.now() + 60_000);
      }
    })();
    return {
      kill: processes.kill,
      async stop() {
        isStopped = true;
        const usage = await processes.end();
        await supervising;
        await new Promise((done) => receiver.close(done));
        return { delivered, usage, note: `always runs; started ${starts} times` };
      },
    };
  },
};

function missing(): string | null {
  if (folder === undefined) return "LOG_SYNC names no folder with Duo's log sync";
  return existsSync(join(folder, 'duologsync/app.py')) ? null : `${folder} has no duologsync/app.py`;
}

/** As its example_config.yml has them. JSON is YAML. */
function settings(directory: string, port: number) {
  const { ikey, skey, apiHost: hostname } = simulatorCredentials;
  return {
    version: '1.0.0',
    dls_settings: {
      log_filepath: join(directory, 'duologsync.log'),
      log_format: 'JSON',
      api: { offset: 1, timeout: 120 },
      checkpointing: { enabled: true, directory },
    },
    servers: [{ id: 'receiver', hostname: '127.0.0.1', port, protocol: 'TCP' }],
    account: {
      ikey,
      skey,
      hostname,
      endpoint_server_mappings: [{ endpoints: ['telephony'], server: 'receiver' }],
      is_msp: false,
    },
  };
}
