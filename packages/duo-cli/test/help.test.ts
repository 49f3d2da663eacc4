import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { duo } from './support/operator';
import { allIn, silentProgram } from './support/program';
import { runProcess } from './support/run-process';

const folder = mkdtempSync(join(tmpdir(), 'duo-help-'));
afterAll(() => rmSync(folder, { recursive: true }));
// What examples read.
writeFileSync(join(folder, 'duo.json'), '{}');

/** Each command and family; `help` and what only a shell asks have no page of their own. */
const pages = ['', ...allIn(silentProgram()).map(([name]) => name)].filter(
  (name) => !['help', 'completion complete'].includes(name),
);

/** The calls of the command that stand by themselves on a page, indented by two blanks; one may go on in the next line. */
function examplesIn(page: string): string[] {
  const lines = page.replace(/\\\n +/g, '').split('\n');
  return lines.filter((line) => /^ {2}\S.*npx pnpm duo |^ {2}npx pnpm duo /.test(line));
}

/** Stands for npx in the shell that an example is pasted into: says with what it was called. */
const stub = 'npx() { printf "%s\\0" "$@" END >&2; }; aws() { :; }; source() { cat "$@"; };';

test.each(pages)(
  'the help of "%s" fits 80 columns, and its examples can be pasted as they are',
  async (name) => {
    const { out } = await duo(`${name} --help`.trim());
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const examples = examplesIn(out);
    expect(examples).not.toEqual([]);
    for (const example of examples) {
      const { exitCode, err } = await runProcess('bash', ['-c', `${stub}${example}`], {
        cwd: folder,
        env: { PATH: process.env.PATH },
        input: '',
      });
      expect([example, exitCode]).toEqual([example, 0]);
      const calls = err.split('END\0').filter((call) => call !== '');
      expect([example, calls.length > 0]).toEqual([example, true]);
      for (const call of calls)
        expect([example, await understood(call.split('\0').slice(0, -1))]).toEqual([example, null]);
    }
  },
);

/** What is wrong with a call of the command; null if nothing is. It is read, and nothing is done. */
async function understood([, duo, ...args]: readonly string[]): Promise<string | null> {
  if (duo !== 'duo') return null;
  const program = silentProgram();
  for (const [, one] of allIn(program)) one.action(() => {});
  try {
    await program.parseAsync(args, { from: 'user' });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test('an example that cannot be pasted is noticed', async () => {
  expect(examplesIn('As npx pnpm duo has it.\n\n  npx pnpm duo verify \\\n    --stage prod\n')).toEqual([
    '  npx pnpm duo verify --stage prod',
  ]);
  expect(await understood(['pnpm', 'duo', 'verify', 'telephony', '--stgae', 'prod'])).toContain('--stgae');
  expect(await understood(['pnpm', 'duo', 'verify', 'telephony', '--stage', '<stage>'])).toContain(
    'small letters',
  );
});
