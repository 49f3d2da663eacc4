import { spawn } from '@lydell/node-pty';
import { Terminal as Emulator } from '@xterm/headless';
import { watchModes } from './modes';
import { type Line, readScreen, textOf } from './screen';
import { exitCodeOn, prompt, type Seen, seenOf } from './seen';

/** A terminal of 80 columns with a shell in it, and someone before it. */
export interface Terminal {
  /** Types a command and looks on until it has ended, as in `finish`. */
  run(command: string, exitCode?: number): Promise<Seen>;
  /** Types a command. */
  start(command: string): Promise<void>;
  /** Presses keys, all of them at once. */
  press(keys: string): void;
  /** Looks on until the screen shows this; resolves to what else is on it. */
  see(what: RegExp): Promise<string>;
  /**
   * Looks on until the prompt is there again. Throws, with what is on the screen, if the command has ended with another exit
   * code (0 unless given) or has not left the terminal as it was.
   */
  finish(exitCode?: number): Promise<Seen>;
  /** What was too long of all commands that have ended: see `Seen`. */
  tooLong(): readonly string[];
  /** Every character that came by, also what was cleared since. */
  everything(): string;
  close(): Promise<void>;
}

/** Keys that have no character. */
export const keys = { enter: '\r', ctrlC: '\u0003', backspace: '\u007f' } as const;

/** What a shell says of a command that Ctrl-C has ended; npx says it whatever the command itself made of that. */
export const interrupted = 130;

/** How long anything may take until it is on the screen, in ms. */
const patience = 120_000;

/** Opens a terminal in a folder; the shell and its commands have this environment and no other. */
export function openTerminal(cwd: string, env: Readonly<Record<string, string>>): Terminal {
  const emulator = new Emulator({ cols: 80, rows: 40, scrollback: 20_000, allowProposedApi: true });
  const size = { cols: emulator.cols, rows: emulator.rows };
  const shell = spawn('/bin/sh', ['-i'], {
    ...size,
    cwd,
    name: 'xterm-256color',
    env: { ...env, PS1: prompt.asVariable, ENV: '' },
  });
  const lookers = new Set<() => void>();
  const leftBehind = watchModes(emulator);
  const tooLong: string[] = [];
  let everything = '';
  let typed = '';
  let ended = false;
  const exited = new Promise<void>((resolve) => {
    shell.onExit(() => {
      ended = true;
      resolve();
    });
  });
  // What a program asks the terminal for.
  emulator.onData((answer) => shell.write(answer));
  shell.onData((data) => {
    everything += data;
    emulator.write(data, () => {
      for (const look of lookers) look();
    });
  });

  /** Resolves to what `find` finds on the screen, as soon as it is there. */
  function look<T>(forWhat: string, find: (screen: readonly Line[]) => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const attempt = () => {
        const found = find(readScreen(emulator));
        if (found !== undefined) stop(() => resolve(found));
      };
      const giveUp = setTimeout(() => {
        const screen = textOf(readScreen(emulator));
        stop(() => reject(new Error(`${forWhat} did not appear on the screen:\n${screen}`)));
      }, patience);
      const stop = (settle: () => void) => {
        clearTimeout(giveUp);
        lookers.delete(attempt);
        settle();
      };
      lookers.add(attempt);
      attempt();
    });
  }

  const terminal: Terminal = {
    async run(command, exitCode) {
      await terminal.start(command);
      return terminal.finish(exitCode);
    },
    async start(command) {
      await look('the prompt', exitCodeOn);
      emulator.reset();
      typed = command;
      shell.write(command);
      // A terminal that a command has left without an echo would not show it.
      await look(`what was typed (${command})`, (screen) => textOf(screen).includes(command) || undefined);
      shell.write(keys.enter);
    },
    press: (pressed) => shell.write(pressed),
    see: (what) =>
      look(String(what), (screen) => {
        const text = textOf(screen);
        return what.test(text) ? text : undefined;
      }),
    async finish(exitCode = 0) {
      const screen = await look('the prompt', (now) => (exitCodeOn(now) === undefined ? undefined : now));
      const problems = leftBehind().map((what) => `it has left the terminal with ${what}`);
      if (exitCodeOn(screen) !== exitCode) problems.unshift(`it should have exited with ${exitCode}`);
      if (problems.length > 0) throw new Error(`${problems.join(', ')}:\n${textOf(screen)}`);
      const seen = seenOf(screen, typed);
      tooLong.push(...seen.tooLong);
      return seen;
    },
    tooLong: () => tooLong,
    everything: () => everything,
    async close() {
      // What still runs in it is told that its terminal has gone.
      if (!ended) shell.kill('SIGHUP');
      await exited;
      emulator.dispose();
    },
  };
  return terminal;
}
