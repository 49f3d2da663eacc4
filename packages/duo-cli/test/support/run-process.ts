import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a program to its end and resolves to its exit code and to all that it has said. */
export async function runProcess(
  file: string,
  args: readonly string[],
  { input, ...options }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly input: string },
) {
  const child = spawn(file, args, options);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.err += chunk;
  });
  child.stdin.end(input);
  const [exitCode] = await once(child, 'close');
  return { exitCode, ...said };
}
