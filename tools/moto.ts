import { spawn } from 'node:child_process';
import { pythonEnvironment } from './python';

/** A local AWS that no one here wrote. */
export interface Moto {
  readonly url: string;
  stop(): void;
}

const version = '5.2.5';

/** Installs moto from PyPI into a virtual environment below `folder` if it is not there; returns its Python. Throws if it cannot be had. */
export function installMoto(folder: string): string {
  return pythonEnvironment(folder, `moto[s3,server]==${version}`);
}

/**
 * Starts moto (https://github.com/getmoto/moto), a server of S3's API, on a free port of the loopback; installs it first if it
 * is not there. Throws if it cannot be had.
 */
export async function startMoto(folder: string): Promise<Moto> {
  const child = spawn(installMoto(folder), ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
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
