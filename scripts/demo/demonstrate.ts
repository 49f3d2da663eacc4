import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type AccountLog, checkpointKey, logFolder, recordsIn } from 'duo-core';
import {
  type AccountSetup,
  createSimulator,
  type FoundLog,
  generate,
  reconcile,
  simulatorEnvironment,
} from 'duo-simulator';
import { maskPhones } from '../../packages/duo-cli/src/operator/mask-phones';
import { invokeLocal } from './invoke-local';
import { quietly } from './quietly';

const root = join(__dirname, '../..');
const minute = 60_000;
const hour = 60 * minute;

/** How many records there are of the last 24 hours; one more is published late. */
export const count = 5_000;

/**
 * Collects one log twice into a folder, telling what happens, and resolves to how it compares with what the simulator published; in the
 * end yesterday has a receipt. With an account, which is then one of several of the simulator's, that one's.
 */
export async function demonstrate(
  { logType, samples }: FoundLog,
  into: string,
  signal: AbortSignal,
  say: (text: string) => void,
  account?: AccountSetup,
) {
  const started = Date.now();
  let shift = hour;
  const accounts = account === undefined ? [] : [account];
  const simulator = createSimulator({ logs: [{ logType }], accounts, now: () => Date.now() - shift });
  const event = account === undefined ? {} : { account: account.name };
  const of = { logType: logType.name, ...event };
  const apiUrl = await simulator.listen();
  try {
    const log = simulator.log(logType.name, account?.name);
    const make = (number: number, from: number, to: number, startIndex: number) =>
      generate({ logType, samples, count: number, from, to, seed: started, startIndex });
    log.addAll(make(count, started - 24 * hour, started - 5 * minute, 0));

    const collectOnce = async () => {
      const asked = simulator.requests.length;
      const result = await invokeLocal(
        join(root, 'services', logType.name),
        {
          STORE_URL: pathToFileURL(into).href,
          ...simulatorEnvironment(apiUrl, accounts),
          NODE_OPTIONS: `--require "${join(root, 'tools', 'bent-time.cjs')}"`,
          CLOCK_SHIFT_MS: String(shift),
        },
        event,
        signal,
      );
      const requests = simulator.requests.slice(asked);
      const [first] = requests;
      const { mintime, maxtime } = first?.params ?? {};
      say(
        `   asked   GET ${first?.path}\n           from ${time(mintime)} ${maxtime ? `to ${time(maxtime)}` : 'on'}`,
      );
      say(
        `   got     ${requests.map(({ status, records }) => (status === 200 ? records : status)).join(' + ')} records, page by page`,
      );
      const { outcome, records, duplicates, objects, behindSeconds } = result;
      say(
        `   stored  ${plural(records, 'record')} in ${plural(objects, 'object')};\n           ${duplicates} seen before were not stored again`,
      );
      say(`   result  ${outcome}, ${behindSeconds} seconds behind`);
      return behindSeconds;
    };

    say(`\n${logType.name}: the simulator has ${plural(count, 'record')} of the last 24 hours.\n`);
    say('1. An hour ago (its clock is set back):\n   sls invoke local -f collect --stage local');
    await collectOnce();

    // Duo may show a record later than it says: this one a quarter of an hour late, too late for the first run.
    const late = started - shift - 4 * minute;
    for (const record of make(1, late, late, count)) log.add(record, { publishedAt: late + 15 * minute });
    shift = 0;
    say('\n2. Now, after an hour of new records and an old one that Duo published late:\n   the same');
    const behindSeconds = await collectOnce();

    say(`\nIn ${relative(root, into)}:`);
    const delivered: string[] = [];
    let objects = 0;
    for (const file of await filesBelow(into)) {
      if (!file.startsWith(logFolder(of))) continue;
      const lines = recordsIn(await readFile(join(into, file)));
      delivered.push(...lines);
      objects += 1;
      say(`  ${dirname(file)}: ${plural(lines.length, 'record')} in\n  ${basename(file)}`);
    }
    const state = checkpointKey(of);
    const { seen, ...checkpoint } = JSON.parse(await readFile(join(into, state), 'utf8'));
    say(`  ${state}`);
    say(
      `\nA record (stored as one line, as Duo sent it):\n${recordText(maskPhones(delivered[0] ?? 'null'))}`,
    );
    say(
      `\nThe checkpoint, without the ${plural(Object.keys(seen).length, 'record')} of the overlap\nthat it remembers:`,
    );
    for (const [field, value] of Object.entries(checkpoint)) say(`  ${field}: ${JSON.stringify(value)}`);

    const reconciled = reconcile(log.published(), delivered);
    say(`\nReconciled with the simulator, record by record:`);
    for (const [what, number] of Object.entries(reconciled)) say(`${what} ${number}`);
    const requests = simulator.requests.length;
    await compareYesterday(of, into, simulatorEnvironment(apiUrl, accounts));
    return { ...reconciled, behindSeconds, objects, requests };
  } finally {
    await simulator.close();
  }
}

/** As `reconcile` does a day later; in the first minutes of a day, and of a log that Duo changes for a week, it is not closed yet. */
async function compareYesterday(
  { logType, account }: AccountLog,
  into: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const of = account === undefined ? [] : ['--account', account];
  const days = ['--from', 'yesterday', '--to', 'yesterday'];
  const store = ['--store', pathToFileURL(into).href];
  const { exitCode, err } = await quietly(['verify', logType, '--repair', ...days, ...store, ...of], env);
  if (exitCode !== 0 && !err.includes('is not closed'))
    throw new Error(`yesterday could not be compared: ${err}`);
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
}

/** A record for a person before a terminal of 80 columns, who may miss the end of a long text in it. */
function recordText(text: string): string {
  const lines = JSON.stringify(JSON.parse(text), null, 2).split('\n');
  return lines.map((line) => (line.length > 80 ? `${line.slice(0, 79)}…` : line)).join('\n');
}

/** A time as Duo is sent it: in s or, with three digits more, in ms. */
function time(sent: unknown): string {
  const seconds = String(sent).slice(0, 10);
  return new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
}

function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
