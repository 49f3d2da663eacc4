import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';

/**
 * Packages a service as a deployment would, without AWS credentials, and returns the files in its zip by name.
 * Throws with what the framework printed if it fails.
 */
export function bundle(service: string): Record<string, Uint8Array> {
  const output = mkdtempSync(join(tmpdir(), 'duo-package-'));
  const workFolder = `.esbuild-package-${process.pid}`;
  try {
    const packaged = spawnSync(
      process.execPath,
      [require.resolve('serverless/bin/serverless.js'), 'package', '--stage', 'dev', '--package', output],
      {
        cwd: service,
        // Nothing of the shell's, so that no credentials can play a part.
        env: { PATH: process.env.PATH, HOME: output, ESBUILD_WORK_FOLDER: workFolder },
        encoding: 'utf8',
        timeout: 120_000,
      },
    );
    if (packaged.status !== 0)
      throw new Error(`packaging ${service} failed:\n${packaged.stdout}${packaged.stderr}`);
    return unzipSync(readFileSync(join(output, 'collect.zip')));
  } finally {
    rmSync(output, { recursive: true });
    rmSync(join(service, workFolder), { recursive: true, force: true });
  }
}
