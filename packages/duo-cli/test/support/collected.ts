import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createHandler, type RunResult } from 'duo-core';
import { createSimulator, fakeClock, findLogs, generate, simulatorEnvironment } from 'duo-simulator';
import { duo, noon, type Typed } from './operator';

const hour = 3_600_000;

/** A Duo with every log, a store in a directory, and a clock that both follow. */
export async function createCollected() {
  process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
  process.env.POWERTOOLS_METRICS_DISABLED = 'true';
  const clock = fakeClock(noon);
  const found = await findLogs(join(__dirname, '../../../../services'));
  const simulator = createSimulator({ logs: found, now: clock.now });
  const env = simulatorEnvironment(await simulator.listen());
  const root = mkdtempSync(join(tmpdir(), 'duo-cli-'));
  const store = pathToFileURL(root).href;
  const file = (name: string) => join(root, 'state', `${name}.json`);
  return { clock, simulator, env, root, store, file, publish, collect, saved, command, close };

  /** Records of the last hours. */
  function publish(name: string, count: number, hours: number): void {
    const log = found.find(({ logType }) => logType.name === name);
    if (log === undefined) throw new Error(`there is no ${name}`);
    simulator.log(name).addAll(generate({ ...log, count, from: noon - hours * hour, to: noon, seed: 1 }));
  }

  /** One run. */
  async function collect(name: string, settings: NodeJS.ProcessEnv = {}): Promise<RunResult> {
    const log = found.find(({ logType }) => logType.name === name);
    if (log === undefined) throw new Error(`there is no ${name}`);
    const handler = createHandler(log.logType, {
      env: { STORE_URL: store, ...env, ...settings },
      clock,
      random: () => 0.5,
    });
    const end = clock.now() + 280_000;
    const result = await handler({}, { getRemainingTimeInMillis: () => end - clock.now() });
    saved(name, 0);
    return result;
  }

  /** Makes it look as if the checkpoint had been saved so many ms ago. */
  function saved(name: string, ago: number): void {
    const at = (clock.now() - ago) / 1000;
    utimesSync(file(name), at, at);
  }

  /** What the operator sees. */
  function command(text: string, typed: Typed = {}) {
    return duo(`${text} --store ${store}`, { clock, ...typed, env: { ...env, ...typed.env } });
  }

  async function close(): Promise<void> {
    await simulator.close();
    rmSync(root, { recursive: true });
  }
}
