import { text } from 'node:stream/consumers';
import { type Clock, systemClock } from 'duo-core';

/** All that a command touches besides Duo and AWS, so that a test can stand in for the operator. */
export interface World {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  print(text: string): void;
  complain(text: string): void;
  readStandardInput(): Promise<string>;
  /** Undefined where there is no terminal, as in a pipe or a script. */
  readonly ask: Ask | undefined;
}

/** Questions to the operator; `problem` says what is wrong with an answer, and then it is asked for again. */
export interface Ask {
  text(question: string, problem: (answer: string) => string | undefined): Promise<string>;
  /** The answer is not shown. */
  secret(question: string, problem: (answer: string) => string | undefined): Promise<string>;
  confirm(question: string): Promise<boolean>;
}

/** The world of this process. */
export function processWorld(ask: Ask): World {
  return {
    env: process.env,
    clock: systemClock,
    print: (line) => void process.stdout.write(line),
    complain: (line) => void process.stderr.write(line),
    readStandardInput: () => text(process.stdin),
    ask: process.stdin.isTTY && process.stdout.isTTY ? ask : undefined,
  };
}
