import { type Line, textOf } from './screen';

/** What is to be seen of a command that has ended. */
export interface Seen {
  /** All that it printed and that is still on the screen or above it. */
  readonly text: string;
  /** The same as one line: an error is broken where the terminal ends. */
  readonly said: string;
  /** Its lines that are longer than the terminal is wide, but for those that may be; see `mayBeLong`. */
  readonly tooLong: readonly string[];
  /** Its lines with a colour. */
  readonly coloured: readonly string[];
}

/** The shell's prompt, which says how the last command has ended. */
export const prompt = { asVariable: '[$?] $ ', pattern: /\[(\d+)\] \$$/ } as const;

/** The exit code that the prompt at the end of the screen shows; undefined while a command is running. */
export function exitCodeOn(screen: readonly Line[]): number | undefined {
  const code = prompt.pattern.exec(screen.at(-1)?.text ?? '')?.[1];
  return code === undefined ? undefined : Number(code);
}

/** Sums up a command that was typed on an empty screen and has ended there. */
export function seenOf(screen: readonly Line[], typed: string): Seen {
  const output = outputOf(screen, typed);
  const text = textOf(output).trim();
  return {
    text,
    said: text.replaceAll(/\s+/g, ' '),
    tooLong: output
      .filter(({ rows }) => rows > 1)
      .map(({ text }) => text)
      .filter((line) => !mayBeLong.some((form) => form.test(line))),
    coloured: output.filter(({ styled }) => styled).map(({ text }) => text),
  };
}

/** What is not to be broken: a command, which is pasted in one piece; the name of an object, alone; records and JSON. And what the AWS SDK says by itself. */
const mayBeLong = [/^ *(?:aws|npx) /, /^ *\S+\/\S+$/, /^ *[[{]/, /static credentials/];

/** What the command itself printed: neither what was typed, nor the line with which pnpm begins a script, nor the next prompt. */
function outputOf(screen: readonly Line[], typed: string): Line[] {
  const announced = screen.findIndex(({ text }) => text.startsWith('$ tsx '));
  // A command may have cleared the screen of both.
  const begun = Math.max(announced, screen[0]?.text === typed ? 0 : -1) + 1;
  return screen.slice(begun).map((line) => ({ ...line, text: line.text.replace(prompt.pattern, '') }));
}
