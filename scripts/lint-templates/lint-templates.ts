import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageService } from 'duo-contract/package-service';
import { pythonEnvironment } from '../tools/python';

const root = join(__dirname, '..');
const version = '1.58.0';

/** With the defaults, with every option on, and with a bucket that exists; test/settings has the last two. */
const stages = ['dev', 'everything', 'own-bucket'];

/** W3005: the framework says a second time that a function depends on its role. */
const ignored = ['W3005'];

/** Packages every service for every stage and has cfn-lint, which it installs, look at the templates. */
function main(): void {
  const python = pythonEnvironment(join(root, '.local'), `cfn-lint==${version}`);
  const folder = mkdtempSync(join(tmpdir(), 'duo-templates-'));
  try {
    const templates: string[] = [];
    for (const stage of stages) {
      mkdirSync(join(folder, stage));
      for (const service of readdirSync(join(root, 'services'))) {
        const settings = join(root, 'test', 'settings');
        const { template } = packageService(join(root, 'services', service), { stage, settings });
        const file = join(folder, stage, `${service}.json`);
        writeFileSync(file, template);
        templates.push(file);
      }
    }
    // Not its script, which holds the path of the environment while it was being made.
    const run = 'import sys; from cfnlint.runner import main; sys.exit(main())';
    const args = ['-c', run, '--ignore-checks', ...ignored, '--template', ...templates];
    const lint = spawnSync(python, args, { encoding: 'utf8' });
    if (lint.status !== 0)
      throw new Error(`cfn-lint: ${lint.error?.message ?? `${lint.stdout}${lint.stderr}`}`);
    process.stdout.write(
      `cfn-lint ${version} finds nothing in ${templates.length} templates: ${stages.join(', ')}.\n`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

try {
  main();
} catch (error) {
  process.stderr.write(
    `THE TEMPLATES ARE NOT LINTED OR NOT CLEAN\n${error instanceof Error ? error.message : error}\n`,
  );
  process.exitCode = 1;
}
