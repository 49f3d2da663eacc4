import { printable } from 'duo-core';
import { type AccountSetup, inventedAccounts } from '../accounts';
import { simulatorEnvironment } from '../environment';
import { findLogs, services } from '../records/find-logs';
import { generate } from '../records/generate';
import { seededRandom } from '../records/random';
import type { Fault } from '../server/faults';
import { type AnsweredRequest, createSimulator } from '../simulator';
import { help, readCliOptions } from './options';

/** Runs `pnpm simulate` until it is told to stop; resolves early, with an exit code set, if it cannot start. */
async function main(args: readonly string[]): Promise<void> {
  const options = readCliOptions(args);
  if (typeof options === 'string') return fail(2, options);
  if (options.help) return void process.stdout.write(help);

  const found = await findLogs();
  if (found.length === 0) return fail(1, `There is no service with samples in ${services}.`);

  const random = seededRandom(options.seed);
  const faults = faultsWith(options['retry-after']);
  const spoilNext = () => {
    const fault = faults[Math.floor(random() * faults.length)];
    if (random() < options['fault-rate'] && fault !== undefined) simulator.fail(fault);
  };
  const form = options.ending === undefined ? {} : { ending: options.ending };
  const accounts = inventedAccounts(options.accounts);
  const simulator = createSimulator({
    accounts,
    logs: found.map(({ logType }) => ({ logType, ...form })),
    onRequest: (request) => {
      // Any page in a browser may ask this.
      console.log(printable(describe(request)));
      if (request.log !== null) spoilNext();
    },
  });
  spoilNext();

  if (options.records * (1 + accounts.length) >= 100_000) console.log('Inventing the records …');
  const [now, span] = [Date.now(), options.hours * 3_600_000];
  const { records: count } = options;
  for (const { logType, samples } of found)
    for (const [n, account] of [undefined, ...accounts.map(({ name }) => name)].entries()) {
      const seed = options.seed + n;
      const records = generate({ logType, samples, count, seed, from: now - span, to: now + span });
      simulator.log(logType.name, account).addAll(records);
    }

  try {
    const url = await simulator.listen(options.port);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => void simulator.close().then(() => process.exit(0)));
    }
    console.log(`The simulated Duo Admin API listens on ${url}\n`);
    for (const { logType } of found) {
      const published = simulator.log(logType.name).published().length;
      console.log(`${logType.name}: ${count} records, ${published} of them published so far`);
      console.log(`  GET ${logType.path}`);
      console.log(`  to reconcile: ${url}/simulator/${logType.name}.ndjson`);
    }
    for (const { name, keys } of accounts)
      console.log(
        `account ${name}: ${keys === undefined ? 'a child' : 'keys of its own'}; to reconcile: ${url}/simulator/${name}/<log>.ndjson`,
      );
    console.log(`\nPoint a collector at it with:\n${environment(url, accounts)}\n`);
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!taken) throw error;
    fail(1, `Port ${options.port} is taken; choose another with --port, or --port 0 for any free one.`);
  }
}

function faultsWith(retryAfter: string | undefined): readonly Fault[] {
  const throttle = retryAfter === undefined ? 'throttle' : { retryAfter };
  return [throttle, 'error', 'bad-gateway', 'reset', 'truncate'];
}

function environment(url: string, accounts: readonly AccountSetup[]): string {
  return Object.entries(simulatorEnvironment(url, accounts))
    .map(([name, value]) => `export ${name}=${name === 'DUO_ACCOUNTS' ? `'${value}'` : value}`)
    .join('\n');
}

/** One line, with a cursor shown as `next_offset` only: its value is long and says nothing to a reader. */
function describe({ at, method, path, params, status, code, records, fault }: AnsweredRequest): string {
  const shown = Object.entries(params).map(([name, value]) =>
    name === 'next_offset' ? name : `${name}=${value}`,
  );
  const answered = status === null ? 'no answer' : `${status}`;
  const details = [code ?? `${records} records`, ...(fault === null ? [] : [`fault: ${nameOf(fault)}`])];
  const time = new Date(at).toISOString().slice(11, 19);
  return `${time} ${method} ${path} ${shown.join(' ')} -> ${answered}, ${details.join(', ')}`;
}

function nameOf(fault: Fault): string {
  if (typeof fault === 'string') return fault;
  return 'retryAfter' in fault ? `throttle, Retry-After: ${fault.retryAfter}` : `${fault.status}`;
}

function fail(exitCode: number, sentence: string): void {
  console.error(sentence);
  process.exitCode = exitCode;
}

void main(process.argv.slice(2));
