/**
 * A text in lines of at most `width` characters. A word that is longer has a line for itself, and so has a command: it is to
 * be pasted in one piece.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  const whole = text.replace(pasted, (one) => one.replaceAll(' ', '\0'));
  for (const word of whole.split(/\s+/)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => line.replaceAll('\0', ' '));
}

/** Wraps those lines of a text that are longer than `width`; where there is no width, as in a pipe, none is. */
export function wrapLines(text: string, width: number | undefined): string {
  if (width === undefined) return text;
  return text
    .split('\n')
    .flatMap((line) => (line.length <= width ? [line] : wrap(line, width)))
    .join('\n');
}

/** A command, up to where the sentence goes on, or options with their values. */
const pasted =
  /(?<![^\s(])(?:(?:npx|aws|duo-logs) .*?(?:[.,;:)](?=\s|$)|$)|--[a-z-]+ [^\s-]\S*(?: --[a-z-]+ [^\s-]\S*)*)/gm;
