import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createWorld, runUntilCaughtUp } from 'duo-contract/world';
import { type RunResult, recordsIn } from 'duo-core';
import { close, findLog, listen, reconcile } from 'duo-simulator';
import { createRelay } from '../../../../tools/google-function/relay';
import type { Seed } from '../seed/seed';
import { duo, type Typed } from './operator';

/** How Duo answers a cursor that is sent without bounds and `sort`: with 400, or as if it knew, in one order or the other. */
export type Leniency = 'refuses' | 'ts:asc' | 'ts:desc';

/** A Duo, a bucket of Google's function, a store of the collector, and a clock that all follow. */
export async function createUpgrade(seed: Seed, leniency: Leniency = 'refuses') {
  const { logType, samples } = await findLog('telephony');
  const root = mkdtempSync(join(tmpdir(), 'duo-upgrade-'));
  const [bucket, store] = [join(root, 'bucket'), join(root, 'store')];
  const state = join(bucket, 'duo-telephony', 'state.json');
  const world = await createWorld([{ logType, ending: 'absent' }], pathToFileURL(store).href);
  const { clock, apiUrl } = world;
  const relay = leniency === 'refuses' ? null : createRelay(apiUrl, leniency, clock.now);
  const seedUrl = relay === null ? apiUrl : await listen(relay);
  const log = world.simulator.log(logType.name);
  return {
    clock,
    log,
    logType,
    samples,
    bucket,
    state,
    seedRun,
    importState,
    collect,
    checkpoint,
    reconciled,
    stored,
    async close(): Promise<void> {
      if (relay !== null) await close(relay);
      await world.close();
      rmSync(root, { recursive: true });
    },
  };

  function seedRun(maxIterations = 10): Promise<number> {
    return seed({ bucket, apiUrl: seedUrl, now: clock.now(), maxIterations });
  }

  function importState(flags = '', typed: Typed = {}) {
    const command = `checkpoint import telephony --store ${world.store} --from ${state} ${flags || '--yes'}`;
    return duo(command, { now: clock.now(), ...typed });
  }

  /** Runs of the collector, five minutes apart, until one has caught up. */
  function collect(): Promise<RunResult> {
    clock.advance(300_000);
    return runUntilCaughtUp(world, () => world.coldStart(logType)());
  }

  function checkpoint(): unknown {
    return JSON.parse(readFileSync(join(store, 'state', 'telephony.json'), 'utf8'));
  }

  /** What the function and the collector have stored, as values: the function prints anew what it has read. */
  function stored(): { seed: string[]; collector: string[] } {
    const folder = join(bucket, 'duo-telephony');
    const files = (of: string) =>
      existsSync(of) ? readdirSync(of, { recursive: true, withFileTypes: true }) : [];
    const objects = files(folder).filter(({ name }) => name !== 'state.json');
    const gzips = files(store).filter(({ name }) => name.endsWith('.gz'));
    return {
      seed: objects.flatMap(({ name }) => readFileSync(join(folder, name), 'utf8').split('\n')).map(value),
      collector: gzips
        .flatMap(({ parentPath, name }) => recordsIn(readFileSync(join(parentPath, name))))
        .map(value),
    };
  }

  /** How many records are missing of all that Duo shows, and how many the collector has stored that were stored before. */
  function reconciled() {
    const { seed, collector } = stored();
    const published = log.published().map(value);
    const known = new Set(seed);
    const { lost } = reconcile(published, [...new Set([...seed, ...collector])]);
    const again = collector.filter((one) => known.has(one)).length;
    return { lost, again: again + collector.length - new Set(collector).size };
  }
}

function value(text: string): string {
  return JSON.stringify(JSON.parse(text));
}
