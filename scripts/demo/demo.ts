import { readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { type FoundLog, findLogs, type Reconciliation } from 'duo-simulator';
import { ask } from '../../packages/duo-cli/src/operator/ask';
import { tableLine } from '../../packages/duo-cli/src/operator/table';
import { thisProcess, worldOf } from '../../packages/duo-cli/src/operator/world';
import { sinceText } from '../../packages/duo-cli/src/progress/pace';
import { startProgress } from '../../packages/duo-cli/src/progress/progress';
import { count, demonstrate } from './demonstrate';

const help = `pnpm demo [log-type …]

Collects from a simulated Duo into a directory, twice, with the real framework
and bundle, and reconciles: every log type, or those that are named. Of a single
one it shows what happens. Exits with 1 if a record is lost or doubled.`;

const root = join(__dirname, '../..');
const world = worldOf(thisProcess(ask), process.env);
/** Log types that are collected side by side. */
const atOnce = 2;
const demoFolder = join(root, '.local', `demo-${process.pid}`);

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean' } },
  });
  if (values.help) return say(help);
  const found = await findLogs(join(root, 'services'));
  const chosen =
    positionals.length === 0 ? found : found.filter(({ logType }) => positionals.includes(logType.name));
  const names = found.map(({ logType }) => logType.name).join(', ');
  if (chosen.length < Math.max(1, positionals.length))
    throw new Error(`pnpm demo takes names of log types: ${names}`);

  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => interrupted.abort(new Error('interrupted')));
  }

  await removeLeftovers();
  say('A simulator on this machine stands in for Duo, and a directory for S3.');
  const [first] = chosen;
  if (first !== undefined && chosen.length === 1) {
    fail(await demonstrate(first, demoFolder, interrupted.signal, say));
    return;
  }

  say(`It has ${count} records of the last 24 hours in each log. \`sls invoke local\`
collects them as of an hour ago, and then what has come in since. Then each
record is compared. What a log does in detail: pnpm demo telephony\n`);
  sayRow(['log type', 'at Duo', 'stored', 'requests', 'objects', 'behind', 'lost', 'doubled']);
  const sum = await demonstrateAll(chosen, interrupted.signal);
  fail(sum);
  say(`\nWhat was stored is in ${relative(root, demoFolder)}.\n`);
  for (const [what, number] of Object.entries(sum)) say(`${what} ${number}`);
}

/** Some at once; each has its row as soon as it is done, and until then a line on a terminal says what is under way. */
async function demonstrateAll(logs: readonly FoundLog[], signal: AbortSignal) {
  const sum = { lost: 0, doubled: 0 };
  const progress = world.columns === undefined ? null : startProgress(world);
  const started = world.clock.now();
  const underWay = new Set<string>();
  let done = 0;
  const show = () =>
    progress?.show(
      done / logs.length,
      () => `${[...underWay].join(' and ')}${sinceText(world.clock.now() - started)}`,
    );
  const waiting = logs.values();
  const worker = async () => {
    for (const log of waiting) {
      const { name } = log.logType;
      underWay.add(name);
      show();
      const row = await demonstrate(log, demoFolder, signal, () => {});
      underWay.delete(name);
      done += 1;
      progress?.end();
      const { published, delivered, requests, objects, behindSeconds, lost, doubled } = row;
      sayRow([name, published, delivered, requests, objects, `${behindSeconds} s`, lost, doubled]);
      if (underWay.size > 0) show();
      sum.lost += lost;
      sum.doubled += doubled;
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, worker));
  } finally {
    progress?.end();
  }
  return sum;
}

function sayRow(cells: readonly (string | number)[]): void {
  world.print(tableLine(cells.map(String), [18, 6, 6, 8, 7, 6, 4, 7]));
}

function fail({ lost, doubled }: Pick<Reconciliation, 'lost' | 'doubled'>): void {
  if (lost > 0 || doubled > 0) process.exitCode = 1;
}

/** What an earlier demo left behind for its reader; one that is still running keeps its own. */
async function removeLeftovers(): Promise<void> {
  const local = join(root, '.local');
  for (const name of await readdir(local).catch(() => [])) {
    const pid = Number(/^demo-(\d+)$/.exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid)) await rm(join(local, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function say(text: string): void {
  world.print(`${text}\n`);
}

main().catch((error: unknown) => {
  world.complain(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
