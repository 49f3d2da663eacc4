import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { createStoreFolder } from 'duo-contract/store-folder';
import { createWorld } from 'duo-contract/world';
import type { RunResult } from 'duo-core';
import { findLogs, logNamed } from 'duo-simulator';
import { duo, noon, type Typed } from './operator';

const hour = 3_600_000;

/** A world with every log and a store in a directory, which the operator looks at. */
export async function createCollected() {
  const folder = createStoreFolder();
  const logs = await findLogs();
  const world = await createWorld(logs, folder.url);
  const { clock, env, store } = world;
  const file = (name: string) => join(folder.path, 'state', `${name}.json`);
  return { ...world, root: folder.path, file, publish, publishAt, collect, saved, command, close };

  /** Records of the last hours. */
  function publish(name: string, count: number, hours: number): void {
    world.publish(logNamed(logs, name), { count, from: noon - hours * hour, to: noon });
  }

  /** Records of one minute (ms). */
  function publishAt(name: string, count: number, at: number): void {
    world.publish(logNamed(logs, name), { count, from: at, to: at + 60_000, startIndex: (noon - at) / 60 });
  }

  /** One run. */
  async function collect(name: string, settings: NodeJS.ProcessEnv = {}): Promise<RunResult> {
    const { logType } = logNamed(logs, name);
    const result = await world.coldStart(logType, settings)();
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
    await world.close();
    folder.remove();
  }
}
