import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';

const result = z.object({
  logType: z.string(),
  outcome: z.string(),
  records: z.number(),
  duplicates: z.number(),
  pages: z.number(),
  objects: z.number(),
  behindSeconds: z.number(),
});

/** What `sls invoke local` printed: the result object of a run. */
export type InvokeResult = z.infer<typeof result>;

/** How long an invocation may take, in ms; the framework itself does not enforce the function's timeout. */
const patience = 120_000;

/**
 * Runs `sls invoke local -f collect --stage local` in a service's folder: the real framework, the real bundle, in a
 * build folder of its own, so that several may run at once. Throws with what it printed if it fails or hangs.
 */
export async function invokeLocal(
  service: string,
  env: Record<string, string>,
  event: object,
  signal: AbortSignal,
): Promise<InvokeResult> {
  const buildFolder = `.esbuild-${process.pid}`;
  const framework = require.resolve('serverless/bin/serverless.js');
  const child = spawn(
    process.execPath,
    [framework, 'invoke', 'local', '-f', 'collect', '--stage', 'local', '-d', JSON.stringify(event)],
    {
      cwd: service,
      env: {
        ...process.env,
        // Only the result on standard output.
        POWERTOOLS_LOG_LEVEL: 'SILENT',
        POWERTOOLS_METRICS_DISABLED: 'true',
        ESBUILD_WORK_FOLDER: buildFolder,
        ...env,
      },
      // The framework waits for ever for a standard input that stays open.
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
      killSignal: 'SIGKILL',
    },
  );
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  try {
    const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
    if (code !== 0) throw new Error(`it exited with ${code}`);
    return result.parse(JSON.parse(output));
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`sls invoke local failed in ${service}: ${error}\n${errors}${output}`);
  } finally {
    await rm(join(service, buildFolder), { recursive: true, force: true });
  }
}
