import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A local AWS that no one here wrote. */
export interface Moto {
  readonly url: string;
  stop(): void;
}

const version = '5.2.5';

/**
 * Starts moto (https://github.com/getmoto/moto), a server of S3's API, on a free port of the loopback; installs it from
 * PyPI into a virtual environment below `folder` if it is not there. Throws if it cannot be had.
 */
export async function startMoto(folder: string): Promise<Moto> {
  const python = pythonEnvironment(folder, 'moto', version, '[s3,server]');
  const child = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.on('error', reject).on('exit', () => reject(new Error(`moto ended:\n${output}`)));
    child.stderr.on('data', (chunk) => {
      output += chunk;
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  return { url, stop: () => void child.kill('SIGKILL') };
}

/**
 * The Python of a virtual environment below `folder` that has this package from PyPI; makes it if it is not there. Throws
 * with what was printed if it cannot be had.
 */
export function pythonEnvironment(folder: string, name: string, version: string, extras = ''): string {
  const environment = join(folder, `${name}-${version}`);
  const python = join('bin', 'python');
  if (!existsSync(environment)) {
    // It gets its name when it is complete, so that neither an interrupted nor a simultaneous making is taken for it.
    const making = `${environment}.${process.pid}`;
    mkdirSync(folder, { recursive: true });
    try {
      run('python3', ['-m', 'venv', making]);
      run(join(making, python), ['-m', 'pip', 'install', '--quiet', `${name}${extras}==${version}`]);
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
