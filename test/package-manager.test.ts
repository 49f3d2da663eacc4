import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';

const root = join(__dirname, '..');
const elsewhere = mkdtempSync(join(tmpdir(), 'duo-manager-'));
afterAll(() => rmSync(elsewhere, { recursive: true }));

const install = 'this project is installed with: npx --yes pnpm@12 install';

describe('another package manager is told the command to use:', () => {
  test.each(['install', 'install left-pad', 'update'])('npm %s', (command) => {
    const folder = join(elsewhere, command.replace(' ', '-'));
    mkdirSync(folder);
    cpSync(join(root, 'package.json'), join(folder, 'package.json'));
    const { status, stderr } = spawnSync('npm', command.split(' '), {
      cwd: folder,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining(`catalog:${install}\n`)]);
    expect(readdirSync(folder)).toEqual(['package.json']);
  });

  // Yarn is on no machine that this has to run on. 1.22.22 refuses an engine that it is not, and prints what this says.
  test('yarn', () => {
    const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(engines.yarn).toBe(`none; ${install}`);
  });
});

describe('pnpm', () => {
  const pnpm = (args: string, folder = '.') =>
    spawnSync('npx', ['pnpm', ...args.split(' ')], {
      cwd: join(root, folder),
      // npm may have a newer one to tell of.
      env: { ...process.env, npm_config_update_notifier: 'false' },
      encoding: 'utf8',
    });

  test.each([
    ['duo status --stage NOPE', '.', 2, /^error: .*\nAdd --help to see what it takes\.\n$/],
    ['duo status --stage NOPE', 'services/telephony', 2, /^error: .*\nAdd --help to see what it takes\.\n$/],
    ['sls package --stage Prod', '.', 1, /^no bucket can be named after the stage "Prod": .*\n$/],
  ])('adds nothing to what %s says in %s', (command, folder, exitCode, said) => {
    const { status, stdout, stderr } = pnpm(command, folder);
    expect([status, stdout, stderr]).toEqual([exitCode, '', expect.stringMatching(said)]);
  });

  test('has every command that the documents tell to type', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const known = new Set([
      ...Object.keys(scripts),
      ...readdirSync(join(root, 'node_modules/.bin')),
      ...['install', 'exec', 'run', 'test'],
    ]);
    const pages = ['.', 'docs', 'docs/operating', 'docs/readers'].flatMap((folder) =>
      readdirSync(join(root, folder))
        .filter((name) => name.endsWith('.md'))
        .map((name) => join(folder, name)),
    );
    const typed = pages.flatMap((page) =>
      [...readFileSync(join(root, page), 'utf8').matchAll(/npx (?:--yes )?pnpm(?:@[\d.]+)? ([\w:-]+)/g)].map(
        ([, name = '']) => ({ page, name }),
      ),
    );
    expect(typed.length).toBeGreaterThan(50);
    expect(typed.filter(({ name }) => !known.has(name))).toEqual([]);
  });
});
