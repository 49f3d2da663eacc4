import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { pythonEnvironment } from '../../tools/python';
import { leftUnmet, type Unmet } from './left-unmet';

const version = '3.3.30';

const check = z.object({
  check_id: z.string(),
  check_name: z.string(),
  resource: z.string(),
  file_path: z.string(),
});

/** What `--output json` prints for one kind of files: https://www.checkov.io/8.Outputs/JSON.html */
const report = z.object({
  check_type: z.literal('cloudformation'),
  results: z.object({ passed_checks: z.array(check), failed_checks: z.array(check) }),
  summary: z.object({ parsing_errors: z.literal(0) }),
});

/** A rule that a resource of some template does not keep. */
export type Finding = Pick<z.infer<typeof check>, 'check_id' | 'check_name' | 'resource'>;

/**
 * Has checkov, which it installs below `environments` if it is not there, look at the `count` templates in a folder and below it;
 * returns what it says when it finds what is left unmet, and nothing else. Throws with what is otherwise.
 */
export function checkov(environments: string, folder: string, count: number): string {
  const python = pythonEnvironment(environments, `checkov==${version}`);
  const home = mkdtempSync(join(tmpdir(), 'duo-checkov-'));
  try {
    const found = spawnSync(
      python,
      [
        join(__dirname, 'without-network.py'),
        ...['--framework', 'cloudformation', '--directory', folder, '--output', 'json', '--compact'],
        // Neither the platform's texts nor its rules; its exit code says nothing then.
        ...['--skip-download', '--soft-fail'],
      ],
      {
        // Nothing of the shell's, which may hold a token for the platform.
        env: { PATH: process.env.PATH, HOME: home, CKV_SKIP_PACKAGE_UPDATE_CHECK: 'true' },
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    if (found.status !== 0)
      throw new Error(`checkov: ${found.error?.message ?? `${found.stdout}${found.stderr}`}`);
    const { results } = report.parse(JSON.parse(found.stdout));
    const all = [...results.passed_checks, ...results.failed_checks];
    const files = new Set(all.map(({ file_path }) => file_path));
    if (files.size !== count) throw new Error(`checkov has looked at ${files.size} templates, not ${count}`);
    const wrong = differences(results.failed_checks, leftUnmet);
    if (wrong.length > 0) throw new Error(`checkov:\n${wrong.join('\n')}`);
    return `checkov ${version} finds nothing but what left-unmet.ts gives a reason for: ${leftUnmet.length} rules.`;
  } finally {
    rmSync(home, { recursive: true });
  }
}

/** What was found and is not listed, and what is listed and was not found, a sentence each. */
export function differences(findings: readonly Finding[], listed: readonly Unmet[]): string[] {
  const found = new Map(
    findings.map(({ check_id, check_name, resource }) => {
      const id = resource.slice(resource.lastIndexOf('.') + 1);
      return [`${check_id} on ${id}`, check_name];
    }),
  );
  const expected = new Set(listed.flatMap(({ rule, on }) => on.map((id) => `${rule} on ${id}`)));
  return [
    ...[...found]
      .filter(([finding]) => !expected.has(finding))
      .map(([finding, name]) => `${finding}: ${name}. Keep the rule, or list it with its reason`),
    ...[...expected]
      .filter((finding) => !found.has(finding))
      .map((finding) => `${finding}: is on the list, but checkov no longer finds it. Take it off the list`),
  ];
}
