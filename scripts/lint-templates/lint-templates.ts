import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageService } from 'duo-contract/package-service';
import { cfnLint } from './cfn-lint';
import { checkov } from './checkov';

const root = join(__dirname, '..', '..');

const services = readdirSync(join(root, 'services'));
const always = services.filter((name) => !['accounts', 'lake'].includes(name));

/**
 * What is linted of each stage: with the defaults, with every option on, with a bucket that exists, with many accounts, of which one
 * log type is like all others, and with the lake, by which no log type differs; test/settings has all but the first.
 */
const stages = Object.entries({
  dev: always,
  everything: always,
  'own-bucket': always,
  accounts: ['storage', 'accounts', 'telephony'],
  lake: ['storage', 'lake'],
  'lake-own-bucket': ['storage', 'lake'],
});

/** Packages every service for every stage and has cfn-lint and checkov, which it installs, look at the templates. */
function main(): void {
  const environments = join(root, '.local');
  const folder = mkdtempSync(join(tmpdir(), 'duo-templates-'));
  try {
    const templates: string[] = [];
    for (const [stage, deployed] of stages) {
      mkdirSync(join(folder, stage));
      for (const service of deployed) {
        const settings = join(root, 'test', 'settings');
        const { template } = packageService(join(root, 'services', service), { stage, settings });
        const file = join(folder, stage, `${service}.json`);
        writeFileSync(file, template);
        templates.push(file);
      }
    }
    process.stdout.write(`${templates.length} templates: ${stages.map(([stage]) => stage).join(', ')}.\n`);
    process.stdout.write(`${cfnLint(environments, templates)}\n`);
    process.stdout.write(`${checkov(environments, folder, templates.length)}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

try {
  main();
} catch (error) {
  process.stderr.write(
    `THE TEMPLATES COULD NOT BE LINTED, OR ARE NOT CLEAN\n${error instanceof Error ? error.message : error}\n`,
  );
  process.exitCode = 1;
}
