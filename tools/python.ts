import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The Python of a virtual environment below `folder` that has these packages from PyPI, each given as `name==version` or
 * `name[extras]==version`; makes it if it is not there. Throws with what was printed if it cannot be had.
 */
export function pythonEnvironment(folder: string, ...packages: readonly string[]): string {
  const names = packages.map((one) => one.replace(/\[.*\]/, '').replace('==', '-'));
  const environment = join(folder, names.join('-'));
  const python = join('bin', 'python');
  if (!existsSync(environment)) {
    // It gets its name when it is complete, so that neither an interrupted nor a simultaneous making is taken for it.
    const making = `${environment}.${process.pid}`;
    mkdirSync(folder, { recursive: true });
    try {
      run('python3', ['-m', 'venv', making]);
      run(join(making, python), ['-m', 'pip', 'install', '--quiet', ...packages]);
      if (!existsSync(environment)) renameSync(making, environment);
    } finally {
      rmSync(making, { recursive: true, force: true });
    }
  }
  return join(environment, python);
}

function run(command: string, args: string[]): void {
  const { status, error, stderr, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? `${stdout}${stderr}`}`);
}
