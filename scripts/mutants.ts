import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod/mini';

/*
 * `pnpm mutants [words]`: plants one fault at a time into a copy of the core (those whose description has the words) and
 * runs the core's tests. Prints the test that finds each fault, and exits with 1 if one is not found.
 */

interface Mutant {
  readonly step: string;
  readonly fault: string;
  /** Below packages/duo-core/src. */
  readonly file: string;
  /** Text that stands there once, and what it becomes. */
  readonly from: string;
  readonly to: string;
}

const mutants: readonly Mutant[] = [
  {
    step: '1 open',
    fault: 'a checkpoint that cannot be read is a fresh start',
    file: 'delivery/checkpoint-store.ts',
    from: "throw problem(`the checkpoint is ${object.body.length === 0 ? 'empty' : 'not JSON, or cut off'}`);",
    to: 'return null;',
  },
  {
    step: '1 open',
    fault: 'a damaged checkpoint is a fresh start',
    file: 'delivery/checkpoint-store.ts',
    from: 'throw problem(`the checkpoint is damaged',
    to: 'return null; throw problem(`the checkpoint is damaged',
  },
  {
    step: '1 open',
    fault: 'the outbox of an earlier run is not put',
    file: 'delivery/collect.ts',
    from: 'if (checkpoint.outbox !== null) await putOutbox(store, checkpoint.outbox, collection);\n\n  for',
    to: 'for',
  },
  {
    step: '1 open',
    fault: 'the next window begins a millisecond after the last one instead of before it',
    file: 'delivery/checkpoint.ts',
    from: 'const from = Math.max(watermark - overlap, reach, oldest);',
    to: 'const from = Math.max(watermark === checkpoint.since ? watermark : watermark + 1, oldest);',
  },
  {
    step: '1 open',
    fault: 'a window reaches back to where nothing was remembered',
    file: 'delivery/checkpoint.ts',
    from: 'Math.max(watermark - overlap, reach, oldest)',
    to: 'Math.max(watermark - overlap, checkpoint.since, oldest)',
  },
  {
    step: '1 open',
    fault: 'the window ends now',
    file: 'delivery/checkpoint.ts',
    from: '(now - publishingDelay + 1) / grain',
    to: '(now + 1) / grain',
  },
  {
    step: '1 open',
    fault: 'a window of a log in seconds ends inside of a second',
    file: 'delivery/checkpoint.ts',
    from: 'Math.floor((now - publishingDelay + 1) / grain) * grain - 1;',
    to: 'now - publishingDelay;',
  },
  {
    step: '1 open',
    fault: 'a window of a log without an order reaches further than the next one reaches back',
    file: 'delivery/checkpoint.ts',
    from: 'Math.min(newest, Math.max(watermark, oldest) + longest, until',
    to: 'Math.min(newest, until',
  },
  {
    step: '1 open',
    fault: 'a gap is not remembered',
    file: 'delivery/checkpoint.ts',
    from: 'gaps: withGap(gaps, [watermark, from])',
    to: 'gaps',
  },
  {
    step: '1 open',
    fault: 'the clock may have jumped back',
    file: 'delivery/checkpoint.ts',
    from: 'if (to < watermark - clockTolerance) {',
    to: 'if (to < 0) {',
  },
  {
    step: '2 page',
    fault: 'a short page is the last one',
    file: 'duo/pages.ts',
    from: 'const cursor = records.length === 0 && next !== null && met.has(next) ? null : next;',
    to: 'const cursor = records.length < logType.paging.limit ? null : next;',
  },
  {
    step: '2 page',
    fault: 'an empty page that leads on is the last one',
    file: 'duo/pages.ts',
    from: 'records.length === 0 && next !== null && met.has(next) ? null : next',
    to: 'records.length === 0 ? null : next',
  },
  {
    step: '2 page',
    fault: 'an end before all was shown is believed at once',
    file: 'delivery/collect.ts',
    from: 'if (endsEarly(opened.window, page)) {',
    to: 'if (endsEarly(opened.window, page) && maxPages < 0) {',
  },
  {
    step: '2 page',
    fault: 'a window that was cut short ends where it should have',
    file: 'delivery/advance.ts',
    from: 'const closes = isLast && (!early || givesUp);',
    to: 'const closes = isLast;',
  },
  {
    step: '2 page',
    fault: 'a number of records that counts something else keeps the log behind',
    file: 'delivery/advance.ts',
    from: 'const givesUp = early && short >= mostShortWindows;',
    to: 'const givesUp = early && short < 0;',
  },
  {
    step: '2 page',
    fault: 'an empty page makes forget how many records Duo has said there are',
    file: 'duo/pages.ts',
    from: 'Math.max(total ?? 0, page.total)',
    to: 'page.total',
  },
  {
    step: '2 page',
    fault: 'what only the first of two answers has shown is thrown away',
    file: 'delivery/collect.ts',
    from: 'page = bothShown(page, await pages.read(opened.window, () => mayAsk(1)));',
    to: 'page = await pages.read(opened.window, () => mayAsk(1));',
  },
  {
    step: '2 page',
    fault: 'the records of earlier runs of a window are not counted',
    file: 'delivery/advance.ts',
    from: 'window.read + records.length >= total',
    to: 'records.length >= total',
  },
  {
    step: '2 page',
    fault: 'an odd time decides where a log in seconds goes on',
    file: 'duo/paging.ts',
    from: 'const doubted = seconds.length < limit ? 0 : Math.max(1, Math.floor(limit / 100));',
    to: 'const doubted = 0;',
  },
  {
    step: '1 open',
    fault: "another account's records are stored under this checkpoint",
    file: 'delivery/checkpoint.ts',
    from: 'if (owner === null || owner === source) return',
    to: 'if (source !== null) return',
  },
  {
    step: '1 open',
    fault: 'the account is looked at when a run begins only',
    file: 'delivery/collect.ts',
    from: 'opened = claim(opened, page.source, where);',
    to: 'opened = claim(opened, source, where);',
  },
  {
    step: '1 open',
    fault: 'the pages of a refused window are forgotten when the run ends',
    file: 'delivery/collect.ts',
    from: 'if (refused !== null) adopt(opened);',
    to: '',
  },
  {
    step: '2 page',
    fault: 'a record that lies inside of another one is taken for the next one',
    file: 'duo/open-page.ts',
    from: 'return cutExactly(page, path).read(record);',
    to: 'return { records: [], around: alike.likely };',
  },
  {
    step: '2 page',
    fault: 'a page that holds its array twice is read in part',
    file: 'duo/open-page.ts',
    from: "if (Array.isArray(path.reduce(member, whole))) throw new SyntaxError('the array stands there twice');",
    to: '',
  },
  {
    step: '2 page',
    fault: 'a page that was asked for with a likely cursor is taken for that of the right one',
    file: 'duo/pages.ts',
    from: 'if (page.cursor !== likely) drop();',
    to: '',
  },
  {
    step: '2 page',
    fault: 'an unchanged cursor is followed',
    file: 'duo/pages.ts',
    from: 'if (cursor !== null && met.has(cursor)) {',
    to: "if (cursor === 'never') {",
  },
  {
    step: '2 page',
    fault: "Duo's clock is not looked at",
    file: 'duo/pages.ts',
    from: 'if (ahead > clockTolerance) {',
    to: 'if (ahead > 1e9) {',
  },
  {
    step: '2 page',
    fault: 'a refused window is given up without a new one',
    file: 'delivery/collect.ts',
    from: 'if (error instanceof BadRequestError && inherited) {',
    to: 'if (error instanceof BadRequestError && !inherited) {',
  },
  {
    step: '2 page',
    fault: 'the next page begins with the second after the last one, as Duo advises',
    file: 'duo/paging.ts',
    from: 'return String(last);',
    to: 'return String(last + 1);',
  },
  {
    step: '2 page',
    fault: 'a second that fills a page is the end',
    file: 'duo/paging.ts',
    from: 'if (last === asked && seconds.length >= paging.limit) {',
    to: 'if (last < asked) {',
  },
  {
    step: '3 sift',
    fault: 'what was met is a set instead of counts',
    file: 'delivery/records.ts',
    from: 'return copy > most;',
    to: 'return most === 0 && copy === 1;',
  },
  {
    step: '3 sift',
    fault: 'what was met is consumed',
    file: 'delivery/records.ts',
    from: 'return copy > most;',
    to: 'if (copy <= most) delete met[id];\n    return copy > most;',
  },
  {
    step: '3 sift',
    fault: 'nothing is sifted',
    file: 'delivery/records.ts',
    from: 'return copy > most;',
    to: 'return true;',
  },
  {
    step: '4 advance',
    fault: "what was met is forgotten exactly at the next window's beginning",
    file: 'delivery/advance.ts',
    from: 'moved ? reach - boundsTolerance : 0;',
    to: 'moved ? reach : 0;',
  },
  {
    step: '4 advance',
    fault: 'nothing is remembered from one window to the next',
    file: 'delivery/advance.ts',
    from: 'seen: keep(seen, checkpoint.seen, left, latest),',
    to: 'seen: page.cursor === null ? {} : seen,',
  },
  {
    step: '4 advance',
    fault: 'the save names no version',
    file: 'delivery/checkpoint-store.ts',
    from: "etag === null ? 'absent' : { etag }",
    to: "etag === null ? 'absent' : { etag: (await store.get(key))?.etag ?? etag }",
  },
  {
    step: '4 advance',
    fault: 'another run that is ahead is not noticed',
    file: 'delivery/collect.ts',
    from: "if (!(await keepCheckpoint())) return 'superseded';",
    to: 'await keepCheckpoint();',
  },
  {
    step: '4 advance',
    fault: 'a save whose answer was lost is taken for another run',
    file: 'delivery/checkpoint-store.ts',
    from: 'current.checkpoint.by === checkpoint.by',
    to: "current.checkpoint.by === 'nobody'",
  },
  {
    step: '4 advance',
    fault: 'the watermark believes a page that is not in order',
    file: 'delivery/advance.ts',
    from: 'if (time < last) return 0;',
    to: '',
  },
  {
    step: '4 advance',
    fault: 'the watermark believes a record from beyond the window',
    file: 'delivery/advance.ts',
    from: 'if (!isBelieved(time, window) || time > window.to) continue;',
    to: 'if (time === null) continue;',
  },
  {
    step: '4 advance',
    fault: "the watermark believes a record's own time more than Duo's cursor",
    file: 'delivery/advance.ts',
    from: 'return Math.min(last, place ?? last);',
    to: 'return last;',
  },
  {
    step: '4 advance',
    fault: "what is dated before the log's beginning is left out",
    file: 'delivery/advance.ts',
    from: 'return time < since && time >= since - boundsTolerance && window.from < since + boundsTolerance;',
    to: 'return time < since;',
  },
  {
    step: '4 advance',
    fault: 'what is dated after the window is left out, wherever Duo shows it',
    file: 'delivery/advance.ts',
    from: 'if (index >= end && time > window.to) return true;',
    to: 'if (time > window.to) return true;',
  },
  {
    step: '3 sift',
    fault: 'a record outside the window is remembered by its own time',
    file: 'delivery/records.ts',
    from: 'isBelieved(time, filed) ? Math.max(time, filed.last) : Math.max(known, filed.latest)',
    to: 'time ?? Math.max(known, filed.latest)',
  },
  {
    step: '3 sift',
    fault: 'a record is remembered by its own time, not by where Duo has filed it',
    file: 'delivery/records.ts',
    from: 'Math.max(time, filed.last)',
    to: 'time',
  },
  {
    step: '3 sift',
    fault: 'what is left to the next window is forgotten, although Duo shows it',
    file: 'delivery/advance.ts',
    from: 'keep(seen, checkpoint.seen, left, latest)',
    to: 'seen',
  },
  {
    step: '1 open',
    fault: 'where the log begins is not kept until a page was read',
    file: 'delivery/collect.ts',
    from: 'checkpoint.outbox === null && etag !== null) return outcome;',
    to: 'checkpoint.outbox === null) return outcome;',
  },
  {
    step: '4 advance',
    fault: 'pages that bring nothing new are not kept',
    file: 'delivery/collect.ts',
    from: 'if (!unsaved && checkpoint.outbox === null && etag !== null) return outcome;',
    to: 'if (checkpoint.outbox === null && etag !== null) return outcome;',
  },
  {
    step: '5 store',
    fault: 'the object is put before the save',
    file: 'delivery/collect.ts',
    from: 'checkpoint = advanced.checkpoint;\n',
    to: 'checkpoint = advanced.checkpoint;\n      if (checkpoint.outbox !== null) await putOutbox(store, checkpoint.outbox, collection);\n',
  },
  {
    step: '5 store',
    fault: 'there is no outbox',
    file: 'delivery/collect.ts',
    from: 'checkpoint = { ...checkpoint, by: `${run}/${saves}` };\n    const result = await saveCheckpoint(store, key, checkpoint, etag, collection);',
    to: 'checkpoint = { ...checkpoint, by: `${run}/${saves}` };\n    const result = await saveCheckpoint(store, key, { ...checkpoint, outbox: null }, etag, collection);',
  },
  {
    step: '5 store',
    fault: 'the key has no hash',
    file: 'delivery/outbox.ts',
    from: '-${page}-${digest}.ndjson.gz',
    to: '-${page}.ndjson.gz',
  },
  {
    step: '6 close',
    fault: 'the watermark stays where the last record was',
    file: 'delivery/advance.ts',
    from: 'closes ? window.to : readUpTo(page, window)',
    to: 'readUpTo(page, window)',
  },
  {
    step: '6 close',
    fault: 'the outbox is kept when a run ends',
    file: 'delivery/collect.ts',
    from: 'checkpoint = { ...checkpoint, outbox: null };\n    return',
    to: 'return',
  },
  {
    step: '6 close',
    fault: 'the outbox is kept when a run fails',
    file: 'delivery/collect.ts',
    from: 'if (etag !== null)\n',
    to: 'if (maxPages < 0)\n',
  },
];

const root = join(__dirname, '..');
const core = 'packages/duo-core';

async function main(): Promise<void> {
  const words = parseArgs({ allowPositionals: true }).positionals.join(' ');
  const chosen = mutants.filter(({ step, fault }) => `${step} ${fault}`.includes(words));
  if (chosen.length === 0) throw new Error(`no mutant's description contains "${words}"`);
  for (const { fault, file, from } of mutants) {
    if (readFileSync(join(root, core, 'src', file), 'utf8').split(from).length !== 2)
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
      const { step, fault, file, from, to } = mutant;
      const path = join(copy, core, 'src', file);
      const source = readFileSync(path, 'utf8');
      writeFileSync(
        path,
        source.replace(from, () => to),
      );
      const found = await failingTest(copy);
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

/** The first test that fails with what is planted, or null: examples first, because they are fast, then properties. */
async function failingTest(copy: string): Promise<string | null> {
  return (
    (await failingIn(
      copy,
      '(collect[^.]*|odd-answers|shown-less|styles|paging|checkpoint|records|open-page)',
    )) ?? failingIn(copy, 'properties')
  );
}

/** How long a minute of tests may take beside others, in ms: some faults make a collection go on for ever. */
const patience = 300_000;

const jestReport = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      message: z.string(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
});

async function failingIn(copy: string, tests: string): Promise<string | null> {
  const jest = join(copy, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(
    process.execPath,
    [jest, '--json', '--silent', '--forceExit', '--runInBand', `${core}/test/${tests}.test`],
    {
      cwd: copy,
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), patience);
  await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  clearTimeout(timer);
  if (child.signalCode === 'SIGKILL') return 'the tests do not come to an end';
  const { success, testResults } = jestReport.parse(JSON.parse(output));
  if (success) return null;
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === 'failed');
  if (failed === undefined)
    throw new Error(`the tests did not run: ${testResults.map(({ message }) => message).join('\n')}`);
  return failed.fullName;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
