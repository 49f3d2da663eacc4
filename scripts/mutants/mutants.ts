import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { mutants as faultsOfDelivery, type Mutant } from './faults';
import { faultsOfDays } from './faults-of-days';
import { faultsOfOcsf } from './faults-of-ocsf';

/*
 * `pnpm mutants [words]`: plants one fault at a time into a copy of its package (those whose description has the words) and
 * runs the package's tests. Prints the test that finds each fault, and exits with 1 if one is not found.
 */

/** A fault, the package that it is planted into, and the tests of it that may find it, in their order. */
type Planted = Mutant & { readonly folder: string; readonly suites: readonly Suite[] };

/** Tests, the fastest and likeliest first, and how long they may take, in ms: several times what they do, for some faults make a run go on for ever. */
interface Suite {
  readonly tests: string;
  readonly patience: number;
}

const suitesOfDelivery: readonly Suite[] = [
  { tests: '(collect[^.]*|held|shown-less|styles|paging|checkpoint|records)', patience: 75_000 },
  { tests: '(odd-answers|open-page)', patience: 75_000 },
  { tests: 'properties', patience: 240_000 },
];

const suitesOfDays: readonly Suite[] = [
  { tests: '(reconcile|reconcile-odd|due|proof)', patience: 75_000 },
  { tests: 'reconcile-properties', patience: 240_000 },
];

const suitesOfOcsf: readonly Suite[] = [
  { tests: '(mapping|exact-json)', patience: 75_000 },
  { tests: 'valid', patience: 240_000 },
];

const core = 'packages/duo-core';
const mutants: readonly Planted[] = [
  ...faultsOfDelivery.map((fault) => ({ ...fault, folder: core, suites: suitesOfDelivery })),
  ...faultsOfDays.map((fault) => ({ ...fault, folder: core, suites: suitesOfDays })),
  ...faultsOfOcsf.map((fault) => ({ ...fault, folder: 'packages/duo-ocsf', suites: suitesOfOcsf })),
];

const root = join(__dirname, '../..');

async function main(): Promise<void> {
  const words = parseArgs({ allowPositionals: true }).positionals.join(' ');
  const chosen = mutants.filter(({ step, fault }) => `${step} ${fault}`.includes(words));
  if (chosen.length === 0) throw new Error(`no mutant's description contains "${words}"`);
  for (const { fault, folder, file, from } of mutants) {
    if (readFileSync(join(root, folder, 'src', file), 'utf8').split(from).length !== 2)
      throw new Error(`"${fault}": ${file} does not hold its text exactly once:\n${from}`);
  }
  const waiting = [...chosen];
  let survivors = 0;
  // A core each: the tests of one mutant run one after the other.
  const copies = Array.from({ length: Math.min(availableParallelism(), chosen.length) }, () =>
    mkdtempSync(join(tmpdir(), 'duo-mutants-')),
  );
  try {
    for (const copy of copies) install(copy);
    await Promise.all(copies.map(tryAll));
    process.stdout.write(
      `\n${chosen.length} mutants, ${chosen.length - survivors} found, ${survivors} survived\n`,
    );
    if (survivors > 0) process.exitCode = 1;
  } finally {
    for (const copy of copies) rmSync(copy, { recursive: true, force: true });
  }

  async function tryAll(copy: string): Promise<void> {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const { step, fault, folder, file, from, to, suites } = mutant;
      const path = join(copy, folder, 'src', file);
      const source = readFileSync(path, 'utf8');
      writeFileSync(
        path,
        source.replace(from, () => to),
      );
      const found = await failingTest(copy, folder, suites);
      writeFileSync(path, source);
      process.stdout.write(
        `${found === null ? 'SURVIVED' : 'found   '} ${step}: ${fault}\n${found === null ? '' : `           by: ${found}\n`}`,
      );
      if (found === null) survivors += 1;
    }
  }
}

/** Copies what git knows of the project, as it is now, and installs what it needs. */
function install(copy: string): void {
  const files = spawnSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).stdout.trim().split('\n');
  for (const file of files) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  const installed = spawnSync('pnpm', ['install', '--frozen-lockfile'], { cwd: copy, encoding: 'utf8' });
  if (installed.status !== 0)
    throw new Error(`the copy cannot be installed:\n${installed.stdout}${installed.stderr}`);
}

/** The first test that fails with what is planted, or null. */
async function failingTest(copy: string, folder: string, suites: readonly Suite[]): Promise<string | null> {
  for (const { tests, patience } of suites) {
    const found = await failingIn(copy, `${folder}/test/${tests}.test`, patience);
    if (found !== null) return found;
  }
  return null;
}

async function failingIn(copy: string, tests: string, patience: number): Promise<string | null> {
  const jest = join(copy, 'node_modules', 'jest', 'bin', 'jest.js');
  const reporter = join(copy, 'scripts', 'mutants', 'first-failure.cjs');
  const child = spawn(
    process.execPath,
    [jest, tests, '--silent', '--forceExit', '--runInBand', '--reporters', reporter],
    { cwd: copy, stdio: ['ignore', 'pipe', 'pipe'], timeout: patience, killSignal: 'SIGKILL' },
  );
  let failing = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    failing += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (child.signalCode === 'SIGKILL') return 'the tests do not end';
  if (child.exitCode === 0) return null;
  if (failing === '') throw new Error(`the tests did not run: ${errors}`);
  return failing;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
