import { readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { findLogs, type Reconciliation } from 'duo-simulator';
import { count, demonstrate } from './demonstrate';

const help = `pnpm demo [log-type …]

Collects from a simulated Duo into a directory, twice, with the real framework and bundle, and reconciles: every log type,
or those that are named. Of a single one it shows what happens. Exits with 1 if a record is lost or doubled.`;

const root = join(__dirname, '../..');
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

  say(`It has ${count} records of the last 24 hours in each log. \`sls invoke local\` collects them as of an hour
ago, and then what has come in since. What one of them does in detail: pnpm demo telephony\n`);
  sayRow(
    'log type',
    'published',
    'delivered',
    'requests',
    'objects',
    'behind',
    'reconciled, record by record',
  );
  const sum = { lost: 0, doubled: 0 };
  for (let next = 0; next < chosen.length; next += atOnce) {
    const logs = chosen.slice(next, next + atOnce);
    const shown = await Promise.all(
      logs.map((log) => demonstrate(log, demoFolder, interrupted.signal, () => {})),
    );
    for (const [n, row] of shown.entries()) {
      const { published, delivered, requests, objects, behindSeconds, lost, doubled } = row;
      const name = logs[n]?.logType.name ?? '';
      sayRow(
        name,
        published,
        delivered,
        requests,
        objects,
        `${behindSeconds} s`,
        `lost ${lost} doubled ${doubled}`,
      );
      sum.lost += lost;
      sum.doubled += doubled;
    }
  }
  fail(sum);
  say(`\nWhat was stored is in ${relative(root, demoFolder)}.\n`);
  for (const [what, number] of Object.entries(sum)) say(`${what} ${number}`);
}

function sayRow(name: string, ...cells: readonly (string | number)[]): void {
  const numbers = cells.slice(0, -1).map((cell) => String(cell).padStart(9));
  say(`${name.padEnd(20)}${numbers.join('  ')}  ${cells.at(-1)}`);
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
  process.stdout.write(`${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
