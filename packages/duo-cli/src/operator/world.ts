import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type Clock, printable, systemClock } from 'duo-core';
import { type Piece, rendered } from './piece';

/** All that this process has besides Duo and AWS, so that a test can stand in for the operator. */
export interface Outside {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Writes as it is what is asked for, `complain` what is said beside it. */
  print(text: string): void;
  complain(text: string): void;
  readStandardInput(): Promise<string>;
  /** The same bytes, for what may be too large to be held in memory. */
  readonly standardInput: Readable;
  /** Undefined where there is no terminal, as in a pipe or a script. */
  readonly ask: Ask | undefined;
  /** Whether what is printed appears on a screen, which can be cleared. */
  readonly screen: boolean;
  /** Whether that screen has colours and `NO_COLOR` does not forbid them. */
  readonly colours: boolean;
  /** How wide the terminal is that `complain` writes to; undefined where it is none. */
  readonly columns?: number | undefined;
  /** The same of `print`. */
  readonly screenColumns?: number | undefined;
  /** Calls this each second until what is returned is called; a process may end meanwhile. */
  everySecond?(call: () => void): () => void;
  /** From now on the first Ctrl-C calls this instead of ending the process; the second one ends it. */
  onInterrupt?(stop: () => void): void;
}

/** All that a command touches besides Duo and AWS: texts of others do nothing to the terminal that they are printed on. */
export interface World extends Omit<Outside, 'print' | 'complain'> {
  print(...pieces: readonly Piece[]): void;
  complain(...pieces: readonly Piece[]): void;
}

/**
 * The world of a command, which may change `env`. Whatever a command says or asks leaves through here, and is broken into lines
 * where a terminal ends; see `wrapLines` for what is not.
 */
export function worldOf(outside: Outside, env: NodeJS.ProcessEnv): World {
  const { ask, colours, columns, screenColumns } = outside;
  return {
    ...outside,
    env,
    print: (...pieces) => outside.print(rendered(pieces, colours, screenColumns)),
    complain: (...pieces) => outside.complain(rendered(pieces, colours, columns)),
    ask: ask && {
      text: (question, problem) => ask.text(printable(question), problem),
      secret: (question, problem) => ask.secret(printable(question), problem),
      confirm: (question) => ask.confirm(printable(question)),
    },
  };
}

/** Questions to the operator; `problem` says what is wrong with an answer, and then it is asked for again. */
export interface Ask {
  text(question: string, problem: (answer: string) => string | undefined): Promise<string>;
  /** The answer is not shown. */
  secret(question: string, problem: (answer: string) => string | undefined): Promise<string>;
  confirm(question: string): Promise<boolean>;
}

/** What this process has. */
export function thisProcess(ask: Ask): Outside {
  return {
    env: process.env,
    clock: systemClock,
    print: (line) => void process.stdout.write(line),
    complain: (line) => void process.stderr.write(line),
    readStandardInput: () => text(process.stdin),
    standardInput: process.stdin,
    ask: process.stdin.isTTY && process.stdout.isTTY ? ask : undefined,
    columns: process.stderr.columns,
    screenColumns: process.stdout.columns,
    everySecond(call) {
      const timer = setInterval(call, 1_000).unref();
      return () => clearInterval(timer);
    },
    onInterrupt: (stop) => void process.once('SIGINT', stop),
    screen: process.stdout.isTTY,
    colours: process.stdout.isTTY && process.stdout.hasColors(),
  };
}
