import { readdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { recordsIn } from 'duo-core';
import {
  createSimulator,
  type FoundLog,
  findLogs,
  generate,
  type Reconciliation,
  reconcile,
  simulatorEnvironment,
} from 'duo-simulator';
import { invokeLocal } from './invoke-local';

const help = `pnpm demo [log-type …]

Collects from a simulated Duo into a directory, twice, with the real framework and bundle, and reconciles: every log type,
or those that are named. Of a single one it shows what happens. Exits with 1 if a record is lost or doubled.`;

const root = join(__dirname, '../..');
const minute = 60_000;
const hour = 60 * minute;
const count = 5_000;
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
    fail(await demonstrate(first, interrupted.signal, say));
    return;
  }

  say(`It has ${plural(count, 'record')} of the last 24 hours in each log. \`sls invoke local\` collects them as of an hour
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
    const shown = await Promise.all(logs.map((log) => demonstrate(log, interrupted.signal, () => {})));
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

/** Collects one log twice, telling what happens, and resolves to how it compares with what the simulator published. */
async function demonstrate({ logType, samples }: FoundLog, signal: AbortSignal, say: (text: string) => void) {
  const started = Date.now();
  let shift = hour;
  const simulator = createSimulator({ logs: [{ logType }], now: () => Date.now() - shift });
  const apiUrl = await simulator.listen();
  try {
    const log = simulator.log(logType.name);
    const make = (number: number, from: number, to: number, startIndex: number) =>
      generate({ logType, samples, count: number, from, to, seed: started, startIndex });
    log.addAll(make(count, started - 24 * hour, started - 5 * minute, 0));
    const directory = join(demoFolder, logType.name);

    const collectOnce = async () => {
      const asked = simulator.requests.length;
      const result = await invokeLocal(
        join(root, 'services', logType.name),
        {
          STORE_URL: pathToFileURL(directory).href,
          ...simulatorEnvironment(apiUrl),
          NODE_OPTIONS: `--require "${join(root, 'tools', 'bent-time.cjs')}"`,
          CLOCK_SHIFT_MS: String(shift),
        },
        signal,
      );
      const requests = simulator.requests.slice(asked);
      const [first] = requests;
      const { mintime, maxtime } = first?.params ?? {};
      say(`   asked   GET ${first?.path} from ${time(mintime)} ${maxtime ? `to ${time(maxtime)}` : 'on'}`);
      say(
        `   got     ${requests.map(({ status, records }) => (status === 200 ? records : status)).join(' + ')} records, page by page`,
      );
      const { outcome, records, duplicates, objects, behindSeconds } = result;
      say(
        `   stored  ${plural(records, 'record')} in ${plural(objects, 'object')}; ${duplicates} met before were not stored again`,
      );
      say(`   result  ${outcome}, ${behindSeconds} seconds behind`);
      return behindSeconds;
    };

    say(`\n${logType.name}: the simulator has ${plural(count, 'record')} of the last 24 hours.\n`);
    say('1. An hour ago (its clock is set back): sls invoke local -f collect --stage local');
    await collectOnce();

    // Duo may show a record later than it says: this one a quarter of an hour late, too late for the first run.
    const late = started - shift - 4 * minute;
    for (const record of make(1, late, late, count)) log.add(record, { publishedAt: late + 15 * minute });
    shift = 0;
    say('\n2. Now, after an hour of new records and an old one that Duo published late: the same');
    const behindSeconds = await collectOnce();

    say(`\nIn ${relative(root, directory)}:`);
    const delivered: string[] = [];
    let objects = 0;
    for (const file of await filesBelow(directory)) {
      if (!file.endsWith('.gz')) continue;
      const lines = recordsIn(await readFile(join(directory, file)));
      delivered.push(...lines);
      objects += 1;
      say(`  ${file}  ${plural(lines.length, 'record')}`);
    }
    const state = join('state', `${logType.name}.json`);
    const { seen, ...checkpoint } = JSON.parse(await readFile(join(directory, state), 'utf8'));
    say(`  ${state}`);
    say(`\nA record:\n  ${delivered[0]}`);
    say(
      `\nThe checkpoint, but for the ${plural(Object.keys(seen).length, 'record')} of the overlap that it remembers:`,
    );
    for (const [field, value] of Object.entries(checkpoint)) say(`  ${field}: ${JSON.stringify(value)}`);

    const reconciled = reconcile(log.published(), delivered);
    say(`\nReconciled with the simulator, record by record:`);
    for (const [what, number] of Object.entries(reconciled)) say(`${what} ${number}`);
    return { ...reconciled, behindSeconds, objects, requests: simulator.requests.length };
  } finally {
    await simulator.close();
  }
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

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
}

/** A time as Duo is sent it: in s or, with three digits more, in ms. */
function time(sent: unknown): string {
  const seconds = String(sent).slice(0, 10);
  return new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
}

function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
