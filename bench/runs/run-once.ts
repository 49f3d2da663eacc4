import { spawn } from 'node:child_process';
import { join } from 'node:path';
import * as z from 'zod/mini';

const loaded = z.object({ load: z.number(), peak: z.number() });
/** What a process says of its run; see `Run`. */
export const ran = z.extend(loaded, {
  started: z.number(),
  records: z.number(),
  wall: z.number(),
  cpu: z.number(),
  outcome: z.optional(z.string()),
  days: z.optional(z.number()),
  repaired: z.optional(z.number()),
});

/**
 * What one run took: ms to load, of wall time and of the processor; `started` is when its process was (ms since 1970), `peak`
 * the largest resident set in KB.
 */
export type Run = z.infer<typeof ran>;

/** Loads a bundle in a process of its own; resolves to the ms that took. */
export async function loadOnce(bundle: string): Promise<number> {
  return loaded.parse(await inProcess([bundle], {}, [])).load;
}

/** Loads a bundle in a process of its own and invokes a function of it once. Whatever it logs is written, to nowhere. */
export async function runOnce(
  bundle: string,
  name: 'collect' | 'reconcile' | 'start' | 'turn',
  env: Record<string, string>,
  nodeOptions: readonly string[] = [],
): Promise<Run> {
  const started = Date.now();
  const said = z.looseObject({}).parse(await inProcess([bundle, name], env, nodeOptions));
  return ran.parse({ started, ...said });
}

function inProcess(
  args: readonly string[],
  env: Record<string, string>,
  nodeOptions: readonly string[],
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...nodeOptions, join(__dirname, 'run-once.cjs'), ...args], {
      env: {
        PATH: process.env.PATH,
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        ...env,
      },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    let said: unknown;
    child.on('error', reject).on('message', (message) => {
      said = message;
    });
    child.on('close', (code) =>
      said === undefined ? reject(new Error(`${args.join(' ')} ended with ${code}`)) : resolve(said),
    );
  });
}
