import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';

/** What a deployment of a service would upload. */
export interface ServicePackage {
  /** The files in the function's zip, by name. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** The CloudFormation template, as JSON. */
  readonly template: string;
}

/** Packages a service as a deployment would, without AWS credentials. Throws with what the framework printed if it fails. */
export function packageService(service: string): ServicePackage {
  const output = mkdtempSync(join(tmpdir(), 'duo-package-'));
  const workFolder = `.esbuild-package-${process.pid}`;
  const framework = createRequire(join(service, 'package.json')).resolve('serverless/bin/serverless.js');
  try {
    const packaged = spawnSync(
      process.execPath,
      [framework, 'package', '--stage', 'dev', '--package', output],
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
    return {
      files: unzipSync(readFileSync(join(output, 'collect.zip'))),
      template: readFileSync(join(output, 'cloudformation-template-update-stack.json'), 'utf8'),
    };
  } finally {
    rmSync(output, { recursive: true });
    rmSync(join(service, workFolder), { recursive: true, force: true });
  }
}
