import { spawnSync } from 'node:child_process';
import { pythonEnvironment } from '../../tools/python';

const version = '1.58.0';

/** W3005: the framework says a second time that a function depends on its role. */
const ignored = ['W3005'];

/**
 * Has cfn-lint, which it installs below `environments` if it is not there, look at these templates; returns what it says when it finds
 * nothing. Throws with what it found.
 */
export function cfnLint(environments: string, templates: readonly string[]): string {
  const python = pythonEnvironment(environments, `cfn-lint==${version}`);
  // Not its script, which holds the path of the environment while it was being made.
  const run = 'import sys; from cfnlint.runner import main; sys.exit(main())';
  const args = ['-c', run, '--ignore-checks', ...ignored, '--template', ...templates];
  const { status, error, stdout, stderr } = spawnSync(python, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cfn-lint: ${error?.message ?? `${stdout}${stderr}`}`);
  return `cfn-lint ${version} finds nothing.`;
}
