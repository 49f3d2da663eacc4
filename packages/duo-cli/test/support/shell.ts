import { spawn } from '@lydell/node-pty';
import { Terminal } from '@xterm/headless';

/** How each shell is started with nothing of its user's, and how it reads what a command prints. */
const shells = {
  bash: { args: ['--norc', '--noprofile', '-i'], source: (command: string) => `source <(${command})` },
  zsh: {
    args: ['-f', '-i'],
    source: (command: string) => `autoload -U compinit; compinit -u -D; source <(${command})`,
  },
  fish: { args: ['--no-config', '-i'], source: (command: string) => `${command} | source` },
} as const;

/** A shell that completes. */
export type Shell = keyof typeof shells;

/** How long anything may take until it is on the screen, in ms. */
const patience = 20_000;

/**
 * Opens a shell on a terminal and lets it read what the command prints. `see` looks on until the line that is being typed ends with a
 * text, before the cursor; it throws with what is on the screen if that does not come.
 */
export async function openShell(
  shell: Shell,
  command: string,
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
) {
  const { args, source } = shells[shell];
  const emulator = new Terminal({ cols: 200, rows: 50, allowProposedApi: true });
  const size = { cols: emulator.cols, rows: emulator.rows };
  const process = spawn(shell, [...args], { ...size, cwd, name: 'xterm', env: { ...env, PS1: '> ' } });
  const exited = new Promise<void>((resolve) => process.onExit(() => resolve()));
  let look = () => {};
  // What a shell asks the terminal for.
  emulator.onData((answer) => process.write(answer));
  process.onData((data) => emulator.write(data, () => look()));

  const beforeCursor = () => {
    const { active } = emulator.buffer;
    return active.getLine(active.baseY + active.cursorY)?.translateToString(false, 0, active.cursorX) ?? '';
  };
  const hasLine = (text: string) => {
    const { active } = emulator.buffer;
    return Array.from({ length: active.length }, (_, n) => active.getLine(n)).some(
      (line) => line?.translateToString(true) === text,
    );
  };
  const until = (text: string, isThere: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const giveUp = setTimeout(() => {
        reject(new Error(`${shell} does not show "${text}", but "${beforeCursor()}"`));
      }, patience);
      look = () => {
        if (!isThere()) return;
        clearTimeout(giveUp);
        look = () => {};
        resolve();
      };
      look();
    });
  const press = (keys: string) => process.write(keys);
  press(`${source(command)}; printf 'rea%s\\n' dy\r`);
  await until('ready', () => hasLine('ready'));
  return {
    press,
    see: (text: string) => until(text, () => beforeCursor().endsWith(text)),
    async close() {
      // An interactive bash does not always go when its terminal does.
      process.kill('SIGKILL');
      await exited;
      emulator.dispose();
    },
  };
}
