import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';

const root = realpathSync(join(__dirname, '..', '..'));

/** What is made anew where it is missing, and is none of a deployment's business. */
const left = new Set(['node_modules', '.git', '.local', '.serverless', 'coverage']);

/** A copy of this project, in which commands are run as an operator runs them. */
export interface Project {
  readonly folder: string;
  /** Runs a script of `package.json`, or the framework (`sls`), in a folder of the project; resolves to what it printed. */
  run(command: readonly [string, ...string[]], options?: RunOptions): Promise<string>;
  write(file: string, text: string): void;
}

/** Where a command runs, and what it reads from its standard input. */
export interface RunOptions {
  readonly folder?: string;
  readonly input?: string;
  /** Variables that it gets beside the environment of all commands. */
  readonly env?: Record<string, string>;
}

/**
 * Copies the project as it stands below `into`: its files may be changed there, and what the framework writes is in nobody's
 * way, so that tests can run side by side. Commands get `environment` and nothing of the shell's.
 */
export function copyProject(into: string, environment: Record<string, string>, signal: AbortSignal): Project {
  const folder = join(into, 'project');
  cpSync(root, folder, {
    recursive: true,
    filter: (path) => !left.has(basename(path)) && !basename(path).startsWith('.esbuild'),
  });
  for (const part of ['.', ...inside('packages'), ...inside('services')]) linkModules(part, folder);
  const binaries = join(folder, 'node_modules', '.bin');

  return {
    folder,
    run(command, { folder: below = '.', input = '', env = {} } = {}) {
      return run(command, {
        cwd: join(folder, below),
        env: { ...environment, ...env, PATH: `${binaries}:${environment.PATH}` },
        input,
        signal,
      });
    },
    write(file, text) {
      writeFileSync(join(folder, file), text);
    },
  };
}

function inside(name: string): string[] {
  return readdirSync(join(root, name)).map((part) => join(name, part));
}

/** Gives a part of the copy the dependencies that it has here; packages and commands of this project are those of the copy. */
function linkModules(part: string, copy: string): void {
  const modules = join(root, part, 'node_modules');
  if (!existsSync(modules)) return;
  mkdirSync(join(copy, part, 'node_modules'));
  for (const name of readdirSync(modules)) {
    if (name === '.bin') {
      // They find what they start beside their own folder, and a link would lead back here.
      cpSync(join(modules, name), join(copy, part, 'node_modules', name), { recursive: true });
      continue;
    }
    const path = realpathSync(join(modules, name));
    const ours = path.startsWith(join(root, 'packages')) && !path.slice(root.length).includes('node_modules');
    symlinkSync(ours ? path.replace(root, copy) : path, join(copy, part, 'node_modules', name));
  }
}

/** How long a command may take, in ms. */
const patience = 180_000;

interface Surroundings {
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly input: string;
  readonly signal: AbortSignal;
}

async function run([name, ...args]: readonly [string, ...string[]], surroundings: Surroundings) {
  const { cwd, env, input, signal } = surroundings;
  signal.throwIfAborted();
  // A process group of its own, so that what it has started ends with it.
  const child = spawn(name, args, { cwd, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  const end = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  };
  const timer = setTimeout(end, patience);
  signal.addEventListener('abort', end);
  let output = '';
  const hear = (chunk: unknown) => {
    output += chunk;
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  child.stdin.on('error', () => {}).end(input);
  try {
    const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
    signal.throwIfAborted();
    if (code !== 0) throw new Error(`\`${[name, ...args].join(' ')}\` exited with ${code}:\n${output}`);
    return output;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}
