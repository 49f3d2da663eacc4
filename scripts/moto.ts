import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
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
  const environment = join(folder, `moto-${version}`);
  const server = join(environment, 'bin', 'moto_server');
  if (!existsSync(server)) {
    run('python3', ['-m', 'venv', environment]);
    run(join(environment, 'bin', 'pip'), [
      'install',
      '--quiet',
      '--disable-pip-version-check',
      `moto[s3,server]==${version}`,
    ]);
  }
  const child = spawn(server, ['-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
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

function run(command: string, args: string[]): void {
  const { status, error, stderr, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? `${stdout}${stderr}`}`);
}
