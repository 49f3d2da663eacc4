import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createHandler, type LogType, type RunResult, recordsIn } from 'duo-core';
import {
  createSimulator,
  fakeClock,
  type PageForm,
  type Reconciliation,
  reconcile,
  simulatorEnvironment,
} from 'duo-simulator';

const minute = 60_000;

/** When a contract suite takes place. */
export const noon = Date.parse('2026-03-01T12:00:00Z');

/** See `createContractWorld`. */
export type ContractWorld = Awaited<ReturnType<typeof createContractWorld>>;

/** A simulated Duo with one log, a directory as the store, and a clock that both follow and that only moves when told. */
export async function createContractWorld(logType: LogType, form: PageForm = {}) {
  const clock = fakeClock(noon);
  const simulator = createSimulator({ logs: [{ logType, ...form }], now: clock.now });
  const apiUrl = await simulator.listen();
  const directory = mkdtempSync(join(tmpdir(), 'duo-contract-'));
  const log = simulator.log(logType.name);
  return { clock, simulator, log, run, runUntilCaughtUp, files, delivered, reconciled, close };

  /** One cold start of the service's function, with 280 seconds to live. */
  function run(env: NodeJS.ProcessEnv = {}): Promise<RunResult> {
    const handler = createHandler(logType, {
      env: { STORE_URL: pathToFileURL(directory).href, ...simulatorEnvironment(apiUrl), ...env },
      clock,
      random: () => 0.5,
    });
    const end = clock.now() + 280_000;
    return handler({}, { getRemainingTimeInMillis: () => end - clock.now() });
  }

  /** Runs as the schedule would, five minutes apart. Rejects if a run fails. */
  async function runUntilCaughtUp(): Promise<void> {
    for (let runs = 0; runs < 50; runs++) {
      if ((await run()).outcome === 'caught-up') return;
      clock.advance(5 * minute);
    }
    throw new Error('50 runs did not catch up');
  }

  /** Every file of the store and its bytes, in base64. */
  function files(): Record<string, string> {
    const names = readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    return Object.fromEntries(names.sort().map((name) => [name, readFileSync(name).toString('base64')]));
  }

  function delivered(): string[] {
    return Object.entries(files())
      .filter(([name]) => name.endsWith('.gz'))
      .flatMap(([, bytes]) => recordsIn(Buffer.from(bytes, 'base64')));
  }

  function reconciled(): Reconciliation {
    return reconcile(log.published(), delivered());
  }

  async function close(): Promise<void> {
    await simulator.close();
    rmSync(directory, { recursive: true });
  }
}
