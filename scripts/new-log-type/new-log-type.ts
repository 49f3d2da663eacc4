import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { printable } from 'duo-core';
import { ask } from './ask';
import { readExample, withExample } from './example';
import { describeLog, flagNames, readFlags } from './flags';
import { refuseTaken } from './taken';
import { newLogType } from './write';

const help = `pnpm new log-type <name> [options]

Writes services/<name> and its entry in serverless-compose.yml, ready for pnpm check, pnpm demo and sls package. In a
terminal, it asks for what you leave out.

  --path <path>       the endpoint's path, below /admin/
  --style <style>     cursor: pages by "next_offset"; offset: pages by the number of records to skip;
                      time: only "mintime", in seconds
  --records <key>     the property of "response" that holds the records (not with --style time)
  --time <field>      where a record says when it happened
  --unit <unit>       what that is: iso, s or ms (cursor: iso, offset: ms, time: s)
  --limit <n>         the most records on a page (1000; offset: 200)
  --id <field>        what makes a record unique (<name>_id; not with --style time)
  --example <file>    one whole answer of Duo's as its page shows it, {"stat":"OK","response":…}, with invented values:
                      you need not give what it shows, and its records become the samples
  --help              this text
`;

const root = join(__dirname, '../..');

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean' },
      example: { type: 'string' },
      ...Object.fromEntries(flagNames.map((flag) => [flag, { type: 'string' as const }])),
    },
  });
  if (values.help) return void process.stdout.write(help);
  const [what, name, ...more] = positionals;
  if (what !== 'log-type' || name === undefined || more.length > 0) {
    throw new TypeError('pnpm new takes "log-type" and one name; see --help');
  }
  const { example: file, ...given } = values;
  const example = file === undefined ? null : readExample(readFileSync(String(file), 'utf8'));
  let flags = readFlags(given);
  if (example !== null) flags = withExample(flags, example);
  if (process.stdin.isTTY && process.stdout.isTTY) {
    flags = await ask(name, flags, (answers) => refuseTaken(describeLog(name, answers), root));
  }
  newLogType(describeLog(name, flags), root, example);
  const folder = `services/${name}`;
  process.stdout.write(`Wrote ${folder} and its entry in serverless-compose.yml. It works already; now adapt it to this log:
1. ${folder}/samples: ${example === null ? "replace the invented records and the answer with what Duo's page shows." : 'check that nothing in them is real.'}
2. ${folder}/src/log-type.ts: complete the schema and the comment.
3. npx pnpm check
4. npx pnpm demo ${name}
How to, step by step: docs/adding-a-log-type.md
`);
}

main().catch((error: unknown) => {
  // It may quote the example, which is Duo's.
  process.stderr.write(`${printable(error instanceof Error ? error.message : String(error))}\n`);
  process.exitCode = 2;
});
