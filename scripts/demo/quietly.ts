import { ask } from '../../packages/duo-cli/src/operator/ask';
import { thisProcess } from '../../packages/duo-cli/src/operator/world';
import { run } from '../../packages/duo-cli/src/run';

/** Runs a command of `duo` in this process, with an environment of its own; what it prints is not shown but handed back. */
export async function quietly(args: readonly string[], env: NodeJS.ProcessEnv) {
  const said = { out: '', err: '' };
  const exitCode = await run(args, {
    ...thisProcess(ask),
    env,
    ask: undefined,
    screen: false,
    colours: false,
    columns: undefined,
    screenColumns: undefined,
    print(text) {
      said.out += text;
    },
    complain(text) {
      said.err += text;
    },
  });
  return { exitCode, ...said };
}
