import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, relative } from 'node:path';
import { type Figure, holds, table } from './figures';
import { measureAccounts } from './parts/accounts';
import { measureBesideOthers } from './parts/beside-others';
import { measureCost } from './parts/cost';
import { measureLake } from './parts/lake';
import { measureLoad } from './parts/load';
import { measureMemory } from './parts/memory';
import { measureReconciliation } from './parts/reconcile';
import { measureRequests } from './parts/requests';
import { measureSpeed } from './parts/speed';
import { measureWaiting } from './parts/waiting';
import { installPython } from './runs/python/run-python';
import { createWorld } from './runs/world';

const help = `pnpm bench [part…]

Measures what a run takes, on this machine, against the simulator: all of it, or load, speed, waiting, requests, memory,
reconcile, accounts, lake, cost (and what that reckons with: load, waiting, requests).
docs/performance.md says what the figures mean. Exits with 1 if a bound is missed, or was not measured: speed wants
SEED_FUNCTION to name Google's guide, saved as text, or its function alone; and Python 3.10 or newer.
`;

const root = join(__dirname, '..');
const names = [
  'load',
  'speed',
  'waiting',
  'requests',
  'memory',
  'reconcile',
  'accounts',
  'lake',
  'cost',
] as const;

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) return void process.stdout.write(help);
  const unknown = args.find((arg) => !names.some((name) => name === arg));
  if (unknown !== undefined) throw new Error(`there is no part "${unknown}"\n\n${help}`);
  const wanted = (name: (typeof names)[number]) => args.length === 0 || args.includes(name);
  // Before anything is measured, so that nothing is lost if it cannot be had.
  if (wanted('speed')) installPython();
  const reckoned = (name: 'load' | 'waiting' | 'requests') => wanted(name) || wanted('cost');
  const began = Date.now();
  const world = await createWorld(root);
  try {
    const load = reckoned('load') ? await measureLoad(world) : undefined;
    const speed = wanted('speed') ? await measureSpeed(world) : undefined;
    const beside = wanted('speed') ? await measureBesideOthers() : undefined;
    const waiting = reckoned('waiting') ? await measureWaiting(world) : undefined;
    const requests = reckoned('requests') ? await measureRequests(world) : undefined;
    const memory = wanted('memory') ? await measureMemory(world) : undefined;
    const reconcile = wanted('reconcile') ? await measureReconciliation() : undefined;
    const accounts = wanted('accounts') ? await measureAccounts() : undefined;
    const lake = wanted('lake') ? await measureLake() : undefined;
    const parts = [load, speed, beside, waiting, requests, memory, reconcile, accounts, lake];
    const figures: Figure[] = parts.flatMap((part) => part?.figures ?? []);
    if (wanted('cost') && load && waiting && requests)
      figures.push(...(await measureCost({ load: load.load, waiting, ...requests })).figures);
    report(figures, (Date.now() - began) / 1000);
  } finally {
    world.close();
  }
}

function report(figures: readonly Figure[], seconds: number): void {
  const file = join(root, '.local', 'bench.json');
  mkdirSync(join(root, '.local'), { recursive: true });
  const machine = { node: process.version, cores: cpus().length, cpu: cpus()[0]?.model };
  writeFileSync(file, `${JSON.stringify({ at: new Date(), machine, seconds, figures }, null, 2)}\n`);
  process.stdout.write(`${table(figures)}\n\n${Math.round(seconds)} s; ${relative(root, file)}\n`);
  const missed = figures.filter((figure) => !holds(figure));
  for (const { part, what, value, most, missing } of missed) {
    process.stderr.write(
      missing === undefined
        ? `missed: ${part}, ${what}: ${value} is more than ${most}\n`
        : `not measured, so not met: ${part}, ${what}: set ${missing}, see docs/performance.md\n`,
    );
  }
  if (missed.length > 0) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
