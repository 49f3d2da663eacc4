import { Readable } from 'node:stream';
import type { Clock } from 'duo-core';
import { fakeClock, noon } from 'duo-simulator';
import type { Ask } from '../../src/operator/world';
import { run } from '../../src/run';
import { holdToSchema } from './json-schema';

export { noon };

/** What an operator has typed, beside the command itself. */
export interface Typed {
  readonly env?: NodeJS.ProcessEnv;
  readonly standardInput?: string | Buffer;
  readonly ask?: Ask;
  readonly now?: number;
  /** Instead of one that stands still at `now`. */
  readonly clock?: Clock;
  /** Whether the operator looks at a screen with colours. */
  readonly screen?: boolean;
  /** Is handed what a Ctrl-C does. */
  readonly onInterrupt?: (stop: () => void) => void;
  /** How wide the terminal is. */
  readonly columns?: number;
}

/**
 * Runs a command as the operator does, given as it is typed, or as its arguments where one of them has spaces; resolves to its exit code
 * and what it printed. What is JSON has to keep to its schema.
 */
export async function duo(command: string | readonly string[], typed: Typed = {}) {
  const said = { out: '', err: '' };
  const args = typeof command !== 'string' ? command : command === '' ? [] : command.split(' ');
  const exitCode = await run(args, {
    env: { AWS_REGION: 'eu-west-1', ...typed.env },
    clock: typed.clock ?? fakeClock(typed.now ?? noon),
    print(text) {
      said.out += text;
    },
    complain(text) {
      said.err += text;
    },
    readStandardInput: async () => String(typed.standardInput ?? ''),
    standardInput: Readable.from([Buffer.from(typed.standardInput ?? '')]),
    ask: typed.ask,
    screen: typed.screen ?? false,
    colours: typed.screen ?? false,
    columns: typed.columns,
    screenColumns: typed.screen ? typed.columns : undefined,
    ...(typed.onInterrupt && { onInterrupt: typed.onInterrupt }),
  });
  holdToSchema(args, exitCode, said.out);
  return { exitCode, ...said };
}

/** An operator who answers each question as given; an answer that is refused is an error. */
export function answers(by: Readonly<Record<string, string | boolean>>): Ask {
  const answer = async (question: string, problem: (answer: string) => string | undefined) => {
    const given = String(by[question]);
    const wrong = problem(given);
    if (wrong !== undefined) throw new Error(`asked again: ${wrong}`);
    return given;
  };
  return { text: answer, secret: answer, confirm: async (question) => by[question] === true };
}
