import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pythonEnvironment } from '../../tools/python';

/** The ministack that `ministack.py` was written for; a newer one that is installed already is taken as well. */
const version = '1.5.33';

/** There is no local AWS to deploy to, for this reason. */
export class NoLocalAws extends Error {}

/** A local AWS that is running. */
export interface LocalAws {
  /** All that a process needs to use it, and nothing of the user's own AWS. */
  readonly environment: Record<string, string>;
  /** What it has complained about so far. */
  complaints(): string;
  stop(): Promise<void>;
}

/**
 * Starts ministack (https://github.com/ministackorg/ministack) through `ministack.py`; what it writes lands in `folder`.
 * Its functions get `functionEnvironment`, beside what they were deployed with.
 */
export async function startLocalAws(
  python: Python,
  folder: string,
  functionEnvironment: Record<string, string>,
): Promise<LocalAws> {
  const path = process.env.PATH ?? '';
  const temporary = join(folder, 'ministack');
  mkdirSync(temporary);
  const base = {
    PATH: path,
    HOME: folder,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_CONFIG_FILE: join(folder, 'no-aws-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'no-aws-credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  const child = spawn(python.command, [join(__dirname, 'ministack.py')], {
    // A process group of its own: Ctrl-C is for the test, which then ends it.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...base,
      ...functionEnvironment,
      TMPDIR: temporary,
      PYTHONUNBUFFERED: '1',
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  let output = '';
  const impatient = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: unknown) => {
      output += chunk;
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', reject).on('exit', () => reject(new Error(`ministack ended:\n${output}`)));
  }).finally(() => clearTimeout(impatient));
  return {
    environment: { ...base, AWS_ENDPOINT_URL: url },
    complaints: () =>
      output
        .split('\n')
        .filter((line) => / (WARNING|ERROR|CRITICAL) /.test(line) && !line.includes('cryptography'))
        .slice(-20)
        .join('\n'),
    async stop() {
      const killer = setTimeout(() => child.kill('SIGKILL'), 5_000);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(killer);
    },
  };
}

/** A Python that can import ministack. */
export interface Python {
  readonly command: string;
  readonly ministack: string;
}

/**
 * The machine's own Python if it has ministack, or that of a virtual environment below `folder`, which is made if it is not
 * there. Throws `NoLocalAws` if neither can be had.
 */
export function findMinistack(folder: string): Python {
  const installed = ask('import ministack, importlib.metadata as m; print(m.version("ministack"))');
  if (installed !== undefined && !isOlder(installed, version)) {
    return { command: 'python3', ministack: installed };
  }
  const python = ask('import platform; print(platform.python_version())');
  if (python === undefined || isOlder(python, '3.10'))
    throw new NoLocalAws(
      `ministack needs Python 3.10 or newer, and there is ${python === undefined ? 'no python3' : `Python ${python}`}`,
    );
  try {
    return { command: pythonEnvironment(folder, `ministack==${version}`), ministack: version };
  } catch (error) {
    throw new NoLocalAws(
      `ministack ${version} ${installed === undefined ? 'is not installed' : `is needed, ${installed} is installed`}, and could not be installed below ${folder}: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** What a line of Python prints; undefined if it cannot be run. */
function ask(line: string): string | undefined {
  // Not from the current folder, which Python would import from first.
  const { status, stdout } = spawnSync('python3', ['-c', line], { encoding: 'utf8', cwd: '/' });
  return status === 0 ? stdout.trim() : undefined;
}

function isOlder(one: string, other: string): boolean {
  return one.localeCompare(other, 'en', { numeric: true }) < 0;
}
