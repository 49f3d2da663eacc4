import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod/mini';
import { pythonEnvironment } from '../../../tools/python';
import { type Run, ran } from '../run-once';

/** Collectors of the telephony log that others wrote: the names of their files beside this one. */
export type PythonCollector =
  | 'google_plain'
  | 'google_gzipped'
  | 'google_gzipped_as_ours'
  | 'official_client';

const root = join(__dirname, '../../..');
const packages = ['boto3==1.44.8', 'duo_client==5.7.0'];

/** Installs what they need below `.local/` if it is not there; returns its Python. Throws if it cannot be had. */
export function installPython(): string {
  return pythonEnvironment(join(root, '.local'), ...packages);
}

/** Runs one of them in a process of its own, as `runOnce` does a bundle. Rejects with what it printed if it fails. */
export async function runPython(name: PythonCollector, env: Record<string, string>): Promise<Run> {
  const started = Date.now();
  const { stdout } = await promisify(execFile)(installPython(), [join(__dirname, 'run_once.py'), name], {
    env: {
      PATH: process.env.PATH,
      PYTHONPATH: [__dirname, join(root, 'tools/google-function')].join(delimiter),
      PYTHONDONTWRITEBYTECODE: '1',
      AWS_CONFIG_FILE: join(__dirname, 'aws-config'),
      AWS_DEFAULT_REGION: env.AWS_REGION,
      SEED_FUNCTION: process.env.SEED_FUNCTION,
      ...env,
    },
  });
  const said = z.looseObject({}).parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  return ran.parse({ started, ...said });
}
