import { readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import {
  type AccountSetup,
  type FoundLog,
  findLogs,
  inventedAccounts,
  type Reconciliation,
} from 'duo-simulator';
import { ask } from '../../packages/duo-cli/src/operator/ask';
import { tableLine } from '../../packages/duo-cli/src/operator/table';
import { thisProcess, worldOf } from '../../packages/duo-cli/src/operator/world';
import { sinceText } from '../../packages/duo-cli/src/progress/pace';
import { startProgress } from '../../packages/duo-cli/src/progress/progress';
import { count, demonstrate } from './demonstrate';
import { quietly } from './quietly';

const help = `pnpm demo [log-type …] [--accounts <n>]

Collects from a simulated Duo into a directory, twice, with the real framework
and bundle, and reconciles: every log type, or those that you name. If you name
only one, it shows what happens. Exits with 1 if a record is lost or doubled.
Its last line is the path of a report that it made (duo report).

--accounts <n>  of one log type, by default telephony, for so many Duo accounts
                of one stage: the first has keys of its own, the others are
                children of a parent account`;

const root = join(__dirname, '../..');
const world = worldOf(thisProcess(ask), process.env);
/** Log types that are collected side by side. */
const atOnce = 2;
const demoFolder = join(root, '.local', `demo-${process.pid}`);

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean' }, accounts: { type: 'string' } },
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

  const accounts = readAccounts(values.accounts);
  await removeLeftovers();
  say('A simulator on this machine stands in for Duo, and a directory for S3.');
  if (accounts.length > 0) {
    const log =
      positionals.length === 0 ? found.find(({ logType }) => logType.name === 'telephony') : chosen[0];
    if (log === undefined || positionals.length > 1) throw new Error('--accounts takes one log type at most');
    await showAccounts(log, accounts, interrupted.signal);
    return await tellReport();
  }
  const [first] = chosen;
  if (first !== undefined && chosen.length === 1) {
    fail(await demonstrate(first, demoFolder, interrupted.signal, say));
    await tellReport();
    return;
  }

  say(`It has ${count} records of the last 24 hours in each log. \`sls invoke local\`
collects them as of an hour ago, and then what has come in since. Then each
record is compared. To see one log in detail: npx pnpm demo telephony\n`);
  sayRow(['log type', 'at Duo', 'stored', 'requests', 'objects', 'behind', 'lost', 'doubled']);
  tellSum(
    await demonstrateAll(
      chosen.map((log) => ({ name: log.logType.name, log })),
      atOnce,
      interrupted.signal,
    ),
  );
  await tellReport();
}

/** A page about all that was collected: its path is the demo's last line. */
async function tellReport(): Promise<void> {
  const file = join(demoFolder, 'report.html');
  const store = pathToFileURL(demoFolder).href;
  const { exitCode, err } = await quietly(['report', '--check', '--store', store, '--output', file], {});
  if (exitCode !== 0) throw new Error(`the report: ${err}`);
  say(`\nA report that was made of it, to open in a browser:\n${relative(root, file)}`);
}

/** One log of several accounts, one after the other: they share the service's folder. */
async function showAccounts(
  log: FoundLog,
  accounts: readonly AccountSetup[],
  signal: AbortSignal,
): Promise<void> {
  say(`It has ${accounts.length} accounts, each with ${count} records of the last 24 hours in its
${log.logType.name} log. \`sls invoke local\` collects them as of an hour ago, and then
what has come in since. Then each record is compared.\n`);
  sayRow(['account', 'at Duo', 'stored', 'requests', 'objects', 'behind', 'lost', 'doubled']);
  tellSum(
    await demonstrateAll(
      accounts.map((account) => ({ name: account.name, log, account })),
      1,
      signal,
    ),
  );
}

function tellSum(sum: Pick<Reconciliation, 'lost' | 'doubled'>): void {
  fail(sum);
  say(`\nWhat was stored is in ${relative(root, demoFolder)}.\n`);
  for (const [what, number] of Object.entries(sum)) say(`${what} ${number}`);
}

function readAccounts(text: string | undefined): AccountSetup[] {
  if (text === undefined) return [];
  if (!/^([1-9]|1\d|20)$/.test(text)) throw new Error('--accounts must be a number from 1 to 20');
  return inventedAccounts(Number(text));
}

/** A row of the table. */
interface Subject {
  readonly name: string;
  readonly log: FoundLog;
  readonly account?: AccountSetup;
}

/** Some at once; each has its row as soon as it is done, and until then a line on a terminal says what is under way. */
async function demonstrateAll(subjects: readonly Subject[], width: number, signal: AbortSignal) {
  const sum = { lost: 0, doubled: 0 };
  const progress = world.columns === undefined ? null : startProgress(world);
  const started = world.clock.now();
  const underWay = new Set<string>();
  let done = 0;
  const show = () =>
    progress?.show(
      done / subjects.length,
      () => `${[...underWay].join(' and ')}${sinceText(world.clock.now() - started)}`,
    );
  const waiting = subjects.values();
  const worker = async () => {
    for (const { name, log, account } of waiting) {
      underWay.add(name);
      show();
      const row = await demonstrate(log, demoFolder, signal, () => {}, account);
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
    await Promise.all(Array.from({ length: width }, worker));
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
