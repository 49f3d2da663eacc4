import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';

/** What a deployment of a service would upload. */
export interface ServicePackage {
  /** The files in the zip of its first function, by name; none where there is no function. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** The CloudFormation template, as JSON. */
  readonly template: string;
}

/** What a service is packaged for. */
export interface PackagedStage {
  /** @default the service's own, 'dev' */
  readonly stage?: string;
  /** Where `<stage>.yml` lies, absolute. @default nowhere: the default settings, whatever stages this clone has */
  readonly settings?: string;
}

/** Packages a service as a deployment would, without AWS credentials. Throws with what the framework printed if it fails. */
export function packageService(service: string, { stage, settings }: PackagedStage = {}): ServicePackage {
  const output = mkdtempSync(join(tmpdir(), 'duo-package-'));
  const workFolder = `.esbuild-package-${process.pid}`;
  const framework = createRequire(join(service, 'package.json')).resolve('serverless/bin/serverless.js');
  try {
    const packaged = spawnSync(
      process.execPath,
      [framework, 'package', ...(stage === undefined ? [] : ['--stage', stage]), '--package', output],
      {
        cwd: service,
        // Nothing of the shell's, so that no credentials can play a part.
        env: {
          PATH: process.env.PATH,
          HOME: output,
          ESBUILD_WORK_FOLDER: workFolder,
          SETTINGS_FOLDER: settings ?? output,
          // Where it is without this HOME: what the framework compiles to check YAML takes more than half of its time.
          SLS_SCHEMA_CACHE_BASE_DIR: homedir(),
        },
        encoding: 'utf8',
        timeout: 120_000,
      },
    );
    if (packaged.status !== 0)
      throw new Error(`packaging ${service} failed:\n${packaged.stdout}${packaged.stderr}`);
    const [zip] = readdirSync(output)
      .filter((name) => name.endsWith('.zip'))
      .sort();
    return {
      files: zip === undefined ? {} : unzipSync(readFileSync(join(output, zip))),
      template: readFileSync(join(output, 'cloudformation-template-update-stack.json'), 'utf8'),
    };
  } finally {
    rmSync(output, { recursive: true, force: true });
    rmSync(join(service, workFolder), { recursive: true, force: true });
  }
}
