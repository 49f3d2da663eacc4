import { stripVTControlCharacters } from 'node:util';

/**
 * A text in lines of at most `width` characters, whatever their colours. A word that is longer has a line for itself, and so has a
 * command: it is to be pasted in one piece.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  const whole = text.replace(pasted, (one) => one.replaceAll(' ', '\0'));
  for (const [, space = '', word = ''] of whole.matchAll(/(\s*)(\S+)/g)) {
    const line = lines.at(-1);
    // Columns stay columns.
    const gap = /^ +$/.test(space) ? space : ' ';
    if (line !== undefined && sizeOf(`${line}${gap}${word}`) <= width)
      lines[lines.length - 1] = `${line}${gap}${word}`;
    else lines.push(word);
  }
  return lines.map((line) => line.replaceAll('\0', ' '));
}

/**
 * Wraps those lines of a text that are longer than `width`, each with the indent that it has; where there is no width, as in a
 * pipe, none is. A line of JSON is not wrapped either: it is for a program, wherever it comes by.
 */
export function wrapLines(text: string, width: number | undefined): string {
  if (width === undefined) return text;
  return text
    .split('\n')
    .flatMap((line) => {
      if (sizeOf(line) <= width || json.test(line)) return [line];
      const [indent = ''] = /^ */.exec(line) ?? [];
      return wrap(line, width - indent.length).map((part) => `${indent}${part}`);
    })
    .join('\n');
}

/** How many columns it takes. */
function sizeOf(line: string): number {
  return stripVTControlCharacters(line.replaceAll('\0', ' ')).length;
}

/** How a line of JSON begins: an object, a list, or a member where they stand one below the other. */
const json = /^\s*(?:[[{]|"[^"]*": )/;

/** A command, up to where the sentence goes on, or options with their values. */
const pasted =
  /(?<![^\s(])(?:(?:npx|aws|duo-logs) .*?(?:[.,;:)](?=\s|$)|$)|--[a-z-]+ [^\s-]\S*(?: --[a-z-]+ [^\s-]\S*)*)/gm;
